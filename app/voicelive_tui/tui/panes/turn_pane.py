"""The pane of one turn: a title, and its rows."""

from collections.abc import Mapping
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.row_times import clock_time
from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.turn_rows import TurnFacts, turn_rows

_LONGEST_TIME: Final = 9


class TurnRows(LineView):
    """The rows of a turn, which scroll where there is no room for all of them."""

    class Resized(Message):
        """The rows were made for another width."""

    def __init__(self) -> None:
        super().__init__(id="turn")
        self.following = False
        self._rows: list[Spans] = []

    def show(self, facts: TurnFacts) -> int:
        """Show this turn; returns the number of rows."""
        rows: list[Spans] = [*turn_rows(facts, self.scrollable_content_region.width)]
        if rows != self._rows:
            self._rows = rows
            self.set_line_count(len(rows))
            self.refresh()
        return len(rows)

    def on_resize(self, event: Resize) -> None:
        """Ask for rows of the new width."""
        self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """One row."""
        at = self.top + y
        width = self.scrollable_content_region.width
        return self.strip(self._rows[at] if at < len(self._rows) else (), width)


class TurnPane(Vertical):
    """One turn after the other. column: it is a part of the third column, else it stands below the
    events."""

    DEFAULT_CSS = """
    TurnPane { height: 17; }
    """

    def __init__(self, keymap: Mapping[str, str], *, column: bool) -> None:
        super().__init__(id="turn-pane")
        self.column = column
        self.rows = TurnRows()
        self._keymap = keymap
        self._title = PaneTitle(id="turn-title")
        self._shown: tuple[TurnFacts | None, int, bool, int] = (None, 0, False, 0)
        self._needed = 0
        """The rows of the longest turn so far, with the title."""

    def compose(self) -> ComposeResult:
        """Yield title and rows."""
        yield self._title
        yield self.rows

    def show(self, facts: TurnFacts, most_rows: int) -> None:
        """Show this turn in as many rows as the longest turn so far needed, `most_rows` at most,
        the title among them. The pane does not shrink: what stands above it would move, and the
        whole screen would be laid out anew from turn to turn."""
        focused = self.rows.has_focus
        shown = (facts, self.size.width, focused, most_rows)
        if shown == self._shown:
            return
        self._shown = shown
        before, after = (key_of(f"move.{way}_turn", self._keymap) for way in ("previous", "next"))
        right: Spans = [(f"{before} {after} turn", "dim")]
        self._title.sync(facts.name, [(_span(facts), "dim")], right, focused=focused)
        self._needed = max(self._needed, self.rows.show(facts) + 1)
        rows = min(self._needed, max(2, most_rows))
        if self.styles.height is None or self.styles.height.value != rows:
            self.styles.height = rows


def _span(facts: TurnFacts) -> str:
    """`0:50.0 to 0:56.2`; the newest turn has no end yet."""
    start, end = (
        "" if t_s is None else clock_time(t_s, _LONGEST_TIME, 1).strip()
        for t_s in (facts.turn.started_s, facts.until_s)
    )
    return f"{start} to {end}" if end else f"{start} on"
