"""The page of recorded sessions, in the place of the panes: a list that can be filtered and sorted,
and what is known of the session under the cursor."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click, Key, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.journal.tail import said_last
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.prices import PriceTable
from voicelive_tui.tui.commands import BY_ID, CURSOR_KEYS
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.reading_sessions import READING_ENDS_S
from voicelive_tui.tui.session_rows import (
    PREVIEW_ROWS,
    SMALL_PREVIEW_ROWS,
    Column,
    columns_with,
    heading,
    in_order,
    matching,
    orders,
    preview_rows,
    session_row,
    total,
)
from voicelive_tui.tui.widgets.find_row import FindInput, FindRow
from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Spans, cells, fit

PREVIEW_FROM_ROWS = 18
"""The rows of the page from which there is room for the session under the cursor."""
FULL_PREVIEW_FROM_ROWS = 21
"""The rows of the page from which the preview has all its rows."""
SAID_LINES = 4
"""The most lines of a session that are shown with it."""
REST_S = 0.1
"""Seconds that the cursor rests on a session before its file is read: a key that is held reads
nothing."""


def preview_size(height: int) -> int:
    """The rows of the preview on a page of this height; 0 where there is no room."""
    if height < PREVIEW_FROM_ROWS:
        return 0
    return PREVIEW_ROWS if height >= FULL_PREVIEW_FROM_ROWS else SMALL_PREVIEW_ROWS


@dataclass(slots=True)
class SessionsPlace:
    """Where the user is in the list, kept while the page is closed. folder: that of the session
    under the cursor; None for the first one."""

    query: str = ""
    order: str = "when"
    folder: Path | None = None


class SessionList(LineView):
    """The sessions with a cursor on one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CURSOR_KEYS,
        BY_ID["move.open"].binding("choose('open')"),
        BY_ID["session.go_on"].binding("choose('go_on')"),
        Binding("d", "choose('delete')", show=False),
        Binding("less_than_sign", "sort(-1)", show=False),
        Binding("greater_than_sign", "sort(1)", show=False),
        BY_ID["events.filter"].binding("filter"),
        BY_ID["move.back"].binding("close"),
    ]

    class Closed(Message):
        """The user is done with the page."""

    class FilterAsked(Message):
        """The user wants to type a filter."""

    class Changed(Message):
        """The cursor or the order has changed."""

    class Chosen(Message):
        """The user does something with a session. what: `open`, `go_on` or `delete`."""

        def __init__(self, session: RecordedSession, what: str) -> None:
            super().__init__()
            self.session, self.what = session, what

    def __init__(
        self, place: SessionsPlace, columns: Sequence[Column], now: Callable[[], datetime]
    ) -> None:
        super().__init__(id="sessions")
        self.following = False
        self.shown: Sequence[RecordedSession] = ()
        self._all: Sequence[RecordedSession] | None = None
        self._place, self._columns, self._now = place, columns, now
        self._problem = ""

    @property
    def position(self) -> int:
        """The position of the session under the cursor."""
        found = (at for at, each in enumerate(self.shown) if each.folder == self._place.folder)
        return next(found, 0)

    @property
    def current(self) -> RecordedSession | None:
        """The session under the cursor; None without one."""
        return self.shown[self.position] if self.shown else None

    @property
    def everything(self) -> Sequence[RecordedSession]:
        """All sessions, whether or not the filter shows them."""
        return self._all or ()

    def show_sessions(self, sessions: Sequence[RecordedSession], problem: str = "") -> None:
        """Show these sessions, the newest first. problem: why they could not be read."""
        at = self.position
        self._all, self._problem = sessions, problem
        self.select(at)

    def select(self, position: int | None = None) -> None:
        """Show what filter and order say. position: for the cursor, if its session is gone."""
        place = self._place
        self.shown = in_order(matching(self._all or (), place.query), place.order, self._columns)
        gone = place.folder is not None and all(e.folder != place.folder for e in self.shown)
        if gone and self.shown:
            at = min(position or 0, len(self.shown) - 1)
            place.folder = self.shown[at].folder if at else None
        self.set_line_count(max(1, len(self.shown)))
        self._show_cursor()

    def empty_line(self) -> Spans:
        """What stands in the place of the sessions."""
        if self._problem:
            return [(f"  {self._problem}", "bad")]
        if self._all is None:
            return [("  The recorded sessions are being read.", "dim")]
        if self._all:
            return [("  No session has these words.", "dim")]
        return [("  No recorded sessions yet: each session that is started stands here.", "dim")]

    def render_line(self, y: int) -> Strip:
        """One session, marked if the cursor is on it."""
        line, width = self.top + y, self.scrollable_content_region.width
        if not self.shown and line == 0:
            return self.strip([(fit(text, width), look) for text, look in self.empty_line()], width)
        if line >= len(self.shown):
            return self.strip((), width)
        spans = session_row(self.shown[line], width, self._now(), self._columns)
        if line != self.position:
            return self.strip(spans, width)
        marked = [(" ▸ ", ""), *spans[1:]]
        return self.strip(
            marked, width, self.look("cursor" if self.has_focus else "cursor-blurred")
        )

    def on_click(self, event: Click) -> None:
        """Put the cursor on the session that was clicked; a double click opens it."""
        line = self.top + event.y
        if line < len(self.shown):
            self.action_step(line - self.position)
            if event.chain == 2:
                self.action_choose("open")

    def action_step(self, rows: int) -> None:
        """Move the cursor by this many sessions, negative ones up."""
        if self.shown:
            at = min(max(0, self.position + rows), len(self.shown) - 1)
            self._place.folder = self.shown[at].folder
            self._show_cursor()

    def action_page(self, pages: int) -> None:
        """Move the cursor by this many pages."""
        self.action_step(pages * max(1, self.page - 1))

    def _show_cursor(self) -> None:
        self.scroll_to_line(self.position)
        self.refresh()
        self.post_message(self.Changed())

    def action_choose(self, what: str) -> None:
        """Do something with the session under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current, what))

    def action_sort(self, step: int) -> None:
        """Sort by the column after (`step` 1) or before (-1)."""
        place = self._place
        known = orders(self._columns)
        place.order = known[(known.index(place.order) + step) % len(known)]
        self.select()

    def action_filter(self) -> None:
        """Type a filter."""
        self.post_message(self.FilterAsked())

    def action_close(self) -> None:
        """Close the page."""
        self.post_message(self.Closed())


class SessionsPage(Vertical):
    """The page: title, filter, headings, list and the session under the cursor."""

    def __init__(
        self,
        place: SessionsPlace,
        keymap: Mapping[str, str],
        prices: PriceTable | None,
        now: Callable[[], datetime],
    ) -> None:
        """now: the time of day, with a time zone."""
        super().__init__(id="sessions-page")
        self._columns = columns_with(prices)
        self._place, self._keymap, self._now = place, keymap, now
        self._title, self._headings = PaneTitle(id="sessions-title"), SingleLine()
        self._find = FindRow("a profile, a date, a model", id="sessions-find")
        self._preview = [SingleLine() for _ in range(PREVIEW_ROWS)]
        self.list = SessionList(place, self._columns, now)
        self._said: tuple[Path | None, Sequence[TranscriptLine]] = (None, ())
        """What was said last in the session of a folder, the one under the cursor or one before."""

    def compose(self) -> ComposeResult:
        """Yield the rows from top to bottom."""
        yield self._title
        yield self._find
        yield self._headings
        yield self.list
        yield from self._preview

    def on_mount(self) -> None:
        """Give the list the keys, and show the filter that was typed before."""
        if self._place.query:
            self._find.open(self._place.query)
        self.list.focus()

    def on_resize(self, event: Resize) -> None:
        """Leave out the preview where there is no room."""
        rows = preview_size(event.size.height)
        for position, row in enumerate(self._preview):
            row.display = position < rows
        self.sync()

    def sync(self) -> None:
        """Show title, headings and preview for what the list shows."""
        width, place = self.size.width, self._place
        if not width:
            return
        shown, everything = len(self.list.shown), len(self.list.everything)
        facts = f"{shown} of {everything}" if place.query else f"{everything}"
        find = key_of("events.filter", self._keymap)
        right: Spans = [(f" {find} filter  < > sort  d delete ", "dim")]
        right = right if width >= cells(right) + 40 else []
        focused = self.list.has_focus
        self._title.sync("Sessions", [(facts, "dim")], right, focused=focused)
        self._headings.show(heading(place.order, width, self._columns))
        self._find.show_result(facts if place.query else "")
        current = self.list.current
        rows: Sequence[Spans] = ()
        if current is not None:
            folder, said = self._said
            said = said if folder == current.folder else ()
            most = preview_size(self.size.height)
            rows = preview_rows(current, width, self._now(), said, most=most)
        for line, spans in zip(self._preview, [*rows, *([()] * PREVIEW_ROWS)], strict=False):
            line.show(spans)

    @property
    def hint(self) -> Spans:
        """What is said below the page."""
        everything = self.list.everything
        return [(f" {total(everything)}", "dim")] if everything else ()

    # The filter

    def on_session_list_filter_asked(self) -> None:
        """Focus the filter."""
        self._find.open(self._place.query)

    def on_session_list_changed(self) -> None:
        """Show the session under the cursor."""
        self.sync()
        current = self.list.current
        if current is not None and (current.running or current.folder != self._said[0]):
            self.run_worker(self._read_said(current.folder), exclusive=True, group="said")

    async def _read_said(self, folder: Path) -> None:
        """Show what was said last in this session, once the cursor has rested on it."""
        await asyncio.sleep(REST_S)
        read = partial(said_last, folder, SAID_LINES)
        said = await run_to_end_in_thread(read, within_s=READING_ENDS_S)
        if self.list.current is not None and self.list.current.folder == folder:
            self._said = (folder, said)
            self.sync()

    def on_find_row_typed(self, event: FindRow.Typed) -> None:
        """Show what has the words."""
        event.stop()
        self._place.query = event.query_text
        self.list.select()

    def on_find_row_entered(self, event: FindRow.Entered) -> None:
        """Go to the list; the filter stays."""
        event.stop()
        self._leave_filter()

    def on_find_input_left(self, event: FindInput.Left) -> None:
        """Show all sessions again."""
        event.stop()
        self._place.query = ""
        self._leave_filter()
        self.list.select()

    def on_key(self, event: Key) -> None:
        """Down leaves the filter."""
        if event.key == "down" and not self.list.has_focus:
            event.stop()
            self._leave_filter()

    def _leave_filter(self) -> None:
        if not self._place.query:
            self._find.close()
        self.list.focus()
