"""The notices for the user, newest last, which front ends read at their own pace."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from voicelive_common.redaction.redact import redact

from voicelive_tui.model.notice import Notice

_KEPT = 500
REPEAT_AFTER_S = 5.0
"""Seconds in which a repeated problem, such as a service that refuses every block of audio, gives
one notice only."""


@dataclass(frozen=True, slots=True)
class LoggedNotice(Notice):
    """A notice with the tab that it belongs to. key: the tab's, empty for a notice of the engine.
    attempt: which start of the tab's session it is about, 0 before the first one. at_s: when it was
    given, on the engine's clock."""

    key: str = ""
    attempt: int = 0
    at_s: float = field(default=0.0, compare=False)


class NoticeLog:
    """A bounded list of notices. The engine's thread writes it, and any thread may read it. clock:
    seconds, the engine's."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._serial = 0
        self._put_s = 0.0
        self._notices: deque[tuple[int, LoggedNotice]] = deque(maxlen=_KEPT)

    def put(
        self, notice: Notice, key: str = "", attempt: int = 0, *, answers_key: bool = False
    ) -> None:
        """Add a notice without its secrets, unless it is a warning or error that repeats the newest
        one within `REPEAT_AFTER_S`. An answer to a key is given at every press of it: `answers_key`
        says that a warning or error is one. key, attempt: as in `LoggedNotice`."""
        now_s = self._clock()
        over = tuple(map(redact, notice.over))
        logged = LoggedNotice(
            notice.level, redact(notice.text), notice.cure, over, key, attempt, now_s
        )
        with self._lock:
            again = (
                bool(self._notices)
                and self._notices[-1][1] == logged
                and now_s - self._put_s < REPEAT_AFTER_S
            )
            if again and notice.level != "info" and not answers_key:
                return
            self._put_s = now_s
            self._serial += 1
            self._notices.append((self._serial, logged))

    def after(self, serial: int) -> tuple[tuple[int, LoggedNotice], ...]:
        """The notices with a higher serial number. Numbers begin at 1."""
        with self._lock:
            if not self._notices or self._notices[-1][0] <= serial:
                return ()
            return tuple(entry for entry in self._notices if entry[0] > serial)
