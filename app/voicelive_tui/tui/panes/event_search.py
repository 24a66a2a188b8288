"""Searches for an event to select or show. Pure functions of a journal's columns."""

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_types import is_streaming
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.filters import (
    CursorIds,
    Filter,
    FilterError,
    TurnSpan,
    parse_filter,
)
from voicelive_tui.model.turns.turn import Turn

_MOST_ROWS_BACK = 200
"""The rows among which the newest notable event is searched, counted from the end."""
_NOTABLE: Final = re.compile(
    r"^(?:error|warning|\(malformed\)|response\.done|session\.|transcription_session\.)"
    r"|\.failed$|\.error$"
    r"|_call|mcp_list_tools|speech_st|^console\.(?:connected|closed|retry|notice|tool|playback_st)"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A found event. number: its place among all `total` matches, from 1. wrapped: whether the
    search went on at the other end."""

    n: int
    number: int
    total: int
    wrapped: bool


def nearest_match(
    index: EventIndex | None, searched: Filter | FilterError, n: int | None, step: int
) -> Match | None:
    """The nearest record after (`step` 1) or before (-1) record `n` that matches this filter; with
    `n` None, and past the end, the first or the last one. The search has a view of its own, so that
    it works after the filter was removed from the list."""
    if index is None or isinstance(searched, FilterError):
        return None
    matches = EventView(index)
    matches.set_filter(replace(searched, keeps_errors=False))
    if not matches.rows:
        return None
    end = 0 if step > 0 else matches.rows - 1
    position, wrapped = end, False
    if n is not None:
        nearest = matches.row_of(n)
        row = matches.row(nearest)
        is_before = (row.t_s, row.first_n) < (index.t_s(n), n)
        on_it = row.first_n <= n <= row.last_n and matches.shows(n)
        if step > 0:
            position = nearest + 1 if on_it or is_before else nearest
        else:
            position = nearest if is_before and not on_it else nearest - 1
        wrapped = not 0 <= position < matches.rows
        position = end if wrapped else position
    return Match(matches.row(position).last_n, position + 1, matches.rows, wrapped)


def without_one_term(index: EventIndex, searched: Filter) -> tuple[str, int]:
    """The term of a filter without which most rows would be shown, and their number; an empty text
    if there are none either way."""
    best = ("", 0)
    for at, text in enumerate(searched.texts):
        view = EventView(index)
        view.set_filter(replace(searched.without(at), keeps_errors=False))
        best = max(best, (text, view.rows), key=lambda found: found[1])
    return best


def cursor_ids(index: EventIndex, n: int, turns: Sequence[Turn]) -> CursorIds:
    """What record `n` belongs to."""
    event = index.record(n).event
    item = get_str(event, "item_id") or get_str(get_object(event, "item"), "id")
    resp = get_str(event, "response_id") or get_str(get_object(event, "response"), "id")
    at = bisect_right(turns, index.t_s(n), key=lambda turn: turn.started_s)
    return CursorIds(item, resp, turns[at - 1].number if at else None)


def turn_spans(turns: Sequence[Turn]) -> tuple[TurnSpan, ...]:
    """The time of each turn, which goes to the beginning of the next one."""
    ends_s = [*(turn.started_s for turn in turns[1:]), math.inf]
    return tuple(
        TurnSpan(turn.number, turn.started_s, end_s)
        for turn, end_s in zip(turns, ends_s, strict=False)
    )


def count_matches(index: EventIndex | None, expr: str) -> int:
    """The number of rows of the event list that this filter would leave."""
    parsed = parse_filter(expr)
    if index is None or isinstance(parsed, FilterError):
        return 0
    view = EventView(index)
    view.set_filter(parsed)
    view.sync()
    return view.rows


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
