"""Level meters in dBFS: a bar, a hold mark, a figure, a clip word; and a line of facts about the
sound."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip

from voicelive_tui.model.meter import FLOOR_DBFS, SILENT, Level
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import dbfs
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, SpanWidget

_AROUND_BAR = 13
"""Cells of a meter beside label and bar: two gaps, ` -18.2`, ` dBFS`."""

_YELLOW_DBFS = -18.0
_RED_DBFS = -6.0
_TICK_STEPS_DB = (6, 10, 12, 20, 30)
"""In the order of their importance: where cells are few, the later ones go."""


class MeterBar(SpanWidget):
    """One source's level. Two lines high it shows the scale under the bar."""

    DEFAULT_CSS = "MeterBar { height: 1; width: 1fr; min-width: 24; }"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._label: Span = (name, "")
        self._level = SILENT
        self._shown: tuple[object, ...] = ()

    def sync(self, level: Level, label: Span) -> None:
        """Show this level; repaint only if a cell or the figure differs."""
        bar = self.size.width - _label_cells(label) - _AROUND_BAR
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
        """The bar, or the scale under it."""
        width = self.size.width
        bar = width - _label_cells(self._label) - _AROUND_BAR
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
    """How many cells of the bar a level fills."""
    return round(max(0.0, 1 - max(level_dbfs, FLOOR_DBFS) / FLOOR_DBFS) * bar)


def bar_spans(level: Level, bar: int) -> list[Span]:
    """The bar's cells: filled by zone, the hold mark, the empty rest."""
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
    """Tick labels under a bar of this many cells, evenly spaced: the finest step at which all of
    them fit."""
    for step in _TICK_STEPS_DB:
        line = _ticks(bar, step)
        if line is not None:
            return line
    return " " * bar


def _ticks(bar: int, step_db: int) -> str | None:
    """Labels from -60 to 0 dBFS in this step, or None where two of them would touch."""
    out = " " * bar
    for tick in range(-60, 1, step_db):
        text = str(tick)
        start = min(max(0, _cell(tick, bar) - (len(text) + 1) // 2), max(0, bar - len(text)))
        if len(text) > bar or out[max(0, start - 1) : start + len(text) + 1].strip():
            return None
        out = out[:start] + text + out[start + len(text) :]
    return out


class MeterRow(Horizontal):
    """Microphone, agent, and the facts: echo cancellation, lost blocks, gaps in playing."""

    DEFAULT_CSS = "MeterRow { height: 1; width: 1fr; }"

    def compose(self) -> ComposeResult:
        """Two meters and a line."""
        yield MeterBar("mic")
        yield MeterBar("agent")
        yield SoundFacts()

    def sync(self, snapshot: EngineSnapshot, session: SessionSnapshot | None) -> None:
        """Show the levels of the session on air; a recorded session has none."""
        self.display = session is None or session.state is not SessionState.RECORDED
        mic, agent = self.query(MeterBar)
        mic.sync(snapshot.mic, mic_label(snapshot))
        agent.sync(snapshot.assistant, ("agent", ""))
        self.query_one(SoundFacts).sync(session)


def mic_label(snapshot: EngineSnapshot) -> Span:
    """What stands before the microphone's bar."""
    if snapshot.muted:
        return ("mic muted", "warn")
    if snapshot.audio.input_is_file:
        return ("file", "accent")
    return ("mic", "")


class SoundFacts(SingleLine):
    """Echo cancellation, drops and gaps of the active session."""

    DEFAULT_CSS = "SoundFacts { width: 31; }"

    def sync(self, session: SessionSnapshot | None) -> None:
        """Show what the journal counted."""
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
    """Who takes the assistant's voice out of the microphone, as the service confirmed it."""
    match session.view.effective.get("input_audio_echo_cancellation", ...):
        case {"type": "server_echo_cancellation"}:
            return "server"
        case {"type": str(other)}:
            return other[:8]
        case None:
            return "off"
        case _:
            return "-"
