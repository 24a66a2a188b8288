"""The message bar: a notice for some seconds, an error until the next key, otherwise a hint.

A warning or an error that does not fit is wrapped; its rows are taken from the end of the panes
while it is shown.
"""

from collections import deque
from dataclasses import dataclass

from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

MOST_ROWS = 3
ROWS_FOR_MORE = 16
"""A screen with fewer rows keeps a single one for messages."""
SHOWN_S = {"info": 5.0, "warning": 8.0}
_WORDS = {"info": ("  ", "accent"), "warning": (" warning: ", "warn"), "error": (" error: ", "bad")}


@dataclass(slots=True)
class _TimedMessage:
    level: str
    text: str
    until_s: float | None = None


class MessageBar(SingleLine):
    """Shows messages in the order of their arrival. An error stays until a key is pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._waiting: deque[_TimedMessage] = deque(maxlen=20)
        self._now: _TimedMessage | None = None
        self._rows: tuple[Spans, ...] = ()

    def show_message(self, level: str, text: str) -> None:
        """Queue this sentence. It is ignored if the same sentence is shown or queued."""
        if not any(
            said.text == text for said in (*self._waiting, *((self._now,) if self._now else ()))
        ):
            self._waiting.append(_TimedMessage(level, text))

    def clear(self) -> None:
        """Drop every message."""
        self._waiting.clear()
        self._now = None

    def retract(self, text: str) -> None:
        """Drop this sentence, which is no longer true."""
        for said in [said for said in self._waiting if said.text == text]:
            self._waiting.remove(said)
        if self._now and self._now.text == text:
            self._now = None

    def acknowledge(self) -> None:
        """Drop the error that is shown: a key was pressed, so it has been read."""
        if self._now and self._now.level == "error":
            self._now = None

    def sync(self, now_s: float, hint: Spans) -> None:
        """Show the current message, or the hint. now_s: seconds on the console's clock."""
        said = self._now
        if said is not None and said.until_s is not None and now_s >= said.until_s:
            said = self._now = None
        if self._waiting and (said is None or said.level != "error"):
            said = self._now = self._waiting.popleft()
            shown = SHOWN_S.get(said.level)
            said.until_s = now_s + shown if shown else None
        self._lay_out([hint] if said is None else self._message(said))

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

    def _message(self, said: _TimedMessage) -> list[Spans]:
        word, look = _WORDS.get(said.level, _WORDS["info"])
        more: Span = (f"  (+{len(self._waiting)} more)" if self._waiting else "", "dim")
        text = " ".join(printable(said.text).split())
        room = self.size.width - len(word) - 1
        *whole, last = self._broken(text, room, cells([more])) if said.level != "info" else [text]
        look_of_text = look if said.level != "info" else ""
        rows: list[Spans] = [[(f"{row} ", look_of_text)] for row in whole]
        rows.append([(fit(last, room - cells([more])), look_of_text), more])
        return [[(word if at == 0 else " " * len(word), look), *row] for at, row in enumerate(rows)]

    def _broken(self, text: str, room: int, at_the_end: int) -> list[str]:
        """The text in as many rows as it needs and the bar may have. The last row leaves
        `at_the_end` cells free, or is too long."""
        if cells([(text, "")]) <= room - at_the_end or self.app.size.height < ROWS_FOR_MORE:
            return [text]
        rows = ["".join(part for part, _ in row).rstrip() for row in wrap([(text, "")], room)]
        if cells([(rows[-1], "")]) > room - at_the_end:
            rows = [
                "".join(part for part, _ in row).rstrip()
                for row in wrap([(text, "")], room - at_the_end)
            ]
        return (
            rows
            if len(rows) <= MOST_ROWS
            else [*rows[: MOST_ROWS - 1], " ".join(rows[MOST_ROWS - 1 :])]
        )
