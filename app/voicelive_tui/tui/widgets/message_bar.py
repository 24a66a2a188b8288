"""The message bar: an info or a warning for some seconds, an error until the next key, otherwise a
hint.

A warning or an error that does not fit is wrapped; its rows are taken from the end of the panes
while it is shown.
"""

import math
from collections import deque
from dataclasses import dataclass

from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

MOST_ROWS = 3
MIN_SCREEN_ROWS = 16
"""A screen with fewer rows keeps a single one for messages."""
SHOWN_S = {"info": 5.0, "warning": 8.0}
MIN_SHOWN_S = 2.0
"""Seconds that an info or a warning is shown although others wait, unless a key is pressed."""
_PRIORITIES = {"error": 0, "info": 1, "warning": 2}
"""The order of the waiting messages by level. An info is mostly the answer to a key."""
_WORDS = {"info": ("  ", "accent"), "warning": (" warning: ", "warn"), "error": (" error: ", "bad")}


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


class MessageBar(SingleLine):
    """Shows messages one after the other: errors before infos before warnings, and in the order of
    their arrival within a level. An error stays until a key is pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._waiting: deque[_TimedMessage] = deque(maxlen=20)
        self._current: _TimedMessage | None = None
        self._rows: tuple[Spans, ...] = ()

    def show_message(
        self, level: NoticeLevel, text: str, *, key: str = "", attempt: int = 0
    ) -> None:
        """Queue this sentence. A sentence that is shown or queued already is not queued again.

        key: the tab that it is about. attempt: the start of that tab's session.
        """
        for message in self._all():
            if message.text == text:
                message.key, message.attempt = key, attempt
                return
        self._waiting.append(_TimedMessage(level, text, key=key, attempt=attempt))

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

    def _message(self, message: _TimedMessage) -> list[Spans]:
        word, look = _WORDS.get(message.level, _WORDS["info"])
        counter: Span = (f"  (+{len(self._waiting)} more)" if self._waiting else "", "dim")
        text = " ".join(printable(message.text).split())
        room = (self.outer_size.width or self.app.size.width) - len(word) - 1
        *upper_rows, last_row = (
            self._wrapped(text, room, cells([counter])) if message.level != "info" else [text]
        )
        look_of_text = look if message.level != "info" else ""
        rows: list[Spans] = [[(f"{row} ", look_of_text)] for row in upper_rows]
        rows.append([(fit(last_row, room - cells([counter])), look_of_text), counter])
        return [
            [(word if number == 0 else " " * len(word), look), *row]
            for number, row in enumerate(rows)
        ]

    def _wrapped(self, text: str, room: int, free_cells: int) -> list[str]:
        """The text in as many rows as it needs and the bar may have. The last row leaves
        `free_cells` cells free, or is too long."""
        if cells([(text, "")]) <= room - free_cells or self.app.size.height < MIN_SCREEN_ROWS:
            return [text]
        rows = ["".join(part for part, _ in row).rstrip() for row in wrap([(text, "")], room)]
        if cells([(rows[-1], "")]) > room - free_cells:
            rows = [
                "".join(part for part, _ in row).rstrip()
                for row in wrap([(text, "")], room - free_cells)
            ]
        return (
            rows
            if len(rows) <= MOST_ROWS
            else [*rows[: MOST_ROWS - 1], " ".join(rows[MOST_ROWS - 1 :])]
        )
