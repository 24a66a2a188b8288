"""The queue of events for the service, in order. When the service reads too slowly, the oldest
microphone audio is dropped.

Invariant: only microphone audio is dropped, oldest first, only while the socket accepts nothing,
and every dropped block is counted. A burst of blocks after a moment in which this machine was busy
is sent as a whole.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.events.record import Local
from voicelive_tui.model.formats import BLOCK_MS
from voicelive_tui.model.notice import Notice

AUDIO_LIMIT_MS = 2_000
OTHERS_LIMIT = 4_096
STUCK_CURE = "{session.toggle} ends the session."


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that waits for the socket.

    audio: the microphone block that the event holds as base64, None for any other event.
    captured_at_s: when the last sample of that block was heard; None for silence in its place.
    """

    event: Mapping[str, Any]
    audio: bytes | None = None
    captured_at_s: float | None = None

    @property
    def audio_ms(self) -> int:
        """The length of the event's microphone audio in milliseconds."""
        return 0 if self.audio is None else BLOCK_MS


class SendQueue:
    """A bounded queue between one session's producers and its sender, all in one event loop.

    append_local: keeps a local event of this type, time and fields. show: gets a notice when an
    event cannot be sent.
    """

    def __init__(
        self,
        append_local: Callable[..., None],
        show: Callable[[Notice], None],
        *,
        audio_limit_ms: int = AUDIO_LIMIT_MS,
        others_limit: int = OTHERS_LIMIT,
    ) -> None:
        self._append_local = append_local
        self._show = show
        self._waiting: deque[Outgoing] = deque()
        self._audio_limit_ms = audio_limit_ms
        self._others_limit = others_limit
        self._audio_ms = 0
        self._others = 0
        self._filled = asyncio.Event()
        self._writing = False

    def __len__(self) -> int:
        return len(self._waiting)

    def unsent(self) -> list[Mapping[str, Any]]:
        """The events that wait, in order, without microphone audio."""
        return [outgoing.event for outgoing in self._waiting if outgoing.audio is None]

    def send(self, event: Mapping[str, Any]) -> None:
        """Queue an event. When so many events wait that the service must have stopped reading, the
        event is refused with a notice."""
        if self._others >= self._others_limit:
            text = f"The service reads nothing any more, so {event['type']} was not sent."
            self._show(Notice("error", text, STUCK_CURE))
            return
        self._others += 1
        self._put(Outgoing(event))

    def send_block(
        self, event: Mapping[str, Any], audio: bytes, captured_at_s: float | None
    ) -> bool:
        """Queue an event that holds this block of microphone audio. Returns whether older blocks
        were dropped for it."""
        self._audio_ms += BLOCK_MS
        self._put(Outgoing(event, audio, captured_at_s))
        dropped = 0
        while self._writing and self._audio_ms > self._audio_limit_ms:
            self._drop_oldest_audio()
            dropped += 1
        if dropped:
            self._append_local(
                Local.DROPPED, time.perf_counter(), blocks=dropped, what="microphone"
            )
        return dropped > 0

    async def get(self) -> Outgoing:
        """Wait for the next event and take it."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        outgoing = self._waiting.popleft()
        self._audio_ms -= outgoing.audio_ms
        if not outgoing.audio_ms:
            self._others -= 1
        return outgoing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A context in which the sender waits for the socket. Audio is dropped only within it."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _put(self, outgoing: Outgoing) -> None:
        self._waiting.append(outgoing)
        self._filled.set()

    def _drop_oldest_audio(self) -> None:
        position = next(
            position for position, outgoing in enumerate(self._waiting) if outgoing.audio_ms
        )
        self._audio_ms -= self._waiting[position].audio_ms
        del self._waiting[position]
