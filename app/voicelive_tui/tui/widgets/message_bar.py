"""The message bar: an info or a warning for some seconds, an error until the next key, otherwise a
hint.

A message that does not fit is wrapped to two rows; the second is taken from the end of the panes
while it is shown. What is cut even so, and how many others there are, is said at the right.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from textual.strip import Strip

from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.keymap import DEFAULT_KEYS, key_of, with_keys
from voicelive_tui.tui.notice_history import NoticeHistory
from voicelive_tui.tui.widgets.notice_rows import MOST_ROWS, notice_rows
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Spans

MIN_SCREEN_ROWS = 16
"""A screen with fewer rows keeps a single one for messages."""
SHOWN_S = {"info": 5.0, "warning": 8.0}
MIN_SHOWN_S = 2.0
"""Seconds that an info or a warning is shown although others wait, unless a key is pressed."""
_PRIORITIES = {"error": 0, "info": 1, "warning": 2}
"""The order of the waiting messages by level. An info is mostly the answer to a key."""


@dataclass(slots=True)
class _TimedMessage:
    level: NoticeLevel
    text: str
    until_s: float = math.inf
    """The time at which it disappears by itself."""
    replaceable_s: float = math.inf
    """The time at which it gives way to a waiting message."""
    superseded: bool = False
    """Whether a key was pressed since it was queued, whose answer matters more."""
    key: str = ""
    """The tab that it is about; empty if it is about none."""
    attempt: int = 0
    """The start of that tab's session that it is about."""
    at: str = ""
    """Its time on the clock of that tab's session; empty if it is about none."""


class MessageBar(SingleLine):
    """Shows messages one after the other: errors before infos before warnings, and in the order of
    their arrival within a level. An error stays until a key is pressed."""

    def __init__(
        self,
        keymap: Mapping[str, str] = DEFAULT_KEYS,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self.history = NoticeHistory()
        """Every message of this run."""
        self._waiting: deque[_TimedMessage] = deque(maxlen=20)
        self._current: _TimedMessage | None = None
        self._rows: tuple[Spans, ...] = ()

    def show_message(
        self, level: NoticeLevel, text: str, *, key: str = "", attempt: int = 0, at: str = ""
    ) -> None:
        """Queue this sentence. A sentence that is shown or queued already is not queued again.

        key: the tab that it is about. attempt: the start of that tab's session. at: the time as the
        list of all notices shows it; with a fraction, it is one of that session.
        """
        self.history.add(level, text, at=at, key=key)
        for message in self._all():
            if message.text == text:
                message.key, message.attempt = key, attempt
                return
        self._waiting.append(_TimedMessage(level, text, key=key, attempt=attempt, at=_seconds(at)))

    def clear(self) -> None:
        """Drop every message."""
        self._waiting.clear()
        self._current = None

    def retract(self, text: str) -> None:
        """Drop this sentence, which is no longer true."""
        self._drop([message for message in self._all() if message.text == text])

    def retract_earlier(self, key: str, attempt: int) -> None:
        """Drop what earlier starts of this tab's session had to say, because this one went well."""
        self._drop(
            [message for message in self._all() if message.key == key and message.attempt < attempt]
        )

    def _all(self) -> list[_TimedMessage]:
        return [*self._waiting, *([self._current] if self._current is not None else [])]

    def _drop(self, messages: list[_TimedMessage]) -> None:
        for message in messages:
            if message is self._current:
                self._current = None
            else:
                self._waiting.remove(message)

    def acknowledge(self) -> None:
        """Note that a key was pressed, so that the current message has been read: an error
        disappears, another message gives way to one that waits. An info that still waits answers an
        earlier key, and will not keep the answer to this one waiting."""
        if self._current and self._current.level == "error":
            self._current = None
        elif self._current:
            self._current.replaceable_s = -math.inf
        for message in self._waiting:
            message.superseded = message.level == "info"

    @property
    def due_s(self) -> float:
        """When the bar changes by itself, on the console's clock; infinity if it does not."""
        if self._current is None:
            return math.inf if not self._waiting else -math.inf
        return min(
            self._current.until_s, self._current.replaceable_s if self._waiting else math.inf
        )

    def sync(self, now_s: float, hint: Spans) -> None:
        """Show the current message, or the hint. now_s: seconds on the console's clock. A message
        waits until the bar has a width to be wrapped to."""
        if not self.outer_size.width:
            return
        if self._current is not None and now_s >= self._current.until_s:
            self._current = None
        if self._waiting and self._gives_way(now_s):
            self._show_next(now_s)
        self._lay_out([hint] if self._current is None else self._message(self._current))

    def _gives_way(self, now_s: float) -> bool:
        """Whether a waiting message may be shown now."""
        current = self._current
        if current is None or now_s >= current.replaceable_s:
            return True
        return current.level != "error" and any(
            waiting.level == "error" for waiting in self._waiting
        )

    def _show_next(self, now_s: float) -> None:
        message = min(self._waiting, key=lambda waiting: _PRIORITIES.get(waiting.level, 1))
        self._waiting.remove(message)
        if self._current is not None and now_s < self._current.replaceable_s:
            self._waiting.appendleft(self._current)  # an error came before it could be read
        self._current = message
        if message.level != "error":
            message.until_s = now_s + SHOWN_S.get(message.level, SHOWN_S["info"])
            message.replaceable_s = now_s if message.superseded else now_s + MIN_SHOWN_S

    def _lay_out(self, rows: list[Spans]) -> None:
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self.styles.height = len(rows)
        self.show([span for row in rows for span in row])
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the message."""
        return self.strip(self._rows[y] if y < len(self._rows) else (), self.size.width)

    @property
    def wanted_rows(self) -> int:
        """The number of rows that the bar needs for what it shows now."""
        return max(1, len(self._rows))

    def _message(self, message: _TimedMessage) -> list[Spans]:
        number, errors = self.history.unread()
        key = key_of("console.notices", self._keymap)
        hidden = number - (message.level != "info")
        others = plural(number, "notice") + (f", {plural(errors, 'error')}" if errors else "")
        return notice_rows(
            message.level,
            message.text,
            self.outer_size.width or self.app.size.width,
            at=message.at,
            others=(f"{key} {others}", f"{key} {number}") if hidden > 0 else (),
            rest=with_keys("{console.notices} shows the rest", self._keymap),
            most_rows=MOST_ROWS if self.app.size.height >= MIN_SCREEN_ROWS else 1,
        )


def _seconds(at: str) -> str:
    """A session's time in whole seconds; empty for any other time, which says less than the
    message's arrival itself."""
    whole, point, _ = at.partition(".")
    return whole if point else ""
