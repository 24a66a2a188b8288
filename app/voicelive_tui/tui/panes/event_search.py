"""Searches for an event to select or show. Pure functions of a journal's columns."""

import re
from typing import Final

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_types import is_streaming
from voicelive_tui.model.events.filters import FilterError, parse_filter

_MOST_ROWS_BACK = 200
"""The rows among which the newest notable event is searched, counted from the end."""
_NOTABLE: Final = re.compile(
    r"^(?:error|warning|\(malformed\)|response\.done|session\.|transcription_session\.)"
    r"|\.failed$|\.error$"
    r"|_call|mcp_list_tools|speech_st|^console\.(?:connected|closed|retry|notice|tool|playback_st)"
)


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


def newest_notable(view: EventView) -> int | None:
    """The newest event worth a look while the list follows: an error, the end of a response, a row
    of tools, speech or session; else the newest that is neither part of a stream nor a report of
    limits. None if the last rows hold none."""
    fallback: int | None = None
    for position in range(view.rows - 1, max(-1, view.rows - 1 - _MOST_ROWS_BACK), -1):
        row = view.row(position)
        if is_streaming(row.type_name) or row.type_name == "rate_limits.updated":
            continue
        if is_notable(row.type_name):
            return row.last_n
        fallback = row.last_n if fallback is None else fallback
    return fallback


def is_notable(type_name: str) -> bool:
    """Whether an event of this type says how the conversation goes on."""
    return _NOTABLE.search(type_name) is not None and not is_streaming(type_name)
