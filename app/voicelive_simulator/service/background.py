"""Long work in threads, so that other sessions go on talking. What runs is counted, also when
nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class BackgroundWork:
    """Runs functions in threads. `finished` is called on the event loop after each of them.

    A task that is cancelled while it waits leaves its function running, and with it the memory that
    the function works on. The threads change `running`, which is why there is a lock.
    """

    def __init__(self) -> None:
        self.finished: Callable[[], None] = _nothing
        self._running = 0
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        """How many functions run now."""
        with self._lock:
            return self._running

    async def run(self, work: Callable[[], T]) -> T:
        """Call `work` in a thread and return what it returns. Raises what it raises."""
        loop = asyncio.get_running_loop()
        # Emptied by the thread: what `work` holds on to is free when `finished` is called.
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
                with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
                    loop.call_soon_threadsafe(self._finish)

        return await loop.run_in_executor(None, counted)

    def _finish(self) -> None:
        self.finished()


def _nothing() -> None:
    pass
