"""The events pane: the filtered event list, and one event in full.

Invariant: one pane serves all tabs. What the user has set up for a tab is kept in its TabState and
restored with the tab.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from voicelive_common.printable import printable

from voicelive_tui.journal.event_pairs import pair_of, why_no_pair
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import CursorIds
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.panes.event_search import newest_notable
from voicelive_tui.tui.panes.event_summary import details_of_record, details_of_row
from voicelive_tui.tui.panes.events_title import (
    detail_title,
    list_end,
    list_facts,
    marks_apart,
)
from voicelive_tui.tui.panes.filtered_events import FilteredEvents
from voicelive_tui.tui.tab_state import TabState
from voicelive_tui.tui.widgets.event_detail import EventDetail
from voicelive_tui.tui.widgets.event_list import EventList
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import fit

_DETAILS_EVERY_S = 1.0
"""Seconds for which the details stay as they are while events come."""
_STILL_GROWS = 4_000
"""Later records among which an event may get its reply or its end."""
_COUNT_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the details show: their first event, whether they follow the list, the number of events
    then, and when that was."""

    first_n: int
    following: bool
    count: int
    at_s: float


_NOTHING = _Shown(-1, False, 0, 0.0)


class EventsPane(FilteredEvents):
    """The event list and the details of the current tab."""

    class Elsewhere(Message):
        """The list may have left the event whose JSON is shown."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(keymap, id=id)
        self._states: dict[str, TabState] = {}
        self._key = ""
        self._detailed = _NOTHING
        self._counted: tuple[int, float] = (0, 0.0)
        self._detail = EventDetail(keymap, id="detail")
        self._events_title = PaneTitle(id="events-title")
        self._detail_title = PaneTitle(id="detail-title")

    def compose(self) -> ComposeResult:
        """Yield title, event list, filter line, and the details below it."""
        yield self._events_title
        yield self._events
        yield self._filter_line
        yield self._filter_keys
        yield self._detail_title
        yield self._detail

    @property
    def detail(self) -> EventDetail:
        """The details of one event."""
        return self._detail

    @property
    def state(self) -> TabState:
        """The state of the current tab's list."""
        return self._states.setdefault(self._key, TabState())

    # One heartbeat

    def sync(self, key: str, index: EventIndex | None, default_filter: str, now_s: float) -> None:
        """Show the current events of this tab, and all that the user has set up for them."""
        if key != self._key or index is not self.state.index:
            self._rebind(key, index, default_filter)
        self._follow_turns()
        self._events.sync()
        self._show_detail(now_s)
        self._count(now_s)
        self._show_titles()

    def show_new(self, now_s: float) -> bool:
        """Show the events of the current tab that arrived since the last heartbeat. Returns whether
        there are any in the list."""
        grown = self._events.sync()
        if grown or now_s >= self.due_s:
            self._show_detail(now_s)
            self._count(now_s)
            self._show_titles()
        return grown

    @property
    def due_s(self) -> float:
        """When the number of events and the newest one, which change no faster than they can be
        read, are shown anew; infinity if no event has come since."""
        index = self.state.index
        if index is None:
            return math.inf
        counted, counted_s = self._counted
        due_s = math.inf if index.count == counted else counted_s + _COUNT_EVERY_S
        shown = self._detailed
        may_change = self._events.cursor is None or index.count - shown.first_n < _STILL_GROWS
        if index.count != shown.count and may_change:
            due_s = min(due_s, shown.at_s + _DETAILS_EVERY_S)
        return due_s

    def forget(self, key: str) -> None:
        """Drop the state of a closed tab."""
        self._states.pop(key, None)

    def _rebind(self, key: str, index: EventIndex | None, default_filter: str) -> None:
        self._keep_position()
        new_tab = key not in self._states
        self._key = key
        state = self.state
        if new_tab:
            state.expr = state.default = default_filter
        if state.index is not index:
            state.index, state.cursor_n, state.mark_n, state.following, state.unseen = (
                index,
                None,
                None,
                True,
                0,
            )
            state.mark_end_n, state.cursor_ids = None, CursorIds()
            state.view = EventView(index) if index is not None else None
            if state.view is not None:
                state.view.set_collapse(state.collapse)
                self._apply(state.expr)
        self._detailed, self._counted = _NOTHING, (0, 0.0)
        self.detail.show(None)
        self.post_message(self.Elsewhere())
        self._restore_position()

    def _keep_position(self) -> None:
        if self._key in self._states:
            events, state = self.events, self.state
            state.cursor_n = events.cursor_n
            state.mark_n, state.mark_end_n = events.mark_n, events.mark_end_n
            state.top, state.following, state.unseen = events.top, events.following, events.unseen

    def _restore_position(self) -> None:
        state, events = self.state, self.events
        kept = (state.cursor_n, state.following, state.top, state.unseen)
        events.bind(state.view, state.index)
        self._mark_found()
        events.mark_n, events.mark_end_n = state.mark_n, state.mark_end_n
        cursor_n, following, top, unseen = kept
        if following:
            return
        events.following, events.unseen = False, unseen
        events.scroll_to(y=top, animate=False)
        if cursor_n is not None:
            events.go_to(cursor_n)

    # Commands

    def toggle_collapse(self) -> None:
        """Show each stream as one row, or each event."""
        state, events = self.state, self.events
        state.collapse = not state.collapse
        if state.view is not None:
            kept, following = events.cursor_n, events.following
            for view in (state.view, state.lit):
                if view is not None:
                    view.set_collapse(state.collapse)
            events.restore(kept, following)
        self.post_message(
            self.Notice(
                "info",
                "Each stream is one row."
                if state.collapse
                else "Every event has a row of its own.",
            )
        )

    def toggle_mark(self) -> None:
        """Count times from the event under the cursor; at a second one say how long after the first
        it was; then count from the session's start again."""
        events, index = self.events, self.state.index
        n = events.cursor_n
        if n is None and events.view is not None and events.view.rows:
            n = events.view.row(events.view.rows - 1).last_n
        if n is None or index is None:
            return
        if events.mark_n is None:
            events.mark_n = n
        elif events.mark_end_n is None and n != events.mark_n:
            events.mark_end_n = n
            self.post_message(self.Notice("info", marks_apart(index, events.mark_n, n)))
        else:
            events.mark_n = events.mark_end_n = None
            self.post_message(self.Notice("info", "Times count from the start of the session."))
        events.refresh()

    def seek_error(self, step: int) -> bool:
        """Go to the next error (`step` 1) or the previous one (-1); returns False and says so if
        there is none."""
        found = self.events.seek_error(1 if step > 0 else -1)
        if not found:
            self.post_message(
                self.Notice("info", "No later error." if step > 0 else "No earlier error.")
            )
        return found

    def to_pair(self) -> None:
        """Go from the event in the details to the one that belongs to it: a request and its reply,
        the beginning of an answer or of speech and its end."""
        shown_n, index, view = self._chosen_n(), self.state.index, self.events.view
        if shown_n is None or index is None or view is None:
            self.post_message(self.Notice("info", "There is no event yet."))
            return
        n = pair_of(index, shown_n)
        if n is None:
            self.post_message(self.Notice("info", why_no_pair(index, shown_n)))
            return
        row = view.row(view.row_of(n)) if view.rows else None
        if row is None or not row.first_n <= n <= row.last_n:
            hidden = f"The filter hides its pair, {printable(fit(index.type_name(n), 60))}."
            self.post_message(self.Notice("info", hidden, "{events.filter} shows it."))
            return
        self.events.go_to(n)

    def chosen_event(self) -> tuple[EventIndex, int] | None:
        """The event whose JSON is asked for, as its number in an index; None for what is no
        event."""
        n, index = self._chosen_n(), self.state.index
        return (index, n) if index and n is not None and index.record(n).event else None

    def _chosen_n(self) -> int | None:
        """The event under the cursor, or of a folded row the one that has the cursor in the
        details; the event in the details while the list follows. The details may still show the
        event before, because they change with the heartbeat."""
        row, n = self.events.cursor_row, self.detail.chosen_n
        is_behind = row is not None and (n is None or not row.first_n <= n <= row.last_n)
        return row.last_n if row is not None and is_behind else n

    @on(EventList.Moved)
    def _moved(self) -> None:
        self.post_message(self.Elsewhere())

    def current_record(self) -> Record | None:
        """The event that the details show."""
        return self.detail.record

    # Titles and details

    def _show_detail(self, now_s: float) -> None:
        index = self.state.index
        if index is None or not index.count:
            self.detail.show(None, [("An event shows up here in words.", "dim")])
            return
        row = self.events.cursor_row
        shown = self._detailed
        is_early = index.count == shown.count or 0 <= now_s - shown.at_s < _DETAILS_EVERY_S
        is_old = row is not None and index.count - row.last_n > _STILL_GROWS
        is_shown = shown.following if row is None else shown.first_n == row.first_n
        if is_shown and (is_early or is_old):
            return
        n = row.last_n if row is not None else self._notable_n()
        first_n = row.first_n if row is not None else -1 if n is None else n
        self._detailed = (
            self._detailed if n is None else _Shown(first_n, row is None, index.count, now_s)
        )
        if n is None:
            select = with_keys("{move.up} and {move.down} select an event.", self.keymap)
            self.detail.show(None, [(select, "dim")])
        else:
            view = self.events.view
            self.detail.show(
                details_of_record(index, n)
                if row is None or view is None
                else details_of_row(index, view, row)
            )

    def _notable_n(self) -> int | None:
        """The event for the details while no event is selected."""
        view, record = self.events.view, self.detail.record
        found = newest_notable(view) if view is not None else None
        return found if found is not None or record is None else record.n

    def _count(self, now_s: float) -> None:
        """Update the number of events, no faster than it can be read: each change of the screen
        takes a millisecond of a core."""
        count = self.state.index.count if self.state.index is not None else 0
        if not 0 <= now_s - self._counted[1] < _COUNT_EVERY_S or count < self._counted[0]:
            self._counted = (count, now_s)

    def _show_titles(self) -> None:
        events, state = self.events, self.state
        marks = tuple(n for n in (events.mark_n, events.mark_end_n) if n is not None)
        facts = list_facts(state, events.view.rows if events.view else 0, self._counted[0], marks)
        end = list_end(events, state, self.keymap, mistaken=self._mistaken)
        self._events_title.sync("Events", facts, end, focused=events.has_focus)
        self._detail_title.sync(
            *detail_title(self.detail.record, state.index, events.cursor_row, self.keymap),
            focused=self.detail.has_focus,
        )
