"""The rows of the timeline as cells, drawn from its lanes. Pure functions.

Invariant: each cell is one glyph that is one cell wide, with the name of its look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.model.timeline.lanes import (
    HeardLatency,
    Lanes,
    SpeechSpan,
    ToolRun,
)
from voicelive_tui.model.timeline.loudness import CLIPPED, dbfs_of
from voicelive_tui.tui.formatting import time_text, whole_ms
from voicelive_tui.tui.widgets.spans import Span

LABEL_CELLS: Final = 8
"""The cells before the first column, with the name of the lane."""
Lane = Literal["you", "agent", "tools", "vad"]
TWO_LANES: Final[tuple[Lane, ...]] = ("you", "agent")
FOUR_LANES: Final[tuple[Lane, ...]] = ("you", "agent", "tools", "vad")
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_DB_PER_EIGHTH: Final = 6


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One row in cells. looks: the look of each glyph."""

    glyphs: str
    looks: tuple[str, ...]

    def spans(self) -> list[Span]:
        """The row as spans."""
        spans, at = [], 0
        for look, cells in groupby(self.looks):
            stop = at + sum(1 for _ in cells)
            spans.append((self.glyphs[at:stop], look))
            at = stop
        return spans

    def changed_cells(self, old: "LaneRow") -> tuple[int, int] | None:
        """The first changed cell and the one after the last; None if nothing has changed."""
        if self == old:
            return None
        if len(self.glyphs) != len(old.glyphs):
            return 0, max(len(self.glyphs), len(old.glyphs))
        changed = [
            cell
            for cell, (new, was) in enumerate(
                zip(
                    zip(self.glyphs, self.looks, strict=True),
                    zip(old.glyphs, old.looks, strict=True),
                    strict=True,
                )
            )
            if new != was
        ]
        return changed[0], changed[-1] + 1


class _Canvas:
    """The columns of one lane while it is drawn."""

    def __init__(self, columns: int) -> None:
        self.glyphs = [" "] * columns
        self.looks = [""] * columns

    def put(self, column: int, text: str, look: str) -> None:
        """Draw over what is there, as far as it lies in the lane."""
        for at, glyph in self._inside(column, text):
            self.glyphs[at], self.looks[at] = glyph, look

    def under(self, column: int, text: str, look: str) -> None:
        """Draw where nothing is."""
        for at, glyph in self._inside(column, text):
            if self.glyphs[at] == " ":
                self.glyphs[at], self.looks[at] = glyph, look

    def _inside(self, column: int, text: str) -> Iterable[tuple[int, str]]:
        """The glyphs of a text that lie in the lane, each with its column. A stretch that began
        hours ago has many that do not."""
        begin = max(0, column)
        return enumerate(text[begin - column : max(0, len(self.glyphs) - column)], begin)

    def is_free(self, column: int, cells: int) -> bool:
        """Whether nothing is in these cells, and all of them lie in the lane."""
        inside = column >= 0 and column + cells <= len(self.glyphs)
        return inside and self.glyphs[column : column + cells] == [" "] * cells

    def room(self, column: int) -> int:
        """The free cells from this column on."""
        stop = column
        while stop < len(self.glyphs) and self.glyphs[stop] == " ":
            stop += 1
        return max(0, stop - column)

    def row(self, label: Span, cursor: int | None) -> LaneRow:
        """The finished row. cursor: the column under it."""
        if cursor is not None and 0 <= cursor < len(self.glyphs):
            glyph = self.glyphs[cursor]
            self.put(cursor, "│" if glyph == " " else glyph, "time-cursor")
        text, look = label
        name = f" {text}".ljust(LABEL_CELLS)
        return LaneRow(
            name + "".join(self.glyphs),
            ("", *[look] * len(text), *[""] * (len(name) - 1 - len(text)), *self.looks),
        )


def lane_rows(
    lanes: Lanes, names: Sequence[Lane], cursor: int | None, *, focused: bool = False
) -> list[LaneRow]:
    """The rows of these lanes. cursor: the column under the cursor. focused: the keys act on the
    timeline, and no title says it."""
    tools_lane = "tools" in names
    rows = []
    for name in names:
        look = "sent"
        match name:
            case "you":
                canvas = _you(lanes)
            case "agent":
                canvas, look = _agent(lanes, with_tools=not tools_lane), "received"
            case "tools":
                canvas, look = _tools(lanes), "call"
            case _:
                canvas, look = _vad(lanes), "dim"
        rows.append(canvas.row((name, "title-focus" if focused else look), cursor))
    return rows


def _you(lanes: Lanes) -> _Canvas:
    canvas = _level_canvas(lanes.you, "sent")
    _put_all(canvas, (*lanes.away, *lanes.link_away), "╎", "dim")
    for echo in lanes.echoes:
        for column in range(max(0, echo.begin), min(echo.end, lanes.window.columns)):
            if canvas.glyphs[column] != " ":
                canvas.put(column, "≈", "warn")
    for waited in lanes.waited:
        canvas.under(waited.begin, "·" * (waited.end - waited.begin), "dim")
    for muted in lanes.muted:
        _put_muted(canvas, muted.begin, muted.end)
    for column in lanes.typed:
        canvas.put(column, "i", "sent")
    for latency in lanes.latencies:
        _put_latency(canvas, latency)
    return canvas


