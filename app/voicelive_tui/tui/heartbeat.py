"""The heartbeat of the console: at most 12 beats a second, and none while nothing changes.

Invariant: a beat follows every call of `wake`, within one period. While beats come regularly,
`wake` only sets a flag; only the first `wake` of a pause passes a call to the loop.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from textual.app import App

HEARTBEAT_HZ = 12

_log = logging.getLogger(__name__)


class Heartbeat:
    """Calls `beat` in the app's loop. beat: returns the seconds in which the screen will change by
    itself, such as a clock that shows seconds; infinity if it never will, and 0 to go on beating.
    """

    def __init__(self, app: App[Any], beat: Callable[[], float]) -> None:
        self._beat = beat
        self._loop = asyncio.get_running_loop()
        self._woken = False
        self._paused = False
        self._wake_timer: asyncio.TimerHandle | None = None
        self._timer = app.set_interval(1 / HEARTBEAT_HZ, self._tick)

    def wake(self) -> None:
        """Beat soon, because something may have changed. For any thread."""
        # `_pause` sets and reads the two flags in the opposite order, so that one of both threads
        # sees what the other one did.
        self._woken = True
        if self._paused:
            self._paused = False
            try:
                self._loop.call_soon_threadsafe(self._resume)
            except RuntimeError:
                _log.debug("the console has ended already")

    def _tick(self) -> None:
        self._woken = False
        rest_s = self._beat()
        if rest_s > 1 / HEARTBEAT_HZ:
            self._pause(rest_s)

    def _pause(self, rest_s: float) -> None:
        self._paused = True
        if self._woken:
            self._paused = False
            return
        self._timer.pause()
        if rest_s < float("inf"):
            self._wake_timer = self._loop.call_later(rest_s, self._resume)

    def _resume(self) -> None:
        self._paused = False
        if self._wake_timer is not None:
            self._wake_timer.cancel()
            self._wake_timer = None
        self._timer.resume()
