"""An open socket whose frames are journaled.

Invariant: every received frame is journaled before anything interprets it, and every sent frame
before the socket has it. The audio of a received frame is decoded here, once, for the journal and
the conversation alike.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.engine.session.send_queue import Outgoing
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.model.events.audio_field import decode_audio
from voicelive_tui.net.transport import Transport
from voicelive_tui.protocol.wire import Malformed, decode, encode


@dataclass(frozen=True, slots=True)
class Received:
    """A frame of the service, decoded.

    audio: the decoded base64 of the event; None for an event without any, and for base64 that is
    not valid. at_s: when the frame came, on `time.perf_counter`.
    """

    event: Mapping[str, Any] | Malformed
    audio: bytes | None
    at_s: float


class JournaledTransport:
    """An open socket that one task reads and another one writes."""

    def __init__(self, transport: Transport, log: SessionLog) -> None:
        self._transport = transport
        self._log = log

    async def receive(self) -> Received:
        """The next frame. Raises Closed."""
        frame = await self._transport.receive()
        now = time.perf_counter()
        decoded = decode(frame)
        standard = not isinstance(decoded, Malformed)
        event = decoded.event if isinstance(decoded, Malformed) else decoded
        audio = decode_audio(event)
        self._log.append_frame(
            "received", frame, event or None, now, audio=audio, standard=standard
        )
        return Received(decoded, audio, now)

    async def send(self, outgoing: Outgoing) -> None:
        """Write an event; waits while the service does not read. Raises Closed; EncodeError, with
        one sentence, for an event that JSON cannot carry."""
        raw = encode(outgoing.event)
        self._log.append_frame(
            "sent", raw, outgoing.event, time.perf_counter(), audio=outgoing.audio
        )
        await self._transport.send(raw)
        if outgoing.captured_at_s is not None:
            self._log.block_sent(outgoing.captured_at_s, time.perf_counter())

    async def close(self) -> None:
        """Close the socket with the close code 1000, and wait a short time for the answer."""
        await self._transport.close(1000)

    def abort(self) -> None:
        """Drop the socket without a close frame."""
        self._transport.abort()
