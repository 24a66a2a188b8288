"""One row of the event list as spans: when, how long after the row before, which way, what, and a
few words about it."""

from dataclasses import dataclass

from voicelive_tui.tui.formatting import gap, minutes
from voicelive_tui.tui.widgets.spans import Span, fit, fit_middle

GLYPHS = {"sent": ">", "received": "<", "local": "="}
"""How directions are drawn; `=` is a fact of this machine that crossed no wire."""

_TIME_CELLS = 9
_GAP_CELLS = 7
_NARROW = 50
_COLUMNS_FROM = 44


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row shows.

    t_s: of the row's first event, from the time mark if there is one; gap_s: since the row shown
    before, None for the first. count: events collapsed into the row; span_s: from the first of them
    to the last; audio_ms: sound in all of them. gutter: one cell before the row.
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
    """The row in at most `width` cells; a narrow pane does without the gap, and without a summary
    that would be a stump."""
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
    return head + _what(facts, look, width - used - 2)


def _what(facts: RowFacts, look: str, room: int) -> list[Span]:
    count = f" x{facts.count}" if facts.count > 1 else ""
    column = min(42, max(26, int(room * 0.55))) if room >= _COLUMNS_FROM else 0
    name = fit_middle(facts.type_name, (column or room) - len(count))
    left = room - max(column, len(name) + len(count)) - 2
    spans: list[Span] = [(name, look), (count, "strong")]
    summary = run_words(facts, left) if facts.count > 1 else facts.summary
    if summary and left >= min(8, len(summary)):
        spans += [
            (" " * (max(column, len(name) + len(count)) + 2 - len(name) - len(count)), ""),
            (fit(summary, left), "dim"),
        ]
    return spans


def run_words(facts: RowFacts, room: int = 80) -> str:
    """What a collapsed run amounts to: how much sound, and how much faster than real time it came;
    else its last summary."""
    if facts.audio_ms <= 0:
        return facts.summary
    seconds = facts.audio_ms / 1000
    sound = f"{seconds:.2f} s"
    if facts.span_s <= 0.05 or facts.direction != "received":
        return sound
    speed = f"  {seconds / facts.span_s:.1f}x rt"
    return sound + speed if len(sound + speed) <= room else sound
