"""The rows of the list of profiles, and what is said of the profile under the cursor.

Pure functions of values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.engine.config.profile_store import THE_STARTER
from voicelive_tui.engine.service.listed_profiles import NOBODY, ListedProfile
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.profile.problem import counted
from voicelive_tui.paths import short_path
from voicelive_tui.tui.formatting import amount, plural, whole_ms
from voicelive_tui.tui.help_layout import rule
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.problem_words import (
    SEVERITY_LOOKS,
    place_of,
    problem_words,
    worst_look,
)
from voicelive_tui.tui.widgets.fault_lines import fault_lines
from voicelive_tui.tui.widgets.service_names import voice_name
from voicelive_tui.tui.widgets.spans import Span, Spans, fit, hanging_indent

COLUMNS: Final = ("name", "model", "voice", "talks to", "turns", "state")
_WIDTHS: Final = (
    (140, (32, 20, 16, 44, 16, 0)),
    (96, (20, 14, 9, 28, 13, 0)),
    (76, (16, 13, 9, 27, 0, 0)),
    (56, (16, 0, 0, 28, 0, 0)),
    (0, (18, 0, 0, 0, 0, 0)),
)
"""From how many cells on which columns have how many; 0 for a column that is left out. The last one
takes what is left."""
_LABEL_CELLS: Final = 10
_MOST_PROBLEMS: Final = 2
_MARK_CELLS: Final = 3
_MOST_CHARS: Final = 2_000
"""Of one text: more than a page of 200 columns has room for."""

NOTHING: Final = "No profile contains these words."


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile and the numbers of the tabs that have it open."""

    listed: ListedProfile
    tabs: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """The profile's file."""
        return self.listed.entry.path


def cells_of(row: ProfileRow) -> tuple[Span, ...]:
    """The text of each of `COLUMNS`, with its look."""
    listed = row.listed
    faulty = listed.entry.profile is None
    unknown = "faint" if faulty else ""
    return (
        (printable(listed.entry.slug), "strong"),
        (_beginning(listed.model), unknown),
        (_voice(listed), unknown),
        (_beginning(listed.talks_to), "warn" if listed.talks_to == NOBODY else ""),
        (_beginning(listed.detection), unknown),
        state_of(row),
    )


def _beginning(text: str) -> str:
    """The printable beginning of a text, which a profile may make as long as its file."""
    return printable(text[:_MOST_CHARS])


def _voice(listed: ListedProfile) -> str:
    if listed.entry.profile is None:
        return "?"
    return voice_name(listed.voice, spelled=False) or "default"


def state_of(row: ProfileRow) -> Span:
    """The most important thing to know about a profile, in a few words."""
    entry = row.listed.entry
    if entry.profile is None:
        fault = entry.shown.fault
        line = fault.problem.line if fault is not None else None
        return (f"✗ line {line}" if line else "✗ unusable", "bad")
    if row.tabs:
        return (f"open in {', '.join(map(str, row.tabs))}", "")
    if not row.listed.trusted:
        return ("! untrusted", "warn")
    if problems := counted(entry.problems):
        return (problems, worst_look(entry.problems))
    if entry.hides:
        return ("hides starter" if THE_STARTER in entry.hides else "hides other", "dim")
    return ("starter" if entry.starter else "ok", "dim")


def heading(width: int, sorted_by: int | None) -> list[Span]:
    """The names of the columns. sorted_by: the column by which the rows are sorted."""
    out: list[Span] = [(" " * _MARK_CELLS, "")]
    for at, (name, room) in enumerate(zip(COLUMNS, _rooms(width), strict=True)):
        if room:
            look = "accent" if at == sorted_by else "dim"
            out.append((fit(name, room).ljust(room), look))
    return out


def row_spans(row: ProfileRow, width: int, *, chosen: bool) -> list[Span]:
    """One row in `width` cells."""
    out: list[Span] = [(" ▸ " if chosen else " " * _MARK_CELLS, "mark")]
    *columns, ((state, state_look), rest) = zip(cells_of(row), _rooms(width), strict=True)
    for (text, look), room in columns:
        if room:
            shown = fit(text, room - 1)
            out += [(shown, look), (" " * (room - cell_len(shown)), "")]
    return [*out, (fit(state, rest), state_look)]


def _rooms(width: int) -> tuple[int, ...]:
    """The cells of each column, with a blank at its end."""
    rooms = next(each for least, each in _WIDTHS if width >= least)
    return (*rooms[:-1], max(0, width - _MARK_CELLS - sum(rooms)))


def matching(rows: Sequence[ProfileRow], typed: str) -> list[ProfileRow]:
    """The rows that contain every typed word."""
    words = typed.lower().split()
    return [row for row in rows if all(word in _words_of(row) for word in words)]


