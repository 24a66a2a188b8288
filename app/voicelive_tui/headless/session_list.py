"""`voicelive-tui sessions`: lists the recorded sessions, and removes old ones after a question."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable

from voicelive_tui.headless.output_streams import count_of, print_line, print_note
from voicelive_tui.journal.pruning import NotRemoved, older_sessions, remove_session, why_kept
from voicelive_tui.journal.recorded_sessions import (
    RecordedSession,
    newest_session,
    recorded_sessions,
)
from voicelive_tui.model.events.gists.phrases import clock_length, size
from voicelive_tui.paths import short_path

HEADER = ("when", "profile", "length", "turns", "size", "folder")
_RIGHT_ALIGNED = (2, 3, 4)
_MOST_TITLE_CELLS = 24


def list_sessions(root: Path) -> ExitCode:
    """Print a line for each recorded session, the newest first. Raises OSError."""
    sessions = recorded_sessions(root)
    if not sessions:
        print_note(f"No session is recorded in {short_path(root)} yet.")
        return ExitCode.OK
    for line in table(sessions):
        print_line(line)
    print_note(f"{_amount(sessions)} in {short_path(root)}")
    return ExitCode.OK


def print_last(root: Path) -> ExitCode:
    """Print the folder of the newest session that can be read. Raises OSError."""
    newest = newest_session(root)
    if newest is None:
        print_note(f"No session that can be read is recorded in {short_path(root)} yet.")
        return ExitCode.FOUND
    print_line(str(newest.folder))
    return ExitCode.OK


def table(sessions: Sequence[RecordedSession]) -> list[str]:
    """The lines of the table: a header, then one line for each session; what is wrong with one
    stands behind its folder."""
    rows = [HEADER, *(_row(session) for session in sessions)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADER))]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if at in _RIGHT_ALIGNED else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def _row(session: RecordedSession) -> tuple[str, ...]:
    started, length_s, turns = session.started, session.length_s, session.turns
    state = "being recorded" if session.running else session.problem
    folder = session.folder.name
    return (
        "" if started is None else f"{started.astimezone():%Y-%m-%d %H:%M}",
        printable(session.title)[:_MOST_TITLE_CELLS],
        "" if length_s is None else clock_length(length_s),
        "" if turns is None else str(turns),
        size(session.size_bytes),
        printable(f"{folder}  {state}" if state else folder),
    )


def prune(
    root: Path, age: timedelta, age_text: str, *, yes: bool, ask: Callable[[str], str] | None
) -> ExitCode:
    """Remove the sessions that are older than this for good, after a question. Raises OSError.

    age_text: the age as it was typed. yes: do not ask. ask: asks the person a question and returns
    the answer; None where nobody can answer.
    """
    old = older_sessions(recorded_sessions(root), age, datetime.now(UTC))
    if not old:
        print_note(f"No session is older than {age_text}; nothing was removed.")
        return ExitCode.OK
    kept = {session.folder: why for session in old if (why := why_kept(root, session.folder))}
    for folder, why in kept.items():
        print_note(f"{folder.name} is kept, because {why}.")
    removable = [session for session in old if session.folder not in kept]
    if not removable:
        print_note("Nothing was removed.")
        return ExitCode.OK
    what = f"{_amount(removable)}, older than {age_text}, in {short_path(root)}"
    if not yes:
        if ask is None:
            print_note(f"{what}: nothing was removed, because nobody can be asked; add --yes.")
            return ExitCode.USAGE
        if ask(f"{what}. Remove them for good? [y/N] ").strip().casefold() not in ("y", "yes"):
            print_note("Nothing was removed.")
            return ExitCode.OK
    return _remove(root, removable)


def _remove(root: Path, sessions: Sequence[RecordedSession]) -> ExitCode:
    removed, code = [], ExitCode.OK
    for session in sessions:
        try:
            remove_session(root, session.folder)
        except NotRemoved as error:
            print_note(str(error))
            code = ExitCode.FOUND
        else:
            removed.append(session)
    print_note(f"Removed {_amount(removed)}.")
    return code


def _amount(sessions: Sequence[RecordedSession]) -> str:
    total = size(sum(session.size_bytes for session in sessions))
    return f"{count_of(len(sessions), 'session')}, {total}"


def ask_person(question: str) -> str:
    """Ask on the terminal; an end of the input is no answer."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()
