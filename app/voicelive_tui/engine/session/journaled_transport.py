"""An open socket whose frames are journaled.

Invariant: every received frame is journaled before anything interprets it, and every sent frame
before the socket has it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicelive_tui.engine.session.send_queue import Outgoing
from voicelive_tui.engine.session.session_log import SessionLog
from voicelive_tui.net.transport import Transport
from voicelive_tui.protocol.wire import Malformed, decode, encode


@dataclass(frozen=True, slots=True)
class Received:
    """A frame of the service, decoded. at_s: when it came, on `time.perf_counter`."""

    event: Mapping[str, Any] | Malformed
    at_s: float


class JournaledTransport:
    """One task receives, one sends."""

    def __init__(self, transport: Transport, log: SessionLog) -> None:
        self._transport = transport
        self._log = log

    async def receive(self) -> Received:
        """The next frame. Raises Closed."""
        frame = await self._transport.receive()
        now = time.perf_counter()
        event = decode(frame)
        if isinstance(event, Malformed):
            self._log.append_frame("received", frame, event.event or None, now, standard=False)
        else:
            self._log.append_frame("received", frame, event, now)
        return Received(event, now)

    async def send(self, outgoing: Outgoing) -> None:
        """Write an event; waits while the service does not read. Raises Closed; EncodeError, with
        one sentence, for an event that JSON cannot carry."""
        raw = encode(outgoing.event)
        self._log.append_frame("sent", raw, outgoing.event, time.perf_counter())
        await self._transport.send(raw)
        if outgoing.captured_at_s is not None:
            self._log.block_sent(outgoing.captured_at_s, time.perf_counter())

    async def close(self) -> None:
        """Say goodbye with 1000, and wait for the answer for a short time."""
        await self._transport.close(1000)

    def abort(self) -> None:
        """Drop the socket without a goodbye."""
        self._transport.abort()
