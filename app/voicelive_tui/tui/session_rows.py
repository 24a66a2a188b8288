"""The list of recorded sessions as rows: their columns, filter and order. Pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.cells import set_cell_size
from voicelive_common.printable import printable

from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.events.gists.phrases import size
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.prices import Cost, PriceTable
from voicelive_tui.paths import short_path
from voicelive_tui.tui.formatting import amount, plural, time_text, whole_ms
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit
from voicelive_tui.tui.widgets.transcript_lines import Columns, text_rows

WHEN_CELLS: Final = 21
_SIZE_CELLS: Final = 10
_COST_CELLS: Final = 10
_LEAST_TITLE_CELLS: Final = 13
SMALL_PREVIEW_ROWS: Final = 5
PREVIEW_ROWS: Final = 8
"""The most rows of the preview."""
_MOST_TITLE_CELLS: Final = 32


@dataclass(frozen=True, slots=True)
class Column:
    """A column behind the profile. name: its heading. value: by which rows are sorted, None for
    unknown. text: what is shown."""

    name: str
    width: int
    value: Callable[[RecordedSession], float | None]
    text: Callable[[float], str]


def _whole(value: float) -> str:
    return amount(int(value))


def _length(value: float) -> str:
    return time_text(value, tenths=False)


COLUMNS: Final = (
    Column("length", 9, lambda each: each.length_s, _length),
    Column("turns", 7, lambda each: each.turns, _whole),
    Column("cut", 5, lambda each: each.cut, _whole),
    Column("p50 ms", 8, lambda each: each.p50_ms, lambda ms: amount(whole_ms(ms))),
    Column("p95 ms", 8, lambda each: each.p95_ms, lambda ms: amount(whole_ms(ms))),
    Column("errors", 8, lambda each: each.errors, _whole),
)
_ALWAYS: Final = 2
"""The columns that every width has: length and turns."""


def columns_with(prices: PriceTable | None) -> tuple[Column, ...]:
    """The columns behind the profile: `COLUMNS`, and what the sessions cost by these prices."""
    if prices is None:
        return COLUMNS

    def cost_of(session: RecordedSession) -> float | None:
        found = prices.total(session.usage)
        return found.amount if session.usage and isinstance(found, Cost) else None

    def shown(cost: float) -> str:
        return fit(prices.shown(cost, 2), _COST_CELLS - 1)

    return (*COLUMNS, Column("cost est", _COST_CELLS, cost_of, shown))


def orders(columns: Sequence[Column] = COLUMNS) -> tuple[str, ...]:
    """By what the rows can be sorted, in the order of the columns."""
    return ("when", "profile", *(column.name for column in columns), "size")


def columns_for(width: int, columns: Sequence[Column] = COLUMNS) -> tuple[Column, ...]:
    """Those of the columns that fit into `width` cells beside when, profile and size."""
    room = width - WHEN_CELLS - _LEAST_TITLE_CELLS - _SIZE_CELLS
    shown: list[Column] = []
    for column in columns:
        room -= column.width
        if room < 0 and len(shown) >= _ALWAYS:
            break
        shown.append(column)
    return tuple(shown)


def _title_cells(columns: Sequence[Column], width: int) -> int:
    rest = width - WHEN_CELLS - _SIZE_CELLS - sum(column.width for column in columns)
    return max(_LEAST_TITLE_CELLS, min(_MOST_TITLE_CELLS, rest))


def heading(order: str, width: int, columns: Sequence[Column] = COLUMNS) -> Spans:
    """The headings, the one by which the rows are sorted in bold."""
    columns = columns_for(width, columns)

    def name(text: str, width: int, right: bool = True) -> Span:
        shown = f"{text:>{width}}" if right else f"{text:<{width}}"
        return (shown, "strong" if text == order else "dim")

    return [
        ("   ", ""),
        name("when", WHEN_CELLS - 3, right=False),
        name("profile", _title_cells(columns, width), right=False),
        *(name(column.name, column.width) for column in columns),
        name("size", _SIZE_CELLS),
    ]


def session_row(
    session: RecordedSession, width: int, now: datetime, columns: Sequence[Column] = COLUMNS
) -> Spans:
    """A session in one row; where there are no figures, what is wrong with it."""
    columns = columns_for(width, columns)
    title = fit(printable(session.title), _title_cells(columns, width) - 1)
    figures = [_figure(session, column) for column in columns]
    state, look = state_of(session)
    if state:
        kept = figures[:_ALWAYS] if session.length_s is not None else []
        room = sum(column.width for column in columns[len(kept) :])
        figures = [*kept, (set_cell_size(fit(f"  {state}", room), room), look)]
    return [
        ("   ", ""),
        (f"{when(session.started, now):<{WHEN_CELLS - 3}}", "dim"),
        (set_cell_size(title, _title_cells(columns, width)), ""),
        *figures,
        (f"{size(session.size_bytes):>{_SIZE_CELLS}}", "dim"),
    ]


def _figure(session: RecordedSession, column: Column) -> Span:
    value = column.value(session)
    return (f"{'' if value is None else column.text(value):>{column.width}}", "")


def state_of(session: RecordedSession) -> Span:
    """What is special about a session, and how it looks; empty for a complete one."""
    if session.running:
        return "being recorded", "accent"
    return printable(session.problem), "bad" if session.length_s is None else "warn"


def when(started: datetime | None, now: datetime) -> str:
    """`today   12:41`, `yesterday 17:02`, `22 Nov  09:30`, `22 Nov 2025`; empty if unknown."""
    if started is None:
        return ""
    local, today = started.astimezone(), now.astimezone().date()
    days = (today - local.date()).days
    if days == 0:
        return f"today   {local:%H:%M:%S}"
    if days == 1:
        return f"yesterday  {local:%H:%M}"
    day = f"{local.day:>2} {local:%b}"
    return f"{day}     {local:%H:%M}" if 0 < days < 300 else f"{day} {local.year}"


def preview_rows(
    session: RecordedSession,
    width: int,
    now: datetime,
    said: Sequence[TranscriptLine] = (),
    *,
    most: int = PREVIEW_ROWS,
) -> list[Spans]:
    """What is known of the session under the cursor, in at most so many rows, of which there are
    `SMALL_PREVIEW_ROWS` or more. said: what was said last in it."""
    title = f" ── {printable(session.title)}, {' '.join(when(session.started, now).split())} "
    state, look = state_of(session)
    facts = "  ".join(each for each in (session.model, session.service) if each)
    ended = "its terminal went away" if session.ended_by else ""
    before = f"goes on from {short_path(session.goes_on_from)}" if session.goes_on_from else ""
    rows: list[Spans] = [
        [(title + "─" * max(0, width - cells([(title, "")]) - 1), "rule")],
        [(f" {fit(printable(short_path(session.folder)), width - 2)}", "")],
        [(f" {fit(printable('  '.join(filter(None, (facts, ended)))), width - 2)}", "dim")],
    ]
    if state:
        rows.append([(f" {fit(state, width - 2)}", look)])
    if before:
        rows.append([(f" {fit(printable(before), width - 2)}", "dim")])
    room = max(0, most - len(rows))
    return [*rows, *(_said(line, width) for line in said[len(said) - min(room, len(said)) :])]


def _said(line: TranscriptLine, width: int) -> Spans:
    """The first row of what was said, as in the transcript, without number and time."""
    columns = Columns(width - 1)
    return [(f"   {line.who:<{columns.indent - 3}}", line.who), *text_rows(line, columns)[0]]


def matching(sessions: Sequence[RecordedSession], query: str) -> list[RecordedSession]:
    """Return the sessions whose profile, folder, model, service or problem has every word."""
    words = query.casefold().split()
    return [each for each in sessions if all(word in _words(each) for word in words)]


def _words(session: RecordedSession) -> str:
    named = (session.title, session.folder.name, session.model, session.service, session.problem)
    return " ".join(named).casefold()


def in_order(
    sessions: Sequence[RecordedSession], order: str, columns: Sequence[Column] = COLUMNS
) -> list[RecordedSession]:
    """Return the sessions sorted by one of the `orders`: the newest, or the largest, first, and
    those without a value last; profiles by their names."""
    if order == "when":
        return list(sessions)
    if order == "profile":
        return sorted(sessions, key=lambda each: each.title.casefold())
    value = next((each.value for each in columns if each.name == order), None)

    def rank(session: RecordedSession) -> float:
        of = value(session) if value is not None else session.size_bytes
        return float("inf") if of is None else -of

    return sorted(sessions, key=rank)


def total(sessions: Sequence[RecordedSession]) -> str:
    """`35 sessions, 214 MB`."""
    return f"{plural(len(sessions), 'session')}, {size(sum(each.size_bytes for each in sessions))}"
