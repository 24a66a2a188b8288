"""The event list: every event of a session, filtered, with streams collapsed.

Invariant: visible rows never move by themselves unless the list follows its end: when an event is
inserted above them, the list scrolls with it. Rows are read from the index only when they are
visible.
"""

from typing import Literal

from rich.style import Style
from textual.cache import LRUCache
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.missing_replies import MissingReplies
from voicelive_tui.journal.row_gists import RowGists
from voicelive_tui.journal.view import EventView, Row
from voicelive_tui.model.events.actors import acting
from voicelive_tui.model.events.short_names import short_name
from voicelive_tui.tui.widgets.event_row import RowFacts, row_spans
from voicelive_tui.tui.widgets.highlight import highlight
from voicelive_tui.tui.widgets.line_view import LineView

LONGEST_TYPE = 400
"""Characters of an event type that a row uses."""


class EventList(LineView):
    """The rows of an EventView. cursor: a row, or None while the list only follows."""

    class Chosen(Message):
        """The user asks for the details of the row under the cursor."""

    class Moved(Message):
        """The cursor has moved to another row."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.view: EventView | None = None
        self.index: EventIndex | None = None
        self._gists: RowGists | None = None
        self._replies: MissingReplies | None = None
        self.cursor: int | None = None
        self.mark_n: int | None = None
        self.mark_end_n: int | None = None
        """The second time mark; None without one, and without a first."""
        self.related: tuple[int, int] | None = None
        self.words: tuple[str, ...] = ()
        """The texts that are marked where a row shows them."""
        self.lit: EventView | None = None
        """The rows that are not shaded; None when none is."""
        self.unseen = 0
        self._tail: tuple[int, int] = (0, -1)
        self._painted: dict[int, tuple[int, ...]] = {}
        """Of the row that was painted last at each line of the pane: its line, first and last
        record, the first record of the row above, and whether its reply is missing."""
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(2000)

    def bind(self, view: EventView | None, index: EventIndex | None) -> None:
        """Show the end of another session's events. `view` is a view of `index`."""
        self.view, self.index, self.cursor, self.mark_n, self.related = (
            view,
            index,
            None,
            None,
            None,
        )
        self._gists = RowGists(index) if index is not None else None
        self._replies = MissingReplies(index) if index is not None else None
        self.mark_end_n = None
        self.following, self.unseen = True, 0
        self.repaint()

    def repaint(self) -> None:
        """Drop the painted rows, because the view has changed."""
        self._strips.clear()
        self._painted.clear()
        self._tail = (0, -1)
        self.set_line_count(0)
        self.sync()
        self.refresh()

    def sync(self) -> bool:
        """Add the rows that arrived since the last heartbeat. Repaints the visible rows that
        changed, and returns whether any row did."""
        if self.view is None:
            self.set_line_count(0)
            return False
        anchor = self._anchor()
        self.view.sync()
        if self.lit is not None:
            self.lit.sync()
        rows = self.view.rows
        tail = (rows, self.view.records)
        changed = tail != self._tail
        if changed:
            self.unseen = 0 if self.following else self.unseen + max(0, rows - self._tail[0])
            self._tail = tail
            self.set_line_count(rows)
            self._hold(anchor)
        if changed or (self._replies is not None and self._replies.due):
            self._repaint_rows()
        if self.following and self.scroll_offset.y != self.max_scroll_y:
            self.to_end()
        return changed

    def _anchor(self) -> tuple[int | None, int | None]:
        """The first records of the row at the top and of the row under the cursor; None while the
        list follows, which moves them."""
        if self.view is None or self.following or self.top >= self.view.rows:
            return None, self._cursor_first_n()
        return self.view.row(self.top).first_n, self._cursor_first_n()

    def _cursor_first_n(self) -> int | None:
        row = self.cursor_row
        return row.first_n if row is not None else None

    def _hold(self, anchor: tuple[int | None, int | None]) -> None:
        """Keep the rows of the anchor where they were, although others were inserted above."""
        assert self.view is not None
        top_n, cursor_n = anchor
        if cursor_n is not None:
            self.cursor = self.view.row_of(cursor_n)
        if top_n is not None and (top := self.view.row_of(top_n)) != self.top:
            self.scroll_to(y=top, animate=False)
            self.refresh()

    def _repaint_rows(self) -> None:
        """Repaint those of the visible rows that are not as they were painted."""
        assert self.view is not None and self._replies is not None
        self._replies.begin()
        top = self.top
        stop = min(self.view.rows, top + self.page)
        extents = self.view.extents(max(0, top - 1), stop)
        for line in range(top, stop):
            above = extents[line - top - 1 + (top > 0)][0] if line else -1
            first_n, last_n = extents[line - top + (top > 0)]
            seen = (line, first_n, last_n, above, self._replies.lacks_reply(last_n))
            if self._painted.get(line - top) != seen:
                self.refresh_line(line)

    def restore(self, kept_n: int | None, following: bool) -> None:
        """Update the list after a change of the view's rows. Record `kept_n`, or the nearest one,
        gets the cursor unless the list follows."""
        self.cursor = None
        self.repaint()
        self.unseen = 0
        if following:
            self.follow()
        elif kept_n is not None:
            self.go_to(kept_n)

    @property
    def cursor_n(self) -> int | None:
        """The record under the cursor: the last one of a collapsed row."""
        if self.view is None or self.cursor is None or not 0 <= self.cursor < self.view.rows:
            return None
        return self.view.row(self.cursor).last_n

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        if self.view is None or self.cursor is None or not 0 <= self.cursor < self.view.rows:
            return None
        return self.view.row(self.cursor)

    @property
    def last_row(self) -> Row | None:
        """The newest row."""
        if self.view is None or not self.view.rows:
            return None
        return self.view.row(self.view.rows - 1)

    def go_to(self, n: int) -> None:
        """Put the cursor on the row with record `n`, or on the nearest row."""
        if self.view is None or not self.view.rows:
            return
        self.view.sync()
        self.set_line_count(self.view.rows)
        self.select(min(max(0, self.view.row_of(n)), self.view.rows - 1), centre=True)

    def select(self, row: int, *, centre: bool = False) -> None:
        """Put the cursor on `row`. A cursor on the last row does not follow."""
        if self.view is None or not self.view.rows:
            return
        row = min(max(0, row), self.view.rows - 1)
        self.cursor = row
        self.following = False
        if not self.top <= row < self.top + self.page:
            if centre:
                self.scroll_to(
                    y=min(max(0, row - self.page // 3), self.max_scroll_y), animate=False
                )
            else:
                self.scroll_to_line(row)
        self.refresh()
        self.post_message(self.Moved())

    def follow(self) -> None:
        """Follow the newest event."""
        self.following, self.cursor, self.unseen = True, None, 0
        self.to_end()
        self.refresh()
        self.post_message(self.Moved())

    def step(self, rows: int) -> None:
        """Move the cursor by this many rows. Moving down from the last one starts to follow."""
        if self.view is None or not self.view.rows:
            return
        last = self.view.rows - 1
        if self.cursor is None:
            start = (
                last + 1 if self.following else (self.top if rows > 0 else self.top + self.page - 1)
            )
            self.select(start + rows if rows < 0 else last)
        elif rows > 0 and self.cursor >= last:
            self.follow()
        else:
            self.select(self.cursor + rows)

    def seek_error(self, step: Literal[1, -1]) -> bool:
        """Put the cursor on the next (`step` 1) or previous (-1) error. Returns False if there is
        none."""
        if self.view is None:
            return False
        start = self.cursor if self.cursor is not None else (self.view.rows if step < 0 else -1)
        found = self.view.next_error(start, step)
        if found is None:
            return False
        self.select(found, centre=True)
        return True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Start to follow when the user scrolls back to the end and no row has the cursor."""
        super().watch_scroll_y(old_value, new_value)
        if self.cursor is None and round(new_value) >= self.max_scroll_y:
            self.following, self.unseen = True, 0

    def notify_style_update(self) -> None:
        """Drop the painted rows, because they contain the old colours."""
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One row, from the cache if it was painted before."""
        width = self.scrollable_content_region.width
        line = self.top + y
        if self.view is None or line >= self.view.rows:
            return self.strip((), width)
        row = self.view.row(line)
        above = self.view.extents(line - 1, line)[0][0] if line else -1
        assert self._replies is not None
        no_reply = self._replies.lacks_reply(row.last_n)
        self._painted[y] = (line, row.first_n, row.last_n, above, no_reply)
        on_cursor = line == self.cursor
        key = (
            self._painted[y],
            row.count,
            width,
            on_cursor and (1 + self.has_focus),
            (self.mark_n, self.mark_end_n),
            self.related,
            self.lit is None or self.lit.shows(row.first_n),
        )
        strip = self._strips.get(key)
        if strip is None:
            strip = self._paint(line, row, width, on_cursor)
            self._strips[key] = strip
        return strip

    def _paint(self, line: int, row: Row, width: int, on_cursor: bool) -> Strip:
        over: Style | None = None
        if on_cursor:
            over = self.look("cursor" if self.has_focus else "cursor-blurred")
            over = Style(bgcolor=over.bgcolor, bold=True if self.has_focus else None)
        spans = row_spans(self._facts(line, row, on_cursor), width)
        if self.lit is not None and not self.lit.shows(row.first_n):
            spans = [(text, "faint") for text, _ in spans]
        elif self.words:
            spans = highlight(spans, self.words)
        return self.strip(spans, width, over)

    def _facts(self, line: int, row: Row, on_cursor: bool) -> RowFacts:
        assert self.view is not None
        assert self.index is not None
        assert self._gists is not None and self._replies is not None
        index = self.index
        last, stream = index.record(row.last_n), index.first_of(row.first_n)
        previous_row = self.view.row(line - 1) if line else None
        related = (
            self.related is not None
            and row.last_n >= self.related[0]
            and row.first_n <= self.related[1]
        )
        marked = any(
            n is not None and row.first_n <= n <= row.last_n and index.first_of(n) == stream
            for n in (self.mark_n, self.mark_end_n)
        )
        before_s = index.t_s(self.mark_n) if self.mark_n is not None else None
        if before_s is None and previous_row is not None:
            before_s = previous_row.t_s
        return RowFacts(
            t_s=row.t_s,
            distance_s=None if before_s is None else row.t_s - before_s,
            direction=row.direction,
            name=printable(_short(short_name(row.type_name))),
            gist=self._gists.of_row(row, last),
            no_reply=self._replies.lacks_reply(row.last_n),
            actor=acting(row.direction, last.event),
            count=row.count,
            error=index.error(row.last_n),
            from_mark=self.mark_n is not None,
            gutter="▸" if on_cursor else "*" if marked else "│" if related else " ",
        )

    async def on_click(self, event: Click) -> None:
        """Put the cursor on the clicked row; a second click shows its details."""
        if self.view is None:
            return
        line = self.top + event.y
        if line < self.view.rows:
            again = line == self.cursor
            self.select(line)
            if again:
                self.post_message(self.Chosen())


def _short(name: str) -> str:
    """The type, or its beginning and end if it is too long for a row: a service may send one of 16
    MiB."""
    return (
        name
        if len(name) <= LONGEST_TYPE
        else f"{name[: LONGEST_TYPE // 2]}…{name[-LONGEST_TYPE // 2 :]}"
    )
