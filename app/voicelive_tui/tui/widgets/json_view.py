"""The rows of one event's JSON, with a cursor on one value."""

from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.widgets.highlight import highlight
from voicelive_tui.tui.widgets.json_node import Node
from voicelive_tui.tui.widgets.json_rows import row_spans, text_lines
from voicelive_tui.tui.widgets.json_search import JsonSearch, search_json
from voicelive_tui.tui.widgets.json_tree import JsonTree
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Span

_NO_SEARCH = JsonSearch("", ())


class JsonView(LineView):
    """A tree of JSON. cursor: the row under the cursor. search: what was looked for last."""

    class Moved(Message):
        """The cursor has moved, or a search has ended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        BY_ID["move.open"].binding("fold"),
        BY_ID["move.down"].binding("move(1)"),
        BY_ID["move.up"].binding("move(-1)"),
        BY_ID["move.page_down"].binding("move_page(1)"),
        BY_ID["move.page_up"].binding("move_page(-1)"),
        BY_ID["move.top"].binding("to_row(0)"),
        BY_ID["move.bottom"].binding("to_row(-1)"),
        BY_ID["events.next_match"].binding("match(1)"),
        BY_ID["events.previous_match"].binding("match(-1)"),
    ]

    def __init__(self, text: str, export_key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        """export_key: the key that exports the whole event, as shown."""
        super().__init__(id=id)
        self._export_key = export_key
        self.following = False
        self.json = JsonTree(text)
        self.cursor = 0
        self.search = _NO_SEARCH
        self._width = 0

    @property
    def node(self) -> Node:
        """The node under the cursor."""
        return self.json.rows[min(self.cursor, len(self.json.rows) - 1)][0]

    def on_mount(self) -> None:
        """Show the rows."""
        self._show_rows()

    def on_resize(self, event: Resize) -> None:
        """Break the lines of open texts again for another width."""
        width = self.scrollable_content_region.width
        if width == self._width:
            return
        self._width = width
        node = self.node
        for each, _ in [row for row in self.json.rows if row[1] == 1]:
            each.lines = text_lines(self.json, each, width, self._export_key)
        self.json.rebuild()
        self._show_rows()
        self._go_to(self.json.row_of(node))

    def _show_rows(self) -> None:
        self.set_line_count(len(self.json.rows))
        self.refresh()

    def _go_to(self, row: int) -> None:
        self.cursor = min(max(0, row), len(self.json.rows) - 1)
        self.scroll_to_line(self.cursor)
        self.refresh()
        self.post_message(self.Moved())

    # Actions

    def action_move(self, rows: int) -> None:
        """Move the cursor by this many rows, negative ones up."""
        self._go_to(self.cursor + rows)

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by this many pages, negative ones up."""
        self._go_to(self.cursor + pages * max(1, self.page - 1))

    def action_to_row(self, row: int) -> None:
        """Put the cursor on the first row, or with -1 on the last one."""
        self._go_to(row if row >= 0 else len(self.json.rows) - 1)

    def action_fold(self) -> None:
        """Fold or unfold the value under the cursor."""
        node = self.node
        if node.kind == "string":
            node.lines = text_lines(self.json, node, self._width, self._export_key)
        self.json.toggle(self.cursor)
        self._show_rows()
        self._go_to(self.json.row_of(node))

    def find(self, words: str) -> None:
        """Look for these words, and go to the first place from the cursor on that has them."""
        self.search = search_json(self.json.text, words) if words else _NO_SEARCH
        self.refresh()
        if self.search.offsets:
            self._to_match(self.search.nearest(0, self.node.begins, 1))

    def action_match(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) place that was looked for."""
        node = self.node
        end = node.start if node.is_container and node.is_open else node.end
        self._to_match(self.search.nearest(node.begins, end, step))

    @property
    def match_number(self) -> int:
        """Which match the cursor is on, counted from 1; 0 if it is on none."""
        node = self.node
        at = self.search.nearest(0, node.begins, 1)
        if at is None or not node.begins <= self.search.offsets[at] < node.end:
            return 0
        return at + 1

    def _to_match(self, number: int | None) -> None:
        if number is None:
            return
        node = self.json.reveal(self.search.offsets[number])
        self._show_rows()
        self._go_to(self.json.row_of(node))

    async def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click folds or unfolds it."""
        row = self.top + event.y
        if row >= len(self.json.rows):
            return
        if row == self.cursor:
            self.action_fold()
        else:
            self._go_to(row)

    def render_line(self, y: int) -> Strip:
        """One row."""
        width = self.scrollable_content_region.width
        at = self.top + y
        if at >= len(self.json.rows):
            return self.strip((), width)
        spans = highlight(row_spans(self.json, self.json.rows[at], width - 4), [self.search.words])
        return self._row_strip(spans, width, at == self.cursor)

    def _row_strip(self, spans: list[Span], width: int, on_cursor: bool) -> Strip:
        head: Span = (" ▸ " if on_cursor else "   ", "mark")
        over = Style(bgcolor=self.look("cursor").bgcolor) if on_cursor else None
        return self.strip([head, *spans], width, over)
