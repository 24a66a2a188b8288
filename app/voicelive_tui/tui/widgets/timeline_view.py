"""The lanes of the timeline and its axis, repainted only where cells have changed."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.timeline_rows import LABEL_CELLS, LaneRow
from voicelive_tui.tui.widgets.spans import SpanWidget

_WHEEL_COLUMNS = 4


class TimelineView(SpanWidget, can_focus=True):
    """Draws the rows that it is given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "screen.time_step(-1)", show=False),
        Binding("right", "screen.time_step(1)", show=False),
    ]

    class Clicked(Message):
        """The user clicked on a column."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    class Scrolled(Message):
        """The wheel was turned: back in time by so many columns, or forward by a negative
        number."""

        def __init__(self, columns: int) -> None:
            super().__init__()
            self.columns = columns

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._rows: Sequence[LaneRow] = ()

    @property
    def rows(self) -> Sequence[LaneRow]:
        """The shown rows."""
        return self._rows

    @property
    def columns(self) -> int:
        """The columns that there is room for."""
        return max(0, self.size.width - LABEL_CELLS)

    @property
    def text(self) -> str:
        """The shown rows without their looks."""
        return "\n".join(row.glyphs for row in self._rows)

    def show(self, rows: Sequence[LaneRow]) -> bool:
        """Show these rows. Returns whether a cell has changed."""
        old, self._rows = self._rows, rows
        if len(rows) != len(old):
            self.refresh()
            return True
        regions = [
            Region(changed[0], y, changed[1] - changed[0], 1)
            for y, (row, before) in enumerate(zip(rows, old, strict=True))
            if (changed := row.changed_cells(before)) is not None
        ]
        if regions:
            self.refresh(*regions)
        return bool(regions)

    def render_line(self, y: int) -> Strip:
        """One row."""
        width = self.size.width
        return self.strip(self._rows[y].spans() if y < len(self._rows) else (), width)

    async def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked column."""
        if event.x >= LABEL_CELLS:
            self.post_message(self.Clicked(event.x - LABEL_CELLS))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Show earlier columns. The cursor stays where it is."""
        event.stop()
        self.post_message(self.Scrolled(_WHEEL_COLUMNS))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Show later columns."""
        event.stop()
        self.post_message(self.Scrolled(-_WHEEL_COLUMNS))
