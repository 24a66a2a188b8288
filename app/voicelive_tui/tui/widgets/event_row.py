"""Lays out one row of the event list: time, distance, direction, short name and gist.

From `WIDE` columns on, the gist has a column of its own and times have milliseconds; below, the
gist follows the name.
"""

from dataclasses import dataclass
from typing import Final

from voicelive_tui.model.events.actors import Actor
from voicelive_tui.tui.widgets.row_times import clock_time, distance
from voicelive_tui.tui.widgets.spans import Span, cells, fit, fit_middle

GLYPHS = {"sent": ">", "received": "<", "local": "="}
"""The glyph of each direction; `=` is a local fact, which crossed no wire."""

WIDE: Final = 60
NAME_CELLS: Final = 20
NO_REPLY: Final = "! no reply"
"""The end of the gist of a request that the service has not answered in time."""
SLOW_S: Final = 1.0
"""A row that comes this long after the one before is marked."""

_ACTOR_LOOKS: Final[dict[Actor, str]] = {
    "you": "sent",
    "agent": "received",
    "tool": "call",
    "service": "",
    "machine": "local",
}


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The values that a row shows.

    t_s: time of the row's first event. distance_s: seconds since the row before, or with
    `from_mark` since the time mark; None for the first row. name: the short name of its type.
    count: the number of events in the row. gutter: the cell before the row.
    """

    t_s: float
    distance_s: float | None
    direction: str
    name: str
    gist: str
    actor: Actor = "service"
    count: int = 1
    error: bool = False
    from_mark: bool = False
    gutter: str = " "
    no_reply: bool = False


def row_spans(facts: RowFacts, width: int) -> list[Span]:
    """The row in at most `width` cells."""
    wide = width >= WIDE
    time_cells, decimals, distance_cells = (8, 3, 6) if wide else (6, 1, 4)
    look = "bad" if facts.error else _ACTOR_LOOKS[facts.actor]
    glyph_look = "bad" if facts.error else facts.direction
    spans: list[Span] = [
        (facts.gutter, "mark"),
        (clock_time(facts.t_s, time_cells, decimals), "dim"),
        (" ", ""),
        _distance(facts, distance_cells),
        (" ", ""),
        (GLYPHS.get(facts.direction, "?"), glyph_look),
        (" ", ""),
    ]
    return spans + _name_and_gist(facts, look, width - cells(spans), wide=wide)


def _distance(facts: RowFacts, width: int) -> Span:
    if facts.distance_s is None:
        return " " * width, ""
    slow = facts.distance_s >= SLOW_S and not facts.from_mark
    return distance(facts.distance_s, width, always=facts.from_mark), "slow" if slow else "dim"


def _name_and_gist(facts: RowFacts, look: str, room: int, *, wide: bool) -> list[Span]:
    count = f" x{facts.count}" if facts.count > 1 else ""
    name = fit_middle(facts.name, min(NAME_CELLS, room) - len(count))
    spans: list[Span] = [(name, look), (count, look)]
    used = cells(spans)
    gap = max(0, NAME_CELLS - used) + 1 if wide else 2
    gist, room_for_gist = _marked(facts), room - used - gap
    if not (gist or facts.no_reply) or room_for_gist < 1:
        return [(fit(name, room), look)] if used > room else spans
    return [*spans, (" " * gap, ""), *_gist_spans(gist, facts, room_for_gist)]


def _gist_spans(gist: str, facts: RowFacts, room: int) -> list[Span]:
    """The gist, and behind it that the reply is missing, which is never cut before the gist is."""
    if not facts.no_reply:
        return [(fit(gist, room), _gist_look(facts))]
    shown = fit(gist, max(0, room - len(NO_REPLY) - 2))
    return [(f"{shown}  " if shown else "", ""), (fit(NO_REPLY, room), "warn")]


def _marked(facts: RowFacts) -> str:
    """The gist; of an error behind its mark, which says what its colour says."""
    return f"✗ {facts.gist}".rstrip() if facts.error and "✗" not in facts.gist else facts.gist


def _gist_look(facts: RowFacts) -> str:
    if facts.error:
        return "bad"
    return "warn" if facts.gist.startswith("! ") else ""
