"""The row of the meters: microphone and agent in dBFS, and the evidence of what was lost.

Invariant: at one width of the screen, every meter has the same place, length and scale, whatever
it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from textual.geometry import Region
from textual.strip import Strip
from voicelive_common.printable import printable

from voicelive_tui.model.meter import FLOOR_DBFS, Level
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.sound_words import is_muted, lost_for, machine_of
from voicelive_tui.tui.widgets.spans import Span, SpanWidget, cells, fit

_GOOD_DBFS, _CAUTION_DBFS, _ERROR_DBFS = -30.0, -12.0, -3.0
_SHORT_LABEL_CELLS = 5
"""Cells of `MUTED` and `agent`: a label that has no room for the name of a device."""
_FIGURE_CELLS = 7
"""Cells of ` -51 dB`, ` muted`, `   off`."""


@dataclass(frozen=True, slots=True)
class MeterSizes:
    """The cells of the meters' parts. bar: from -60 to 0 dBFS, without the mark at 0. mic, agent:
    the labels. gap: between the two meters."""

    bar: int
    mic: int
    agent: int
    gap: int = 2

    def meter(self, label: int) -> int:
        """The cells of a meter whose label has so many: blank, label, blank, bar, mark, figure."""
        return 1 + label + 1 + self.bar + 1 + _FIGURE_CELLS

    @property
    def both(self) -> int:
        """The cells of both meters."""
        return self.meter(self.mic) + self.gap + self.meter(self.agent)


def meter_sizes(columns: int) -> MeterSizes:
    """The sizes on a screen of this width; from 120 columns on the labels name the devices."""
    if columns < 100:
        return MeterSizes(10, _SHORT_LABEL_CELLS, _SHORT_LABEL_CELLS)
    if columns < 120:
        return MeterSizes(16, _SHORT_LABEL_CELLS, _SHORT_LABEL_CELLS)
    if columns < 160:
        return MeterSizes(22, 18, 10, 1)
    return MeterSizes(30, 20, 14)


@dataclass(frozen=True, slots=True)
class MeterState:
    """What a meter shows. label: as wide as it may be. bar: its number of cells. halves: how many
    half cells are full. held: the cell with the held peak; None if full ones cover it. figure: the
    held peak, or a word. clipped: whether the mark at 0 dBFS warns of clipping."""

    label: Span
    bar: int
    halves: int
    held: int | None
    figure: str
    clipped: bool

    def changed_cells(self, old: "MeterState") -> tuple[int, int] | None:
        """The first changed cell and the one after the last, counted from the meter's start; None
        if nothing has changed."""
        if self == old:
            return None
        bar_at = cells([self.label]) + 2
        figure_at = bar_at + self.bar + 1
        if (self.label, self.bar) != (old.label, old.bar):
            return 0, figure_at + _FIGURE_CELLS
        changed: list[int] = []
        if self.held != old.held:
            changed += [bar_at + cell for cell in (self.held, old.held) if cell is not None]
        if self.halves != old.halves:
            low, high = sorted((self.halves, old.halves))
            changed += [bar_at + low // 2, bar_at + (high - 1) // 2]
        if self.clipped != old.clipped:
            changed.append(bar_at + self.bar)
        pairs = zip(self.figure, old.figure, strict=True)
        changed += [figure_at + n for n, (new, was) in enumerate(pairs) if new != was]
        return min(changed), max(changed) + 1

    def spans(self) -> list[Span]:
        """The meter from the first cell to the last."""
        end: Span = ("!", "clip") if self.clipped else ("│", "meter-off")
        bar = bar_spans(self.bar, self.halves, self.held)
        return [(" ", ""), self.label, (" ", ""), *bar, end, (self.figure, "")]


def meter_state(
    level: Level, label: Span, label_cells: int, bar: int, word: str = ""
) -> MeterState:
    """What a meter shows of this level. word: stands in place of the figure of a meter that
    measures nothing."""
    name, look = label
    shown = fit(name, label_cells)
    shown += " " * (label_cells - cells([(shown, "")]))
    if word:
        return MeterState((shown, look), bar, 0, None, word.rjust(_FIGURE_CELLS), False)
    halves = _halves(level.shown_dbfs, bar)
    held = (_halves(level.hold_dbfs, bar) + 1) // 2 - 1
    covered = held < (halves + 1) // 2
    figure = f"{round(level.hold_dbfs):d} dB".rjust(_FIGURE_CELLS)
    return MeterState((shown, look), bar, halves, None if covered else held, figure, level.clipped)


def _halves(level_dbfs: float, bar: int) -> int:
    """The number of half cells of the bar that a level fills."""
    return round(max(0.0, 1 - max(level_dbfs, FLOOR_DBFS) / FLOOR_DBFS) * bar * 2)


@lru_cache(maxsize=1024)
def bar_spans(bar: int, halves: int, held: int | None) -> tuple[Span, ...]:
    """The bar's cells, each full one in the look of the level that it stands for."""
    spans: list[Span] = []
    for cell in range(bar):
        if cell < (halves + 1) // 2:
            span = ("█" if cell < halves // 2 else "▌", _zone(cell, bar))
        else:
            span = ("▏", "meter-hold") if cell == held else (" ", "")
        if spans and spans[-1][1] == span[1]:
            span = (spans.pop()[0] + span[0], span[1])
        spans.append(span)
    return tuple(spans)


def _zone(cell: int, bar: int) -> str:
    """The look of a full cell, by the level at its right edge."""
    edge_dbfs = FLOOR_DBFS * (1 - (cell + 1) / bar)
    if edge_dbfs > _ERROR_DBFS:
        return "meter-high"
    if edge_dbfs > _CAUTION_DBFS:
        return "meter-mid"
    return "meter-low" if edge_dbfs > _GOOD_DBFS else "meter-faint"


class MeterRow(SpanWidget):
    """The meters of microphone and agent, and at the right the evidence of the current session."""

    DEFAULT_CSS = "MeterRow { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._seen: tuple[object, ...] = ()
        self._meters: tuple[MeterState, ...] = ()
        self._evidence: tuple[Span, ...] = ()
        self._recorded = False

    def sync(self, snapshot: EngineSnapshot, session: SessionSnapshot | None, now_s: float) -> None:
        """Show the levels of the session on air and the evidence of the current one. A recorded
        session has no levels. now_s: on the engine's clock."""
        self._recorded = session is not None and session.state is SessionState.RECORDED
        self.show_levels(snapshot, now_s)
        width = self.outer_size.width
        room = width if self._recorded else width - meter_sizes(width).both
        shown = tuple(evidence(session, room))
        if shown != self._evidence:
            self._evidence = shown
            self.refresh()

    def show_levels(self, snapshot: EngineSnapshot, now_s: float) -> bool:
        """Show the levels alone. Returns whether a meter has moved."""
        width, audio = self.outer_size.width, snapshot.audio
        age = lost_for(audio, now_s)
        seen = (
            snapshot.mic, snapshot.assistant, audio, age, snapshot.muted, snapshot.on_air,
            self._recorded, width,
        )  # fmt: skip
        if seen == self._seen:
            return False
        self._seen = seen
        meters = () if self._recorded else meter_states(snapshot, meter_sizes(width), age)
        old, self._meters = self._meters, meters
        regions = _changed_regions(meters, old, meter_sizes(width))
        if regions:
            self.refresh(*regions)
        return bool(regions)

    @property
    def text(self) -> str:
        """The shown text without its looks."""
        return "".join(text for text, _ in self._spans(self.outer_size.width))

    def render_line(self, y: int) -> Strip:
        """The only row."""
        return self.strip(self._spans(self.size.width), self.size.width)

    def _spans(self, width: int) -> list[Span]:
        spans: list[Span] = []
        gap: Span = (" " * meter_sizes(width).gap, "")
        for position, meter in enumerate(self._meters):
            spans += [gap, *meter.spans()] if position else meter.spans()
        free = width - cells(spans) - cells(self._evidence)
        return [*spans, (" " * free, ""), *self._evidence] if free >= 0 else spans


def meter_states(
    snapshot: EngineSnapshot, sizes: MeterSizes, lost_for: str = ""
) -> tuple[MeterState, ...]:
    """The states of both meters. lost_for: how long nothing has come over the link to the devices;
    empty while something does. The count stands behind the word `lost` if the label has room for
    that."""
    audio, off = snapshot.audio, snapshot.on_air is None
    named = sizes.mic > _SHORT_LABEL_CELLS
    counted = named and len(lost_for) < _FIGURE_CELLS
    lost = "" if off or not lost_for else lost_for if counted else "lost"
    mic = _mic_label(snapshot, named=named, lost=bool(lost))
    muted = "muted" if is_muted(snapshot) else ""
    no_mic = "off" if off or not audio.input_name else ""
    agent_name = printable(_device(audio.output_name)) if named else ""
    agent: Span = (f"agent {agent_name}".rstrip(), "")
    if lost and named:
        agent = ("agent lost", "bad")
    no_agent = "off" if off or not audio.output_name else ""
    return (
        meter_state(snapshot.mic, mic, sizes.mic, sizes.bar, lost or muted or no_mic),
        meter_state(snapshot.assistant, agent, sizes.agent, sizes.bar, lost or no_agent),
    )


def _mic_label(snapshot: EngineSnapshot, *, named: bool, lost: bool) -> Span:
    """`mic laptop:headset`, `mic lost`, `MUTED headset`; the word alone where there is no room for
    more."""
    muted = is_muted(snapshot)
    word, look = ("MUTED", "warn") if muted else ("mic", "")
    if not named:
        return word, look
    if lost:
        return f"{word} lost", "warn" if muted else "bad"
    audio = snapshot.audio
    machine = machine_of(audio)
    where = f"{machine}:" if machine else ""
    name = where + printable(_device(audio.input_name)) if audio.input_name else ""
    return f"{word} {name}".rstrip(), look


def _device(name: str) -> str:
    """A device's name; for a file in its place, the file's name without its folder."""
    return name.rpartition("/")[2] if name.startswith("/") else name


def _changed_regions(
    new: Sequence[MeterState], old: Sequence[MeterState], sizes: MeterSizes
) -> list[Region]:
    """The cells of the row that differ: one stretch in each meter."""
    if len(new) != len(old):
        return [Region(0, 0, sizes.both, 1)]
    regions, start = [], 0
    for meter, before in zip(new, old, strict=True):
        if changed := meter.changed_cells(before):
            regions.append(Region(start + changed[0], 0, changed[1] - changed[0], 1))
        start += sizes.meter(cells([meter.label])) + sizes.gap
    return regions


def evidence(session: SessionSnapshot | None, room: int) -> list[Span]:
    """What tells whether the session's sound and record are whole, in at most `room` cells: blocks
    of the microphone that were dropped, gaps in what was played, whether it is recorded, and the
    echo cancellation if there is room for it. Empty before the first session."""
    if session is None or session.state is SessionState.OFF:
        return []
    view = session.view
    echo = echo_word(session)
    facts: list[list[Span]] = [
        [("drops ", "dim"), (str(view.dropped_blocks), "bad" if view.dropped_blocks else "")],
        [("gaps ", "dim"), (str(view.underruns), "warn" if view.underruns else "")],
    ]
    if recorded := recording_word(session):
        facts.append([("rec ", "dim"), recorded])
    widest = [[("echo ", "dim"), (echo, "")], *facts] if echo else facts
    for shown, gap in ((widest, "  "), (facts, "  "), (facts, " "), (facts[-1:], " ")):
        spans = [span for fact in shown for span in (*fact, (gap, ""))]
        spans[-1] = (" ", "")
        if cells(spans) <= room:
            return spans
    return []


def recording_word(session: SessionSnapshot) -> Span | None:
    """Whether the session is recorded; None for a recording, and before it is decided."""
    if session.recording.stopped:
        return ("NO", "bad")
    if session.recording.wanted:
        return ("on", "")
    undecided = session.state in (SessionState.CONNECTING, SessionState.RECORDED)
    return None if undecided else ("off", "")


def echo_word(session: SessionSnapshot) -> str:
    """The echo cancellation that the service confirmed, in one word; empty if it said nothing."""
    match session.view.effective.get("input_audio_echo_cancellation", ...):
        case {"type": "server_echo_cancellation"}:
            return "server"
        case {"type": str(other)}:
            return printable(other[:8])
        case None:
            return "off"
        case _:
            return ""
