"""Level meters in dBFS with bar, hold mark, figure and clip warning, and a line of facts about the
audio."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip

from voicelive_tui.model.meter import FLOOR_DBFS, SILENT, Level
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import dbfs
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, SpanWidget

_UNIT_CELLS = 5
_FIXED_CELLS = 13
"""Cells of a meter besides label and bar: two gaps, ` -18.2`, ` dBFS`."""

_YELLOW_DBFS = -18.0
_RED_DBFS = -6.0
_TICK_STEPS_DB = (6, 10, 12, 20, 30)
"""The scale's steps in dB, the finest first; fewer cells need a coarser step."""


@dataclass(frozen=True, slots=True)
class _MeterRow:
    """What the row of a meter shows. label: before the bar. bar: its number of cells. filled: how
    many of them are full. hold: how many would be at the held peak. figure: the held peak in dBFS.
    clipped: whether the clip warning stands behind it."""

    label: Span
    bar: int
    filled: int
    hold: int
    figure: str
    clipped: bool

    @property
    def mark(self) -> int | None:
        """The cell of the bar with the mark of the held peak; None if the full ones cover it."""
        return self.hold - 1 if self.hold > self.filled else None

    def changed_cells(self, old: "_MeterRow") -> tuple[int, int] | None:
        """The first changed cell and the one after the last, counted from the start of the row;
        None if any may have changed."""
        if (self.label, self.bar) != (old.label, old.bar):
            return None
        bar_at = len(self.label[0]) + 2
        figure_at = bar_at + self.bar + 1
        unit_at = figure_at + len(self.figure)
        changed: list[int] = []
        if self.mark != old.mark:
            changed += [bar_at + mark for mark in (self.mark, old.mark) if mark is not None]
        if self.filled != old.filled:
            low, high = sorted((self.filled, old.filled))
            changed += [bar_at + low, bar_at + high - 1]
        pairs = zip(self.figure, old.figure, strict=False)
        changed += [figure_at + n for n, (new, was) in enumerate(pairs) if new != was]
        if self.clipped != old.clipped:
            changed += [unit_at, unit_at + _UNIT_CELLS - 1]
        return (min(changed), max(changed) + 1) if changed else None

    def spans(self) -> list[Span]:
        """The row from the first cell to the last."""
        unit: Span = (" CLIP", "clip") if self.clipped else (" dBFS", "dim")
        bar = _bar_spans(self.filled, self.hold, self.bar)
        return [(" ", ""), self.label, (" ", ""), *bar, (" " + self.figure, ""), unit]


class MeterBar(SpanWidget):
    """The level of one source. A meter of two rows shows a scale under its bar."""

    DEFAULT_CSS = "MeterBar { height: 1; width: 1fr; min-width: 24; }"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._level = SILENT
        self._row = _meter_row(SILENT, (name, ""), 0)

    def sync(self, level: Level, label: Span) -> bool:
        """Show this level. Repaints the cells that differ, and returns whether any does."""
        bar = self.outer_size.width - _label_cells(label) - _FIXED_CELLS
        old = self._row
        if level is self._level and (label, bar) == (old.label, old.bar):
            return False
        new = _meter_row(level, label, bar)
        self._level, self._row = level, new
        if new == old:
            return False
        if cells := new.changed_cells(old):
            self.refresh(Region(cells[0], 0, cells[1] - cells[0], 1))
        else:
            self.refresh()
        return True

    def render_line(self, y: int) -> Strip:
        """Row 0 is the bar, row 1 the scale."""
        width, label = self.size.width, self._row.label
        bar = width - _label_cells(label) - _FIXED_CELLS
        if bar < 4:
            return self.strip([(" ", ""), label], width)
        if y == 0:
            return self.strip(_meter_row(self._level, label, bar).spans(), width)
        return self.strip([(" " * (_label_cells(label) + 2), ""), (scale(bar), "faint")], width)


def _meter_row(level: Level, label: Span, bar: int) -> _MeterRow:
    return _MeterRow(
        label,
        bar,
        _cell(level.shown_dbfs, bar),
        _cell(level.hold_dbfs, bar),
        dbfs(level.hold_dbfs),
        level.clipped,
    )


def _label_cells(label: Span) -> int:
    return len(label[0])


def _cell(level_dbfs: float, bar: int) -> int:
    """The number of cells of the bar that a level fills."""
    return round(max(0.0, 1 - max(level_dbfs, FLOOR_DBFS) / FLOOR_DBFS) * bar)


