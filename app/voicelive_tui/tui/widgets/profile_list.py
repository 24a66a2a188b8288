"""The list of profiles, what is said of the one under the cursor, and the line for words."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from voicelive_tui.tui.commands import CURSOR_KEYS
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.profile_rows import NOTHING, ProfileRow, row_spans
from voicelive_tui.tui.widgets.spans import Spans


class ProfileList(LineView):
    """The profiles, one a row, with a cursor on one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [*CURSOR_KEYS]

    class Moved(Message):
        """The cursor is on another row."""

    class Opened(Message):
        """A row was clicked twice."""

    def __init__(self) -> None:
        super().__init__(id="profiles")
        self.following = False
        self.rows: Sequence[ProfileRow] = ()
        self.cursor = 0

    def show(self, rows: Sequence[ProfileRow], path: str) -> None:
        """Show these rows, with the cursor on the file `path`, else where it was."""
        self.rows = rows
        at = next((at for at, row in enumerate(rows) if row.path == path), self.cursor)
        self.set_line_count(max(1, len(rows)))
        self.move_to(at)

    @property
    def chosen(self) -> ProfileRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def move_to(self, row: int) -> None:
        """Put the cursor on a row."""
        self.cursor = min(max(0, row), max(0, len(self.rows) - 1))
        self.scroll_to_line(self.cursor)
        self.refresh()
        self.post_message(self.Moved())

    def action_step(self, rows: int) -> None:
        """Move the cursor by this many rows, negative ones up."""
        self.move_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by this many pages."""
        self.move_to(self.cursor + pages * max(1, self.page - 1))

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor in sight."""
        self.scroll_to_line(self.cursor)

    def render_line(self, y: int) -> Strip:
        """One profile; a sentence if there are none."""
        width, line = self.scrollable_content_region.width, self.top + y
        if not self.rows:
            return self.strip([(f"   {NOTHING}", "dim")] if not line else (), width)
        if line >= len(self.rows):
            return self.strip((), width)
        at = line == self.cursor
        over = self.look("cursor" if self.has_focus else "cursor-blurred") if at else None
        return self.strip(row_spans(self.rows[line], width, chosen=at), width, over)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click opens it."""
        line = self.top + event.y
        if line < len(self.rows):
            self.move_to(line)
            if event.chain > 1:
                self.post_message(self.Opened())


class Preview(LineView, can_focus=False):
    """What is said of the profile under the cursor."""

    def __init__(self) -> None:
        super().__init__(id="profile-preview")
        self.following = False
        self._lines: Sequence[Spans] = ()

    def show(self, lines: Sequence[Spans]) -> None:
        """Show these lines from the first one on."""
        self._lines = lines
        self.set_line_count(len(lines))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = self.top + y
        spans = self._lines[line] if line < len(self._lines) else ()
        return self.strip(spans, self.scrollable_content_region.width)


class NamesInput(Input):
    """The line in which words are typed; Down and Esc leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(False)", show=False),
        Binding("down,tab", "leave(True)", show=False),
    ]

    class Left(Message):
        """The user left the line. keep: with the words that narrow the list."""

        def __init__(self, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    def action_leave(self, keep: bool) -> None:
        """Leave the line."""
        self.post_message(self.Left(keep))
