"""The filter of the events pane: the line in which it is typed, filters from the cursor, shading,
and the search for matches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model import notice
from voicelive_tui.model.events.filters import (
    EVERYTHING,
    CursorIds,
    Filter,
    FilterError,
    parse_filter,
)
from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.panes.event_search import (
    cursor_ids,
    nearest_match,
    turn_spans,
    without_one_term,
)
from voicelive_tui.tui.panes.filter_from import choices, filter_from
from voicelive_tui.tui.tab_state import TabState
from voicelive_tui.tui.widgets.choice_rows import ChoiceRows
from voicelive_tui.tui.widgets.event_list import EventList
from voicelive_tui.tui.widgets.filter_input import FilterInput
from voicelive_tui.tui.widgets.filter_line import FilterLine, mistake_rows
from voicelive_tui.tui.widgets.spans import fit_middle

_TYPE_CELLS: Final = 24
_WITH_HELP: Final = "filter-help"
"""The screen's class while the page about the filter stands in the transcript's place."""
_FEW_ROWS: Final = 50
"""The most rows of which it is looked up whether all are errors, which a filter does not hide."""


class FilteredEvents(Vertical):
    """A pane with an event list that is filtered. turns: the turns of the current session."""

    class Notice(Message):
        """A notice for the message bar."""

        def __init__(self, level: NoticeLevel, text: str, cure: str = "") -> None:
            super().__init__()
            self.notice = notice.Notice(level, text, cure)

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.keymap = keymap
        self.turns: Sequence[Turn] = ()
        self._events = EventList(id="events")
        self._filter_line = FilterLine(id="filter-row")
        self._filter_keys = ChoiceRows(id="filter-keys")
        self._before = ("", CursorIds())
        self._asked: tuple[str, CursorIds, Widget | None] | None = None
        """Type, ids and former focus while a letter for a filter is awaited."""
        self._mistaken = False
        self._applied_turns: Sequence[Turn] = ()

    @property
    def events(self) -> EventList:
        """The event list."""
        return self._events

    @property
    def state(self) -> TabState:
        """The state of the current tab's list."""
        raise NotImplementedError

    # Applying a filter

    def _apply(self, expr: str) -> FilterError | None:
        """Filter by this expression; returns the mistake if there is one."""
        found = parse_filter(expr)
        if isinstance(found, FilterError):
            return found
        self.state.expr, self.state.parsed = expr, found
        self._show_filter()
        return None

    def _show_filter(self) -> None:
        """Give the list the rows that the filter shows, or shade the others."""
        state, self._applied_turns = self.state, self.turns
        state.lit = None
        if state.view is not None and state.index is not None:
            wanted = state.parsed.resolved(turn_spans(self.turns), state.cursor_ids)
            if state.shaded and state.expr != state.default:
                state.lit = EventView(state.index)
                state.lit.set_collapse(state.collapse)
                state.lit.set_filter(wanted)
                base = parse_filter(state.default)
                wanted = EVERYTHING if isinstance(base, FilterError) else base
            state.view.set_filter(wanted)
        self._mark_found()

    def _mark_found(self) -> None:
        """Let the list shade rows and mark found text as the tab's filter says."""
        searched = parse_filter(self.state.find)
        found = () if isinstance(searched, FilterError) else searched.words
        self._events.lit = self.state.lit
        self._events.words = tuple(dict.fromkeys((*self.state.parsed.words, *found)))

    def _follow_turns(self) -> None:
        """Filter anew if the filter names a turn and the turns have changed."""
        if self.turns is not self._applied_turns and self.state.parsed.needs_turns:
            self._refilter()

    def _refilter(self) -> None:
        kept, following = self._events.cursor_n, self._events.following
        self._show_filter()
        self._events.restore(kept, following)

    def _filter_by(self, expr: str) -> FilterError | None:
        """Filter by this expression and keep the cursor's event; returns the mistake if there is
        one."""
        kept, following = self._events.cursor_n, self._events.following
        changed = expr != self.state.expr
        problem = self._apply(expr)
        self._mistaken = problem is not None
        if problem is None and changed:
            self._events.restore(kept, following)
        return problem

    # Typing a filter

    def open_filter(self) -> None:
        """Show the filter line with the current filter in it."""
        state, line = self.state, self._filter_line
        self._before = (state.expr, state.cursor_ids)
        state.cursor_ids = self._cursor_ids()
        line.add_class("open")
        line.say()
        line.input.begin("" if state.expr == state.default else state.expr)
        self.screen.set_focus(line.input)

    @property
    def filter_is_open(self) -> bool:
        """Whether a filter is being typed."""
        return self._filter_line.has_class("open")

    @on(Input.Changed, "#filter")
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        if self.filter_is_open:
            problem = self._filter_by(event.value.strip() or self.state.default)
            self._explain(problem, event.value)

    def _explain(self, problem: FilterError | None, typed: str) -> None:
        """Say below the line where a mistake is, or what would find more."""
        line, state, view = self._filter_line, self.state, self.state.lit or self.state.view
        total = state.index.count if state.index is not None else 0
        if problem is not None:
            still = f"{state.expr}, {amount(self._events.line_count)} of {amount(total)}"
            indent = len(typed) - len(typed.lstrip())
            moved = replace(problem, start=problem.start + indent, end=problem.end + indent)
            scrolled = round(line.input.scroll_x)
            line.say(*mistake_rows(moved, scrolled, line.size.width, still))
        elif (
            view is None or state.index is None or not total or _finds_something(state.index, view)
        ):
            line.say()
        else:
            term, rows = without_one_term(state.index, view.filter)
            more = (
                f"nothing; without {term} {amount(rows)}"
                if rows and len(view.filter.texts) > 1
                else f"nothing in {amount(total)} events"
            )
            line.say([("   ", ""), (more, "warn")])

    @on(Input.Submitted, "#filter")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        expr = typed or self.state.default
        if problem := self._filter_by(expr):
            self.post_message(self.Notice("error", str(problem)))
            return
        if typed:
            self.state.find = expr
            self._filter_line.input.keep(expr)
        self.close_filter()

    @on(FilterInput.Left)
    def _gave_up(self, event: FilterInput.Left) -> None:
        event.stop()
        expr, self.state.cursor_ids = self._before
        self._filter_by(expr)
        self.close_filter()

    @on(FilterInput.HelpAsked)
    def _toggle_help(self, event: FilterInput.HelpAsked) -> None:
        event.stop()
        if not self._close_help():
            from voicelive_tui.tui.panes.filter_help import FilterHelp

            help_page = FilterHelp(key_of("events.shade", self.keymap))
            self.screen.query_one("#transcript-pane").mount(help_page)
            self.screen.add_class(_WITH_HELP)

    def _close_help(self) -> bool:
        """Remove the page about the filter; returns False if it is not shown."""
        is_shown = self.screen.has_class(_WITH_HELP)
        if is_shown:
            self.screen.query("FilterHelp").remove()
            self.screen.remove_class(_WITH_HELP)
        return is_shown

    def close_filter(self) -> None:
        """Hide the filter line and focus the list."""
        self._close_help()
        self._mistaken = False
        self._mark_found()
        self._filter_line.remove_class("open")
        self.screen.set_focus(self._events)

    # Filters from the cursor

    def ask_filter(self) -> None:
        """Offer the filters that one letter makes of the row under the cursor."""
        row = self._events.cursor_row or self._events.last_row
        if row is None:
            self.post_message(self.Notice("info", "There is no event to filter from yet."))
            return
        ids = self._cursor_ids()
        self._asked = (row.type_name, ids, self.screen.focused)
        self._filter_keys.offer(choices(fit_middle(row.type_name, _TYPE_CELLS), ids))
        self._filter_keys.add_class("open")
        self.screen.set_focus(self._filter_keys)

    @on(ChoiceRows.Chosen)
    def _filter_from(self, event: ChoiceRows.Chosen) -> None:
        event.stop()
        if self._asked is None:
            return
        (type_name, ids, focused), self._asked = self._asked, None
        if self.screen.focused is self._filter_keys:
            self.screen.set_focus(focused or self._events)
        self._filter_keys.remove_class("open")
        if not event.letter:
            return
        state = self.state
        expr = filter_from(event.letter, type_name, ids, state.expr)
        if expr is None or (problem := self._filter_by(expr or state.default)) is not None:
            said = f"No filter was made: `{event.letter}` means nothing for this event."
            self.post_message(self.Notice("info", said if expr is None else str(problem)))

    def _cursor_ids(self) -> CursorIds:
        """What the event under the cursor, or else the newest one, belongs to."""
        row, index = self._events.cursor_row or self._events.last_row, self.state.index
        if row is None or index is None:
            return CursorIds()
        return cursor_ids(index, row.first_n, self.turns)

    def toggle_shade(self) -> None:
        """Shade the rows that do not match instead of hiding them, or hide them again."""
        state = self.state
        if not state.shaded and state.expr == state.default:
            self.post_message(
                self.Notice(
                    "info", "There is no filter to shade by.", "{events.filter} types a filter."
                )
            )
            return
        state.shaded = not state.shaded
        self._refilter()

    # Searching for matches

    def seek_match(self, step: int) -> None:
        """Go to the next (`step` 1) or previous (-1) event that matches the last filter typed; past
        the last one to the first."""
        state, events = self.state, self._events
        if not state.find:
            self.post_message(
                self.Notice("info", "Nothing to look for yet.", "{events.filter} types a filter.")
            )
            return
        searched = parse_filter(state.find)
        if isinstance(searched, Filter):
            searched = searched.resolved(turn_spans(self.turns), state.cursor_ids)
        row = events.cursor_row
        found = nearest_match(state.index, searched, row.first_n if row else None, step)
        if found is None:
            self.post_message(self.Notice("info", f"No event matches {state.find}"))
            return
        events.go_to(found.n)
        if found.wrapped:
            end = "first" if step > 0 else "last"
            place = f"{amount(found.number)} of {amount(found.total)}"
            self.post_message(self.Notice("info", f"On from the {end} match: {place}."))


def _finds_something(index: EventIndex, view: EventView) -> bool:
    """Whether a row matches: errors are shown in any case."""
    if view.rows > _FEW_ROWS:
        return True
    strict = EventView(index)
    strict.set_filter(replace(view.filter, keeps_errors=False))
    return strict.rows > 0
