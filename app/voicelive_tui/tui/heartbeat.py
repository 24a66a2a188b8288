"""The heartbeat of the console: at most 12 beats a second, and none while nothing changes.

Invariant: a beat that follows a call of `wake` always comes, within one period. While the heart
beats, `wake` only sets a flag; only the first `wake` of a resting heart passes a call to the loop.
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
        self._resting = False
        self._alarm: asyncio.TimerHandle | None = None
        self._timer = app.set_interval(1 / HEARTBEAT_HZ, self._tick)

    def wake(self) -> None:
        """Beat soon, because something may have changed. For any thread."""
        # `_rest` sets and reads the two flags in the opposite order, so that one of both threads
        # sees what the other one did.
        self._woken = True
        if self._resting:
            self._resting = False
            try:
                self._loop.call_soon_threadsafe(self._resume)
            except RuntimeError:
                _log.debug("the console has ended already")

    def _tick(self) -> None:
        self._woken = False
        rest_s = self._beat()
        if rest_s > 1 / HEARTBEAT_HZ:
            self._rest(rest_s)

    def _rest(self, rest_s: float) -> None:
        self._resting = True
        if self._woken:
            self._resting = False
            return
        self._timer.pause()
        if rest_s < float("inf"):
            self._alarm = self._loop.call_later(rest_s, self._resume)

    def _resume(self) -> None:
        self._resting = False
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._timer.resume()
