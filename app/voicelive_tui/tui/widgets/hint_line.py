"""The line for messages: a notice for some seconds, an error until the next key, otherwise what to do next.

Warnings and errors that do not fit are wrapped; the rows that they need are the panes' last ones, as long as they are shown.
"""

from collections import deque
from dataclasses import dataclass

from textual.strip import Strip

from voicelive_tui.model.text import printable
from voicelive_tui.tui.widgets.one_line import OneLine
from voicelive_tui.tui.widgets.paint import Span, Spans, cells, fit, wrap

MOST_ROWS = 3
ROWS_FOR_MORE = 16
"""A screen of fewer rows keeps one for messages."""
SHOWN_S = {"info": 5.0, "warning": 8.0}
_WORDS = {"info": ("  ", "accent"), "warning": (" warning: ", "warn"), "error": (" error: ", "bad")}


@dataclass(slots=True)
class _Said:
    level: str
    text: str
    until_s: float | None = None


class HintLine(OneLine):
    """Messages in their order; each gets its time, errors stay until a key is pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._waiting: deque[_Said] = deque(maxlen=20)
        self._now: _Said | None = None
        self._rows: tuple[Spans, ...] = ()

    def say(self, level: str, text: str) -> None:
        """Show this sentence next; a waiting one that says the same is not repeated."""
        if not any(said.text == text for said in (*self._waiting, *((self._now,) if self._now else ()))):
            self._waiting.append(_Said(level, text))

    def clear(self) -> None:
        """Forget every message."""
        self._waiting.clear()
        self._now = None

    def retract(self, text: str) -> None:
        """This sentence is not true any more."""
        for said in [said for said in self._waiting if said.text == text]:
            self._waiting.remove(said)
        if self._now and self._now.text == text:
            self._now = None

    def acknowledge(self) -> None:
        """A key was pressed: what stands here has been read."""
        if self._now and self._now.level == "error":
            self._now = None

    def beat(self, now_s: float, hint: Spans) -> None:
        """Show the message whose turn it is, or the hint."""
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

    def _message(self, said: _Said) -> list[Spans]:
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
        """The text in as many rows as it needs and may have; the last one leaves so many cells free, or is too long."""
        if cells([(text, "")]) <= room - at_the_end or self.app.size.height < ROWS_FOR_MORE:
            return [text]
        rows = ["".join(part for part, _ in row).rstrip() for row in wrap([(text, "")], room)]
        if cells([(rows[-1], "")]) > room - at_the_end:
            rows = ["".join(part for part, _ in row).rstrip() for row in wrap([(text, "")], room - at_the_end)]
        return rows if len(rows) <= MOST_ROWS else [*rows[: MOST_ROWS - 1], " ".join(rows[MOST_ROWS - 1 :])]
