"""The flushes that the audio process has not answered.

Invariant: the audio process answers in the order of its work. One answer may stand for several
flushes.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from voicelive_tui.audio.ipc.messages import Flushed
from voicelive_tui.engine.audio.requirements import AudioListener
from voicelive_tui.model.events.record import FlushReason


class FlushQueue:
    """The sessions' flushes by epoch, and the barrier: a flush of the router itself, for which it
    waits."""

    def __init__(self) -> None:
        self._flushes: deque[tuple[int, AudioListener, FlushReason]] = deque()
        self._barrier: tuple[int, asyncio.Future[None]] | None = None

    def put(self, epoch: int, listener: AudioListener, reason: FlushReason) -> None:
        """Note a flush of a session."""
        self._flushes.append((epoch, listener, reason))

    async def pass_barrier(self, epoch: int, within_s: float) -> None:
        """Wait for the answer to the flush of this epoch. Raises TimeoutError."""
        done = asyncio.get_running_loop().create_future()
        self._barrier = (epoch, done)
        try:
            async with asyncio.timeout(within_s):
                await done
        finally:
            self._barrier = None

    @property
    def at_barrier(self) -> bool:
        """Whether the router waits at the barrier."""
        return self._barrier is not None

    def answered(self, message: Flushed) -> Iterator[tuple[AudioListener, Flushed, FlushReason]]:
        """The sessions' flushes that this message answers, each with its answer. None if it answers
        the barrier, or if it came without a flush."""
        if self._barrier is not None and self._barrier[0] == message.epoch:
            if not self._barrier[1].done():
                self._barrier[1].set_result(None)
            return
        while self._flushes and self._flushes[0][0] <= message.epoch:
            _, listener, reason = self._flushes.popleft()
            yield listener, message, reason
            # The parts belong to the first flush; the others found nothing to cut off.
            message = replace(message, parts=())
