"""The one timer of a connection, set from the time at which its conversation has something to
do."""

import asyncio
from collections.abc import Callable


class TickTimer:
    """Calls `tick` in the event loop in which it was set."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._timer: asyncio.TimerHandle | None = None
        self._due_s: float | None = None

    def set(self, due_s: float | None, now: float) -> None:
        """Call `tick` at this time instead of the time set before; None for not at all. Times are
        in seconds on the caller's clock."""
        if due_s == self._due_s:
            return
        self.cancel()
        if due_s is not None:
            self._due_s = due_s
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(loop.time() + max(0.0, due_s - now), self._expired)

    def cancel(self) -> None:
        """Do not call `tick`."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._due_s = None

    def _expired(self) -> None:
        # The loop's clock may be ahead of the caller's by its resolution. The caller finds nothing
        # due then, and sets the same time again.
        self._timer = self._due_s = None
        self._tick()
