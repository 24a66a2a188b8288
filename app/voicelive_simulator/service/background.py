"""Runs long work in threads, so that other sessions are not blocked. Running functions are counted,
also when nobody waits for them any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class BackgroundWork:
    """Runs functions in threads. `finished` is called on the event loop after each of them.

    When a waiting task is cancelled, its function goes on running and keeps the memory that it
    works on. The threads change `running`, so a lock guards it.
    """

    def __init__(self) -> None:
        self.finished: Callable[[], None] = _nothing
        self._running = 0
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        """The number of functions running now."""
        with self._lock:
            return self._running

    async def run(self, work: Callable[[], T]) -> T:
        """Call `work` in a thread and return its result. Raises what it raises."""
        loop = asyncio.get_running_loop()
        # The thread empties the list, so that everything `work` refers to is freed when `finished`
        # is called.
        waiting = [work]
        del work

        def counted() -> T:
            with self._lock:
                self._running += 1
            try:
                return waiting.pop()()
            finally:
                with self._lock:
                    self._running -= 1
                with suppress(RuntimeError):  # the loop is closed, so nobody needs to be told
                    loop.call_soon_threadsafe(self._finish)

        return await loop.run_in_executor(None, counted)

    def _finish(self) -> None:
        self.finished()


def _nothing() -> None:
    pass
