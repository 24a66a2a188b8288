"""The notices of this run of the program: those of the engine and the screen's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicelive_tui.model.notice import NoticeLevel

MOST_NOTICES = 500


@dataclass(frozen=True, slots=True)
class PastNotice:
    """A notice that was given once or several times. at: the time of the last one, as shown. key:
    the tab that it is about, empty if it is about none."""

    serial: int
    level: NoticeLevel
    text: str
    at: str = ""
    key: str = ""
    count: int = 1


class NoticeHistory:
    """The last notices, without repetitions: the same text again is counted, and becomes the newest
    one."""

    def __init__(self, most: int = MOST_NOTICES) -> None:
        self._most = most
        self._serial = 0
        self._read_serial = 0
        self._notices: dict[str, PastNotice] = {}

    @property
    def serial(self) -> int:
        """The number of notices that were added, which tells whether anything has changed."""
        return self._serial

    def add(self, level: NoticeLevel, text: str, *, at: str = "", key: str = "") -> None:
        """Add a notice. at, key: as in `PastNotice`."""
        self._serial += 1
        before = self._notices.pop(text, None)
        new = PastNotice(self._serial, level, text, at, key)
        self._notices[text] = replace(new, count=before.count + 1) if before else new
        if len(self._notices) > self._most:
            del self._notices[next(iter(self._notices))]

    def newest_first(self) -> Sequence[PastNotice]:
        """All notices that are kept."""
        return tuple(reversed(self._notices.values()))

    def mark_read(self) -> None:
        """Note that the user has seen the list of all notices."""
        self._read_serial = self._serial

    def unread(self) -> tuple[int, int]:
        """The number of warnings and errors since `mark_read`, and how many of them are errors."""
        levels = [
            notice.level
            for notice in self._notices.values()
            if notice.serial > self._read_serial and notice.level != "info"
        ]
        return len(levels), levels.count("error")
