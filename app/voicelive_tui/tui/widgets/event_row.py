"""Lays out one row of the event list: time, gap to the row before, direction, type and summary."""

from dataclasses import dataclass

from voicelive_tui.tui.formatting import gap, minutes
from voicelive_tui.tui.widgets.spans import Span, fit, fit_middle

GLYPHS = {"sent": ">", "received": "<", "local": "="}
"""The glyph of each direction; `=` is a local fact, which crossed no wire."""

_TIME_CELLS = 9
_GAP_CELLS = 7
_NARROW = 50
_COLUMNS_FROM = 44


@dataclass(frozen=True, slots=True)
class RowFacts:
    """The values that a row shows.

    t_s: time of the row's first event, counted from the time mark if there is one. gap_s: seconds
    since the row before, None for the first row. count: the number of events collapsed into the
    row. span_s: seconds from the first of them to the last. audio_ms: audio in all of them. gutter:
    the cell before the row.
    """

    t_s: float
    gap_s: float | None
    direction: str
    type_name: str
    summary: str
    count: int = 1
    span_s: float = 0.0
    audio_ms: float = 0.0
    error: bool = False
    gutter: str = " "


def row_spans(facts: RowFacts, width: int) -> list[Span]:
    """The row in at most `width` cells. A narrow pane leaves out the gap, and a summary for which
    there is hardly room."""
    head: list[Span] = [
        (facts.gutter, "mark"),
        (minutes(facts.t_s).rjust(_TIME_CELLS), "dim"),
        (" ", ""),
    ]
    used = 1 + max(_TIME_CELLS, len(minutes(facts.t_s))) + 1
    if width >= _NARROW:
        head.append(
            ((gap(facts.gap_s) if facts.gap_s is not None else "").rjust(_GAP_CELLS) + " ", "faint")
        )
        used += _GAP_CELLS + 1
    look = "bad" if facts.error else facts.direction
    head += [(GLYPHS.get(facts.direction, "?"), look), (" ", "")]
    return head + _type_and_summary(facts, look, width - used - 2)


def _type_and_summary(facts: RowFacts, look: str, room: int) -> list[Span]:
    count = f" x{facts.count}" if facts.count > 1 else ""
    column = min(42, max(26, int(room * 0.55))) if room >= _COLUMNS_FROM else 0
    name = fit_middle(facts.type_name, (column or room) - len(count))
    summary_cells = room - max(column, len(name) + len(count)) - 2
    spans: list[Span] = [(name, look), (count, "strong")]
    summary = run_summary(facts, summary_cells) if facts.count > 1 else facts.summary
    if summary and summary_cells >= min(8, len(summary)):
        spans += [
            (" " * (max(column, len(name) + len(count)) + 2 - len(name) - len(count)), ""),
            (fit(summary, summary_cells), "dim"),
        ]
    return spans


def run_summary(facts: RowFacts, room: int = 80) -> str:
    """A summary of a collapsed run: its audio, and how much faster than real time it arrived;
    without audio, the last event's summary."""
    if facts.audio_ms <= 0:
        return facts.summary
    seconds = facts.audio_ms / 1000
    sound = f"{seconds:.2f} s"
    if facts.span_s <= 0.05 or facts.direction != "received":
        return sound
    speed = f"  {seconds / facts.span_s:.1f}x rt"
    return sound + speed if len(sound + speed) <= room else sound