def _words_of(row: ProfileRow) -> str:
    profile = row.listed.entry.profile
    more = f"{profile.name} {profile.description}" if profile is not None else ""
    return " ".join([*(text for text, _ in cells_of(row)), more]).lower()


def sorted_rows(rows: Sequence[ProfileRow], column: int | None) -> list[ProfileRow]:
    """The rows by the text of a column; in their own order for None."""
    if column is None:
        return list(rows)
    return sorted(rows, key=lambda row: cells_of(row)[column][0].lower())


def preview(
    row: ProfileRow,
    width: int,
    keymap: Mapping[str, str],
    today: date,
    sessions: Sequence[RecordedSession] = (),
) -> list[Spans]:
    """What is said below the list of the profile under the cursor, in `width` cells. sessions:
    those that were recorded with it, the newest first."""
    entry = row.listed.entry
    if entry.profile is None:
        return _of_faulty(row, width, keymap, today)
    lines: list[Spans] = [rule(printable(entry.slug), width)]
    about = printable(entry.profile.description or entry.profile.name)
    lines.append([(f" {fit(about, width - 2)}", "")])
    lines += _facts(row, width, today)
    lines += _recorded(sessions, width, today)
    for problem in entry.problems[:_MOST_PROBLEMS]:
        where = f"{place_of(problem)}: " if problem.line else ""
        look = SEVERITY_LOOKS[problem.severity]
        lines += _fact(problem.severity, f"{where}{problem_words(problem)}", width, look)
    return lines


def _facts(row: ProfileRow, width: int, today: date) -> list[Spans]:
    listed, entry = row.listed, row.listed.entry
    if entry.starter:
        lines = _fact("file", "came with the program", width)
    else:
        lines = _file(row, width, today)
    lines += _fact("asks", listed.asks, width)
    look = "" if listed.trusted else "warn"
    lines += _fact("sends", listed.credentials, width, look)
    if listed.tools:
        lines += _fact("tools", ", ".join(listed.tools), width)
    if entry.hides:
        lines += _fact("hides", ", ".join(short_path(each) for each in entry.hides), width)
    return lines


def _recorded(sessions: Sequence[RecordedSession], width: int, today: date) -> list[Spans]:
    """`4 sessions, the last yesterday 17:02 with p50 742 ms`; empty without one."""
    if not sessions:
        return []
    started, p50_ms = sessions[0].started, sessions[0].p50_ms
    when = day_and_time(started.astimezone(), today) if started is not None else ""
    p50 = f"with p50 {amount(whole_ms(p50_ms))} ms" if p50_ms is not None else ""
    last = " ".join(filter(None, (when, p50)))
    count = plural(len(sessions), "session")
    return _fact("used", f"{count}, the last {last}" if last else count, width)


def _of_faulty(row: ProfileRow, width: int, keymap: Mapping[str, str], today: date) -> list[Spans]:
    entry = row.listed.entry
    fault = entry.shown.fault
    if fault is None:
        return [rule(printable(entry.slug), width)]
    where = place_of(fault.problem)
    name = printable(entry.slug) + (f", {where}" if where else "")
    lines: list[Spans] = [rule(name, width), *fault_lines(fault, width - 1)]
    lines += hanging_indent([(" ✗ ", "bad"), (printable(problem_words(fault.problem)), "")], width)
    lines += _file(row, width, today)
    keys = with_keys(
        "{move.open} opens its tab, {profile.edit} the editor there, {profile.show} shows the text",
        keymap,
    )
    return [*lines, [(fit(f" {keys}", width), "dim")]]


def _file(row: ProfileRow, width: int, today: date) -> list[Spans]:
    changed = row.listed.changed
    when = f"changed {day_and_time(changed, today)}" if changed is not None else ""
    path = printable(short_path(row.path))
    room = width - _LABEL_CELLS - len(when) - 5
    where = path if room < 20 else f"{fit(path, room)}   {when}"
    return _fact("file", where, width)


def _fact(label: str, text: str, width: int, look: str = "") -> list[Spans]:
    line: Spans = [(f" {label:<{_LABEL_CELLS}}", "dim"), (_beginning(text), look)]
    return list(hanging_indent(line, width))


def day_and_time(moment: datetime, today: date) -> str:
    """A moment as `today 12:41`, `yesterday 16:40`, `22 Nov 09:30`, or with the year."""
    days = (today - moment.date()).days
    if days in (0, 1):
        return f"{'yesterday' if days else 'today'} {moment:%H:%M}"
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {months[moment.month - 1]}{year} {moment:%H:%M}"
