"""The notices for the user, newest last, which front ends read at their own pace."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_KEPT = 500
REPEAT_AFTER_S = 5.0
"""Seconds in which a repeated problem, such as a service that refuses every block of audio, gives
one notice only."""


@dataclass(frozen=True, slots=True)
class LoggedNotice:
    """A notice with the tab that it belongs to.

    text, cure: as in `protocol.commands.Notice`. key: the key of the tab, empty for a notice of the
    engine.
    """

    level: Literal["info", "warning", "error"]
    text: str
    key: str = ""
    cure: str = ""


class NoticeLog:
    """A bounded list of notices. The engine's thread writes it, and any thread may read it. clock:
    seconds, monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._serial = 0
        self._put_s = 0.0
        self._notices: deque[tuple[int, LoggedNotice]] = deque(maxlen=_KEPT)

    def put(self, notice: LoggedNotice) -> None:
        """Add a notice, unless it is a warning or error that repeats the newest one within
        `REPEAT_AFTER_S`. An answer to a key is given at every press of it."""
        now_s = self._clock()
        with self._lock:
            again = (
                bool(self._notices)
                and self._notices[-1][1] == notice
                and now_s - self._put_s < REPEAT_AFTER_S
            )
            if again and notice.level != "info":
                return
            self._put_s = now_s
            self._serial += 1
            self._notices.append((self._serial, notice))

    def after(self, serial: int) -> tuple[tuple[int, LoggedNotice], ...]:
        """The notices with a higher serial number. Numbers begin at 1."""
        with self._lock:
            if not self._notices or self._notices[-1][0] <= serial:
                return ()
            return tuple(entry for entry in self._notices if entry[0] > serial)