def bar_spans(level: Level, bar: int) -> list[Span]:
    """The bar's cells: the filled ones by zone, the hold mark, the empty ones."""
    return list(_bar_spans(_cell(level.shown_dbfs, bar), _cell(level.hold_dbfs, bar), bar))


@lru_cache(maxsize=1024)
def _bar_spans(filled: int, hold: int, bar: int) -> tuple[Span, ...]:
    """The same for a bar with `filled` full cells whose held peak would fill `hold`."""
    yellow, red = _cell(_YELLOW_DBFS, bar), _cell(_RED_DBFS, bar)
    edges = sorted({0, min(yellow, filled), min(red, filled), filled})
    spans: list[Span] = []
    for start, end in pairwise(edges):
        zone = "meter-high" if start >= red else "meter-mid" if start >= yellow else "meter-low"
        spans.append(("■" * (end - start), zone))
    if hold > filled:
        off = [("─" * (hold - 1 - filled), "meter-off"), ("┃", "meter-hold")]
        off.append(("─" * (bar - hold), "meter-off"))
    else:
        off = [("─" * (bar - filled), "meter-off")]
    return tuple(span for span in [*spans, *off] if span[0])


@lru_cache(maxsize=16)
def scale(bar: int) -> str:
    """The tick labels under a bar of this many cells, in the finest step at which all of them
    fit."""
    for step in _TICK_STEPS_DB:
        line = _ticks(bar, step)
        if line is not None:
            return line
    return " " * bar


def _ticks(bar: int, step_db: int) -> str | None:
    """The labels from -60 to 0 dBFS in this step; None if two of them would touch."""
    out = " " * bar
    for tick in range(-60, 1, step_db):
        text = str(tick)
        start = min(max(0, _cell(tick, bar) - (len(text) + 1) // 2), max(0, bar - len(text)))
        if len(text) > bar or out[max(0, start - 1) : start + len(text) + 1].strip():
            return None
        out = out[:start] + text + out[start + len(text) :]
    return out


class MeterRow(Horizontal):
    """The meters of microphone and assistant, and the audio facts."""

    DEFAULT_CSS = "MeterRow { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._mic, self._agent, self._facts = MeterBar("mic"), MeterBar("agent"), SoundFacts()

    def compose(self) -> ComposeResult:
        """Yield two meters and the line of facts."""
        yield self._mic
        yield self._agent
        yield self._facts

    def sync(self, snapshot: EngineSnapshot, session: SessionSnapshot | None) -> None:
        """Show the levels of the session on air. Hidden while a recorded session is shown."""
        shown = session is None or session.state is not SessionState.RECORDED
        if self.display != shown:
            self.display = shown
        self.show_levels(snapshot)
        self._facts.sync(session)

    def show_levels(self, snapshot: EngineSnapshot) -> bool:
        """Show the levels alone. Returns whether a meter has moved."""
        mic_moved = self._mic.sync(snapshot.mic, mic_label(snapshot))
        return self._agent.sync(snapshot.assistant, _AGENT) or mic_moved


_AGENT: Span = ("agent", "")


def mic_label(snapshot: EngineSnapshot) -> Span:
    """The label of the microphone's meter."""
    if snapshot.muted:
        return ("mic muted", "warn")
    if snapshot.audio.input_is_file:
        return ("file", "accent")
    return ("mic", "")


class SoundFacts(SingleLine):
    """Echo cancellation, dropped blocks and playback gaps of the current session."""

    DEFAULT_CSS = "SoundFacts { width: 31; }"

    def sync(self, session: SessionSnapshot | None) -> None:
        """Show the figures counted in the session's journal."""
        if session is None:
            self.show(())
            return
        view = session.view
        spans: list[Span] = [(" echo ", "dim"), (echo_word(session), ""), ("  drops ", "dim")]
        spans.append((str(view.dropped_blocks), "bad" if view.dropped_blocks else ""))
        if self.outer_size.width > 24:
            spans += [("  gaps ", "dim"), (str(view.underruns), "warn" if view.underruns else "")]
        self.show(spans)


def echo_word(session: SessionSnapshot) -> str:
    """The echo cancellation that the service confirmed, in one word."""
    match session.view.effective.get("input_audio_echo_cancellation", ...):
        case {"type": "server_echo_cancellation"}:
            return "server"
        case {"type": str(other)}:
            return other[:8]
        case None:
            return "off"
        case _:
            return "-"
