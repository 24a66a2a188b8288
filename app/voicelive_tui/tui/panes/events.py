"""The events pane: the filtered event list, and one event in full.

Invariant: one pane serves all tabs. What the user has set up for a tab is kept in its TabState and
restored with the tab.
"""

import math
from collections.abc import Mapping

from textual.app import ComposeResult

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import CursorIds
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.panes.event_search import newest_unstreamed
from voicelive_tui.tui.panes.events_title import detail_title, list_end, list_facts
from voicelive_tui.tui.panes.filtered_events import FilteredEvents
from voicelive_tui.tui.tab_state import TabState
from voicelive_tui.tui.widgets.event_detail import EventDetail
from voicelive_tui.tui.widgets.pane_title import PaneTitle

_LATEST_EVERY_S = 0.5
_COUNT_EVERY_S = 0.5


class EventsPane(FilteredEvents):
    """The event list and the details of the current tab."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(keymap, id=id)
        self._states: dict[str, TabState] = {}
        self._key = ""
        self._latest: tuple[int, float] = (-1, 0.0)
        self._searched = 0
        """The number of events when the newest one for the details was looked up."""
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
        if self._events.cursor is None and index.count != self._searched:
            due_s = min(due_s, self._latest[1] + _LATEST_EVERY_S)
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
            state.cursor_ids = CursorIds()
            state.view = EventView(index) if index is not None else None
            if state.view is not None:
                state.view.set_collapse(state.collapse)
                self._apply(state.expr)
        self._latest, self._searched, self._counted = (-1, 0.0), 0, (0, 0.0)
        self.detail.show(None)
        self._restore_position()

    def _keep_position(self) -> None:
        if self._key in self._states:
            events, state = self.events, self.state
            state.cursor_n, state.mark_n = events.cursor_n, events.mark_n
            state.top, state.following, state.unseen = events.top, events.following, events.unseen

    def _restore_position(self) -> None:
        state, events = self.state, self.events
        kept = (state.cursor_n, state.following, state.top, state.unseen)
        events.bind(state.view, state.index)
        self._mark_found()
        events.mark_n = state.mark_n
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
        """Count times from the event under the cursor, or from the session's start again."""
        events = self.events
        n = events.cursor_n
        if n is None and events.view is not None and events.view.rows:
            n = events.view.row(events.view.rows - 1).last_n
        events.mark_n = None if n is None or events.mark_n == n else n
        if events.mark_n is None:
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

    def current_record(self) -> Record | None:
        """The event that the details show."""
        return self.detail.record

    # Titles and details

    def _show_detail(self, now_s: float) -> None:
        events = self.events
        index = self.state.index
        if index is None or not index.count:
            self.detail.show(None, [("Events show up here as JSON.", "dim")])
            return
        n = events.cursor_n
        if n is None:
            n = self._latest_n(now_s)
        if n is None:
            select = with_keys("{move.up} and {move.down} select an event.", self._keymap)
            self.detail.show(None, [(select, "dim")])
        elif self.detail.record is None or self.detail.record.n != n:
            self.detail.show(index.record(n))

    def _latest_n(self, now_s: float) -> int | None:
        """The newest event that is not part of a stream, for the details while no event is
        selected. It changes no faster than it can be read."""
        view = self.events.view
        shown, since_s = self._latest
        if view is None or (shown >= 0 and 0 <= now_s - since_s < _LATEST_EVERY_S):
            return shown if shown >= 0 else None
        self._searched = self.state.index.count if self.state.index is not None else 0
        n = newest_unstreamed(view)
        if n is not None:
            self._latest = (n, now_s)
            return n
        return shown if shown >= 0 else None

    def _count(self, now_s: float) -> None:
        """Update the number of events, no faster than it can be read: each change of the screen
        takes a millisecond of a core."""
        count = self.state.index.count if self.state.index is not None else 0
        if not 0 <= now_s - self._counted[1] < _COUNT_EVERY_S or count < self._counted[0]:
            self._counted = (count, now_s)

    def _show_titles(self) -> None:
        events, state = self.events, self.state
        facts = list_facts(
            state, events.view.rows if events.view else 0, self._counted[0], events.mark_n
        )
        end = list_end(events, state, self._keymap, mistaken=self._mistaken)
        self._events_title.sync("Events", facts, end, focused=events.has_focus)
        self._detail_title.sync(
            *detail_title(self.detail.record, state.index, events.cursor_row),
            focused=self.detail.has_focus,
        )