def _put_muted(canvas: _Canvas, begin: int, end: int) -> None:
    """Draw a rule with an m in the middle of what is shown of it."""
    begin, end = max(0, begin), min(end, len(canvas.glyphs))
    canvas.under(begin, "─" * (end - begin), "dim")
    canvas.put((begin + end - 1) // 2, "m" if begin < end else "", "dim")


def _put_latency(canvas: _Canvas, latency: HeardLatency) -> None:
    """Write how long an answer took above its first sound, unless a level is there; a cell further
    where a text was sent just before."""
    text, column = str(whole_ms(latency.heard_after_ms)), latency.column
    column += 0 < column < len(canvas.glyphs) and canvas.glyphs[column - 1] == "i"
    if canvas.is_free(column, len(text)):
        canvas.put(column, text, "slow" if latency.slowest else "")


def _agent(lanes: Lanes, *, with_tools: bool) -> _Canvas:
    canvas = _level_canvas(lanes.agent, "received")
    _put_all(canvas, (*lanes.away, *lanes.link_away), "╎", "dim")
    for unheard in lanes.unheard:
        canvas.under(unheard.begin, "░" * (unheard.end - unheard.begin), "dim")
    for run in lanes.tools if with_tools else ():
        canvas.under(run.run.begin, _tool_glyphs(run), "bad" if run.failed else "call")
    for answer in lanes.answers:
        canvas.put(answer.begin, "▸", "received")
        if answer.cut is not None:
            canvas.put(answer.cut, "✗", "bad")
    return canvas


def _tools(lanes: Lanes) -> _Canvas:
    canvas = _Canvas(lanes.window.columns)
    _put_all(canvas, lanes.away, "╎", "dim")
    for run in lanes.tools:
        canvas.put(run.run.begin, _tool_glyphs(run), "bad" if run.failed else "call")
    for run in lanes.tools:
        behind = run.run.begin + len(_tool_glyphs(run))
        if 0 <= behind < lanes.window.columns:
            canvas.put(behind, _tool_label(run, canvas.room(behind)), "call")
    return canvas


def _tool_glyphs(run: ToolRun) -> str:
    """The span of a call: at least two cells, so that its end can be seen."""
    if run.waits:
        return "╰??"
    between = max(0, run.run.end - run.run.begin - 2)
    if run.took_ms is None and not run.failed:
        return "╰─" + "─" * between
    return "╰" + "─" * between + ("✗" if run.failed else "╯")


def _tool_label(run: ToolRun, room: int) -> str:
    """The name of a tool and its milliseconds, as far as they fit into `room` cells."""
    name = "".join(glyph if cell_len(glyph) == 1 else "?" for glyph in printable(run.name))
    took = "" if run.took_ms is None else f" {whole_ms(run.took_ms)}"
    fitting = (text for text in (f" {name}{took}", f" {name}", name) if len(text) <= room)
    return next(fitting, name[:room])


def _vad(lanes: Lanes) -> _Canvas:
    canvas = _Canvas(lanes.window.columns)
    _put_all(canvas, lanes.away, "╎", "dim")
    for speech in lanes.speech:
        canvas.put(speech.speech.begin, _speech_glyphs(speech), "")
        if speech.waited is not None:
            begin = max(speech.waited.begin, speech.speech.end)
            canvas.put(begin, "·" * (speech.waited.end - begin), "dim")
            figure = str(whole_ms(speech.waited_ms))
            if canvas.is_free(max(begin, speech.waited.end), len(figure)):
                canvas.put(max(begin, speech.waited.end), figure, "dim")
    return canvas


def _speech_glyphs(span: SpeechSpan) -> str:
    end = "" if span.open else "╳" if span.false_start else "┤"  # noqa: RUF001
    between = max(0, span.speech.end - span.speech.begin - 1 - len(end))
    text = f" {span.long_s:.1f} s "
    return "├" + (text if len(text) <= between else "").ljust(between, "─") + end


def _level_canvas(levels: bytes, look: str) -> _Canvas:
    canvas = _Canvas(len(levels))
    canvas.glyphs = [_GLYPH_OF_LEVEL[level] for level in levels]
    canvas.looks = [
        "clip" if level == CLIPPED else look if glyph != " " else ""
        for level, glyph in zip(levels, canvas.glyphs, strict=True)
    ]
    return canvas


def _level_glyph(level: int) -> str:
    if level == CLIPPED:
        return "!"
    eighths = int((max(-60.0, dbfs_of(level)) + 60) // _DB_PER_EIGHTH)
    return _EIGHTHS[min(eighths, 8)]


_GLYPH_OF_LEVEL: Final = tuple(map(_level_glyph, range(256)))


def axis_row(lanes: Lanes, cursor: int | None, cursor_s: float | None, end: str) -> LaneRow:
    """The axis: ticks, marks of the moments, the cursor's time, and at the right `end`."""
    window = lanes.window
    canvas = _Canvas(window.columns)
    stop, begin, cursor_label = window.columns - len(end), window.columns, ""
    moments = (*lanes.sessions, *lanes.errors, *lanes.marks)
    if cursor is not None and cursor_s is not None:
        cursor_label = f" ▲{time_text(cursor_s)} "
        begin = max(0, min(cursor, window.columns - len(cursor_label) + 2)) - 1
    for tick in window.ticks():
        label = f"┴{time_text(window.time_of(tick), tenths=False)}"
        covered = begin - len(label) < tick < begin + len(cursor_label)
        covered |= any(tick <= column < tick + len(label) for column in moments)
        # A number that is covered in part would be read as another one.
        if tick + len(label) < stop and not covered:
            canvas.put(tick, label, "dim")
    if not cursor_label or begin + len(cursor_label) <= stop:
        canvas.put(stop, end, "dim")
    _put_all(canvas, lanes.sessions, "┃", "dim")
    _put_all(canvas, lanes.errors, "◇", "bad")
    _put_all(canvas, lanes.marks, "◆", "call")
    canvas.put(begin, cursor_label, "")
    return canvas.row(("", ""), None)


def _put_all(canvas: _Canvas, columns: Iterable[int], glyph: str, look: str) -> None:
    for column in columns:
        canvas.put(column, glyph, look)
