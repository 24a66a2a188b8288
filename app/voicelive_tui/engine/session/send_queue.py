"""What goes to the service, in order; when the service reads too slowly, the oldest microphone audio is given up."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.record import Local
from voicelive_tui.net.send_buffer import SendBuffer, SendBufferFull

BLOCK_MS = 20


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that waits for the socket; captured_at_s: of microphone audio, when its last frame was heard."""

    event: Mapping[str, Any]
    captured_at_s: float | None = None


class SendQueue:
    """`fact` keeps a fact of this type, time and fields; `complain` gets a sentence when an event cannot be sent."""

    def __init__(self, fact: Callable[..., None], complain: Callable[[str], None]) -> None:
        self._fact = fact
        self._complain = complain
        self._buffer: SendBuffer[Outgoing] = SendBuffer()

    async def get(self) -> Outgoing:
        """The next one, as soon as there is one."""
        return await self._buffer.get()

    def writing(self) -> AbstractContextManager[None]:
        """While the sender waits for the socket: only then is audio given up."""
        return self._buffer.writing()

    def send(self, event: Mapping[str, Any]) -> None:
        """Queue an event."""
        try:
            self._buffer.put(Outgoing(event))
        except SendBufferFull:
            self._complain(f"The service reads nothing any more, so {event['type']} was not sent; press s to end the session.")

    def send_block(self, event: Mapping[str, Any], captured_at_s: float | None) -> bool:
        """Queue 20 ms of microphone; whether older ones had to go for it."""
        dropped = self._buffer.put(Outgoing(event, captured_at_s), audio_ms=BLOCK_MS)
        if dropped:
            self._fact(Local.DROPPED, time.perf_counter(), blocks=dropped, what="microphone")
        return dropped > 0
