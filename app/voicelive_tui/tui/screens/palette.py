"""The palette: every command by its name, its key or a word for it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Static

from voicelive_tui.tui.palette_entries import PaletteEntry, entry_spans, found_entries
from voicelive_tui.tui.screens.page_modal import PageModal
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.single_line import SingleLine

_NOTHING = " Nothing is found by these words. An empty line lists what can be done now."


class PaletteList(LineView, can_focus=False):
    """The entries, one a row, with a cursor on one of them."""

    class Chosen(Message):
        """An entry was clicked."""

    def __init__(self) -> None:
        super().__init__(id="entries")
        self.following = False
        self.entries: Sequence[PaletteEntry] = ()
        self.cursor = 0

    def show(self, entries: Sequence[PaletteEntry]) -> None:
        """Show these entries, the cursor on the first."""
        self.entries, self.cursor = entries, 0
        self.set_line_count(max(1, len(entries)))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    @property
    def chosen(self) -> PaletteEntry | None:
        """The entry under the cursor."""
        return self.entries[self.cursor] if self.entries else None

    def step(self, rows: int) -> None:
        """Move the cursor by this many rows, negative ones up."""
        self.cursor = min(max(0, self.cursor + rows), max(0, len(self.entries) - 1))
        self.scroll_to_line(self.cursor)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One entry; a sentence if there are none."""
        width, line = self.scrollable_content_region.width, self.top + y
        if not self.entries:
            return self.strip([(_NOTHING, "dim")] if not line else (), width)
        if line >= len(self.entries):
            return self.strip((), width)
        entry, at = self.entries[line], line == self.cursor
        above = self.entries[line - 1].group if line else ""
        group = "" if entry.group == above else entry.group
        over = Style(bgcolor=self.look("cursor").bgcolor, bold=True) if at else None
        return self.strip(entry_spans(entry, group, width, chosen=at), width, over)

    def on_click(self, event: Click) -> None:
        """Choose the clicked entry."""
        line = self.top + event.y
        if line < len(self.entries):
            self.cursor = line
            self.post_message(self.Chosen())


class PaletteScreen(PageModal[PaletteEntry]):
    """A line for words above the entries that they mean. The result is the chosen entry, None if
    the user chose none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down", "step(1)", show=False, priority=True),
        Binding("up", "step(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
    ]
    AUTO_FOCUS = "#words"

    def __init__(
        self,
        title: str,
        entries: Sequence[PaletteEntry],
        usable: Sequence[PaletteEntry],
        *,
        verb: str = "run",
    ) -> None:
        """entries: all that can be found. usable: those that are listed while nothing is typed.
        verb: what Enter does with the entry."""
        super().__init__(title)
        self._entries, self._usable, self._verb = entries, usable, verb

    def body(self) -> ComposeResult:
        """Yield the line for words and the list."""
        with Horizontal(id="words-row"):
            yield Static(" > ", classes="prompt", markup=False)
            yield Input(id="words", compact=True, select_on_focus=False)
            yield SingleLine(id="count")
        yield PaletteList()

    def on_mount(self) -> None:
        """List what can be done now."""
        self._show("")

    def keys(self) -> list[tuple[str, str, str]]:
        """The keys of a list with a line for words."""
        return [
            ("Enter", self._verb, "screen.choose"),
            ("Up Down", "choose", ""),
            ("Esc", "close", "screen.close"),
        ]

    @on(Input.Changed, "#words")
    def _find(self, event: Input.Changed) -> None:
        self._show(event.value)

    def _show(self, typed: str) -> None:
        found = found_entries(self._entries, typed) if typed.strip() else self._usable
        self.query_one(PaletteList).show(found)
        count = f"{len(found)} of {len(self._entries)} "
        self.query_one("#count", SingleLine).show((), [(count, "dim")])

    @on(Input.Submitted, "#words")
    @on(PaletteList.Chosen)
    def action_choose(self) -> None:
        """Close with the entry under the cursor."""
        if chosen := self.query_one(PaletteList).chosen:
            self.dismiss(chosen)

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        self.query_one(PaletteList).step(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a page."""
        entries = self.query_one(PaletteList)
        entries.step(pages * max(1, entries.page - 1))

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
