"""What waits to be sent, in order, when the server reads too slowly.

Invariant: only microphone audio is ever given up, oldest first, only while the socket takes nothing, and every block given up is
counted. A burst of blocks after a moment in which this machine was busy is sent whole.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

AUDIO_LIMIT_MS = 2_000
OTHERS_LIMIT = 4_096


class SendBufferFull(Exception):
    """So many events wait that the server cannot be reading any more."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    payload: T
    audio_ms: int


class SendBuffer(Generic[T]):
    """A bounded queue between one event loop's producers and its sender."""

    def __init__(self, *, audio_limit_ms: int = AUDIO_LIMIT_MS, others_limit: int = OTHERS_LIMIT) -> None:
        self._waiting: deque[_Waiting[T]] = deque()
        self._audio_limit_ms = audio_limit_ms
        self._others_limit = others_limit
        self._audio_ms = 0
        self._others = 0
        self._filled = asyncio.Event()
        self._writing = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, payload: T, *, audio_ms: int = 0) -> int:
        """Queue it; `audio_ms` marks microphone audio. How many older audio blocks were given up for it.

        Raises OutboxFull when too much else waits.
        """
        if not audio_ms:
            if self._others >= self._others_limit:
                raise SendBufferFull
            self._others += 1
        self._waiting.append(_Waiting(payload, audio_ms))
        self._audio_ms += audio_ms
        self._filled.set()
        dropped = 0
        while self._writing and self._audio_ms > self._audio_limit_ms:
            dropped += self._drop_oldest_audio()
        return dropped

    async def get(self) -> T:
        """The next payload, as soon as there is one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        waiting = self._waiting.popleft()
        self._audio_ms -= waiting.audio_ms
        if not waiting.audio_ms:
            self._others -= 1
        return waiting.payload

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While the sender waits for the socket to take what it took from here."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _drop_oldest_audio(self) -> int:
        for position, waiting in enumerate(self._waiting):
            if waiting.audio_ms:
                self._audio_ms -= waiting.audio_ms
                del self._waiting[position]
                return 1
        return 0
