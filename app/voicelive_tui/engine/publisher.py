"""The snapshot that front ends read. It is replaced as a whole, at most thirty times a second.

Invariant: `publish` runs in the engine's thread only; a reader gets a complete snapshot without a
lock.
"""

import asyncio
import threading
import time
from collections.abc import Callable

from voicelive_tui.model.session.snapshot import EngineSnapshot

PERIOD_S = 1 / 30
LEVELS_PERIOD_S = 1 / 15


class Publisher:
    """Publishes snapshots. compose: makes the snapshot with this revision number."""

    def __init__(self, compose: Callable[[int], EngineSnapshot]) -> None:
        self._compose = compose
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._published_s = 0.0
        self._due_s = 0.0
        self._listener: Callable[[], None] = _ignore
        self.snapshot = EngineSnapshot()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Publish changes from this loop from now on."""
        self._loop = loop

    def detach(self) -> None:
        """Stop publishing, because the loop is closed."""
        self._loop = None

    def mark_changed(self) -> None:
        """Note that something changed that a user should see soon."""
        self._schedule(PERIOD_S)

    def levels_moved(self) -> None:
        """Note that only the meters changed, for which half the rate is enough."""
        self._schedule(LEVELS_PERIOD_S)

    @property
    def due_s(self) -> float | None:
        """When the next snapshot will be published, on `perf_counter`; None while nothing has
        changed."""
        return self._due_s if self._timer is not None else None

    def publish(self) -> None:
        """Publish a snapshot now, because the engine is about to end or a test waits for it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._published_s = time.perf_counter()
        snapshot = self._compose(self.snapshot.revision + 1)
        with self._changed:
            self.snapshot = snapshot
            self._changed.notify_all()
        self.call_listener()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call this function after each snapshot, in the thread that publishes it; None ends
        that. It must not block and raise nothing."""
        self._listener = listener or _ignore

    def call_listener(self) -> None:
        """Tell the listener that there is something new, such as a notice, beside a snapshot. For
        any thread."""
        self._listener()

    def wait(self, revision: int, timeout_s: float) -> int:
        """Wait, in any other thread, until there is a revision above this one or the time is over.
        Returns the newest revision."""
        with self._changed:
            self._changed.wait_for(lambda: self.snapshot.revision > revision, timeout_s)
            return self.snapshot.revision

    def _schedule(self, period_s: float) -> None:
        if self._loop is None:
            return
        due_s = self._published_s + period_s
        if self._timer is not None:
            if self._due_s <= due_s:
                return
            self._timer.cancel()
        self._due_s = due_s
        self._timer = self._loop.call_later(max(0.0, due_s - time.perf_counter()), self.publish)


def _ignore() -> None:
    """No one listens."""
