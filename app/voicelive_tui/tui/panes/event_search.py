"""Searches for an event to select or show. Pure functions of a journal's columns."""

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_types import is_streaming
from voicelive_tui.model.events.filters import FilterError, parse_filter

_MOST_ROWS_BACK = 11
"""The rows among which the newest event is searched, counted from the end."""


def nearest_match(index: EventIndex | None, expr: str, n: int | None, step: int) -> int | None:
    """The nearest record after (`step` 1) or before (-1) record `n` that matches this filter; with
    `n` None the first or the last one. The search has a view of its own, so that it works after
    the filter was removed from the list."""
    parsed = parse_filter(expr)
    if index is None or isinstance(parsed, FilterError):
        return None
    matches = EventView(index)
    matches.set_filter(parsed)
    matches.sync()
    if not matches.rows:
        return None
    if n is None:
        return matches.row(0 if step > 0 else matches.rows - 1).last_n
    position = matches.row_of(n)
    row = matches.row(min(max(0, position), matches.rows - 1))
    if (step > 0 and row.first_n > n) or (step < 0 and row.last_n < n):
        return row.last_n
    position += step
    return matches.row(position).last_n if 0 <= position < matches.rows else None


def count_matches(index: EventIndex | None, expr: str) -> int:
    """The number of rows of the event list that this filter would leave."""
    parsed = parse_filter(expr)
    if index is None or isinstance(parsed, FilterError):
        return 0
    view = EventView(index)
    view.set_filter(parsed)
    view.sync()
    return view.rows


def newest_unstreamed(view: EventView) -> int | None:
    """The newest event that is not part of a stream; None if the last rows hold none."""
    for position in range(view.rows - 1, max(-1, view.rows - 1 - _MOST_ROWS_BACK), -1):
        row = view.row(position)
        if not is_streaming(row.type_name):
            return row.last_n
    return None
