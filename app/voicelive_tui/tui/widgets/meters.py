"""Level meters in dBFS with bar, hold mark, figure and clip warning, and a line of facts about the
audio."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip

from voicelive_tui.model.meter import FLOOR_DBFS, SILENT, Level
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import dbfs
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, SpanWidget

_FIXED_CELLS = 13
"""Cells of a meter besides label and bar: two gaps, ` -18.2`, ` dBFS`."""

_YELLOW_DBFS = -18.0
_RED_DBFS = -6.0
_TICK_STEPS_DB = (6, 10, 12, 20, 30)
"""The scale's steps in dB, the finest first; fewer cells need a coarser step."""


class MeterBar(SpanWidget):
    """The level of one source. A meter of two rows shows a scale under its bar."""

    DEFAULT_CSS = "MeterBar { height: 1; width: 1fr; min-width: 24; }"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._label: Span = (name, "")
        self._level = SILENT
        self._shown: tuple[object, ...] = ()

    def sync(self, level: Level, label: Span) -> None:
        """Show this level. Repaints only if a cell or the figure differs."""
        bar = self.size.width - _label_cells(label) - _FIXED_CELLS
        shown = (
            _cell(level.shown_dbfs, bar),
            _cell(level.hold_dbfs, bar),
            dbfs(level.hold_dbfs),
            level.clipped,
            label,
        )
        self._level, self._label = level, label
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Row 0 is the bar, row 1 the scale."""
        width = self.size.width
        bar = width - _label_cells(self._label) - _FIXED_CELLS
        if bar < 4:
            return self.strip([(" ", ""), self._label], width)
        pad: list[Span] = [(" ", ""), self._label, (" ", "")]
        if y == 0:
            unit: Span = (" CLIP", "clip") if self._level.clipped else (" dBFS", "dim")
            return self.strip(
                [*pad, *bar_spans(self._level, bar), (" " + dbfs(self._level.hold_dbfs), ""), unit],
                width,
            )
        return self.strip(
            [(" " * (_label_cells(self._label) + 2), ""), (scale(bar), "faint")], width
        )


def _label_cells(label: Span) -> int:
    return len(label[0])


def _cell(level_dbfs: float, bar: int) -> int:
    """The number of cells of the bar that a level fills."""
    return round(max(0.0, 1 - max(level_dbfs, FLOOR_DBFS) / FLOOR_DBFS) * bar)


def bar_spans(level: Level, bar: int) -> list[Span]:
    """The bar's cells: the filled ones by zone, the hold mark, the empty ones."""
    filled, hold = _cell(level.shown_dbfs, bar), _cell(level.hold_dbfs, bar) - 1
    yellow, red = _cell(_YELLOW_DBFS, bar), _cell(_RED_DBFS, bar)
    spans: list[Span] = []
    for cell in range(bar):
        zone = "meter-high" if cell >= red else "meter-mid" if cell >= yellow else "meter-low"
        if cell == hold and cell >= filled:
            part: Span = ("┃", "meter-hold")
        else:
            part = ("■", zone) if cell < filled else ("─", "meter-off")
        if spans and spans[-1][1] == part[1]:
            spans[-1] = (spans[-1][0] + part[0], part[1])
        else:
            spans.append(part)
    return spans


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

    def compose(self) -> ComposeResult:
        """Yield two meters and the line of facts."""
        yield MeterBar("mic")
        yield MeterBar("agent")
        yield SoundFacts()

    def sync(self, snapshot: EngineSnapshot, session: SessionSnapshot | None) -> None:
        """Show the levels of the session on air. Hidden while a recorded session is shown."""
        self.display = session is None or session.state is not SessionState.RECORDED
        mic, agent = self.query(MeterBar)
        mic.sync(snapshot.mic, mic_label(snapshot))
        agent.sync(snapshot.assistant, ("agent", ""))
        self.query_one(SoundFacts).sync(session)


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
        if self.size.width > 24:
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
