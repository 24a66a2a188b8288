"""The recorded sessions of a folder, with what their files say without being read as a whole.

Invariant: links are not followed, and nothing is written.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from voicelive_common.json_text import JsonError, read_json
from voicelive_common.text_file import read_text_file
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.journal.folder import EVENTS, META
from voicelive_tui.journal.in_use import is_written
from voicelive_tui.journal.tail import tail_lines
from voicelive_tui.model.events.fields import first_objects, get_int, get_number, get_str
from voicelive_tui.model.turns.token_usage import TokenUsage, usage_of

_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)_(.+)")
BY_TERMINAL: Final = "terminal"
"""What meta.toml says of a session that ended because its console's terminal went away."""
_OFFERED_S: Final = 24 * 3600
_LONGEST_S: Final = 1e9
_MOST_COUNTED: Final = 10**9
_MOST_MODELS: Final = 100
_TAIL_BYTES: Final = 64 * 1024
"""What is read of the end of a file of events to find its last complete line."""


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A recorded session in a list.

    folder: its folder. title: its profile. started: with a time zone; None if unknown. length_s:
    the time of its last record. turns, cut, errors: how many; None for a session that was not
    closed, and for one of an earlier version. p50_ms, p95_ms: how long the answers took until they
    were heard. size_bytes: of its files. ended_by: `BY_TERMINAL` if the console's terminal went
    away while the session was connected; empty otherwise. goes_on_from: the folder of the session
    from which it went on; empty for none. running: a console writes it now. problem: why it cannot
    be read, or how it ended early; empty for a complete one. usage: its tokens by model.
    """

    folder: Path
    title: str
    started: datetime | None = None
    ended: datetime | None = None
    length_s: float | None = None
    turns: int | None = None
    cut: int | None = None
    errors: int | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    size_bytes: int = 0
    model: str = ""
    service: str = ""
    ended_by: str = ""
    goes_on_from: str = ""
    running: bool = False
    problem: str = ""
    usage: tuple[tuple[str, TokenUsage], ...] = ()


def is_session_folder(folder: Path) -> bool:
    """Whether this is the folder of a recorded session: no link, and with a file of events, or with
    the name that this program gives to such folders."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return _NAME.fullmatch(folder.name) is not None or (folder / EVENTS).is_file()


def recorded_sessions(
    root: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> tuple[RecordedSession, ...]:
    """Return the sessions that are recorded in this folder, the newest first; none if there is no
    such folder. Blocks on the disk. Raises OSError when the folder cannot be read. is_cancelled:
    called before each one; when it returns True, the others are left out."""
    found = []
    for folder in _session_folders(root):
        if is_cancelled():
            break
        found.append(recorded_session(folder))
    return tuple(sorted(found, key=_newness, reverse=True))


def _session_folders(root: Path) -> list[Path]:
    try:
        names = os.listdir(root)
    except FileNotFoundError:
        return []
    return [root / name for name in names if is_session_folder(root / name)]


def cut_off_sessions(root: Path, now: datetime) -> tuple[RecordedSession, ...]:
    """Return the sessions that ended in the last day because their console's terminal went away,
    in which something was said, and with which no later one went on, the newest first. Blocks on
    the disk. Raises OSError."""
    since_s = now.timestamp() - _OFFERED_S
    recent = [each for each in _session_folders(root) if _changed_s(each / META) >= since_s]
    sessions = [recorded_session(folder) for folder in recent]
    went_on = {each.goes_on_from for each in sessions}
    found = (
        each
        for each in sessions
        if each.ended_by == BY_TERMINAL
        and each.ended is not None
        and since_s <= each.ended.timestamp() <= now.timestamp()
        and each.length_s is not None
        and (each.turns != 0 or each.goes_on_from)
        and str(each.folder) not in went_on
    )
    return tuple(sorted(found, key=_newness, reverse=True))


def _changed_s(path: Path) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0.0


def newest_session(root: Path) -> RecordedSession | None:
    """Return the newest session that can be read and is not being written; None without one. Raises
    OSError."""
    usable = (
        each for each in recorded_sessions(root) if each.length_s is not None and not each.running
    )
    return next(usable, None)


def _newness(session: RecordedSession) -> tuple[float, str]:
    started, folder = session.started, session.folder
    return (0.0 if started is None else started.timestamp(), folder.name)


def recorded_session(folder: Path) -> RecordedSession:
    """Return what is known of one session. Never raises."""
    meta, problem = _read_meta(folder)
    named = _NAME.fullmatch(folder.name)
    started = _moment(meta.get("started")) or (_moment_in_name(named[1]) if named else None)
    ended, running = _moment(meta.get("ended")), is_written(folder)
    length_s = get_number(meta, "length_s")
    try:
        if length_s is None or not 0 <= length_s < _LONGEST_S:
            length_s = _last_time(folder)
        else:
            _check_events(folder)
    except (OSError, ValueError) as error:
        length_s, problem = None, _reason(error)
    if not problem and ended is None and not running:
        problem = "not ended: the program stopped"
    return RecordedSession(
        folder,
        get_str(meta, "title") or (named[2] if named else folder.name),
        started,
        ended,
        length_s,
        _count(meta, "turns"),
        _count(meta, "cut"),
        _count(meta, "errors"),
        get_number(meta, "p50_ms"),
        get_number(meta, "p95_ms"),
        sum(_sizes(folder)),
        get_str(meta, "model"),
        get_str(meta, "service"),
        get_str(meta, "ended_by"),
        get_str(meta, "goes_on_from"),
        running,
        "" if running else problem,
        tuple(_usage(meta)),
    )


def _usage(meta: Mapping[str, Any]) -> Iterator[tuple[str, TokenUsage]]:
    for used in first_objects(meta, "usage", _MOST_MODELS):
        yield get_str(used, "model"), usage_of(used)


def _count(meta: Mapping[str, Any], name: str) -> int | None:
    """Return a count of meta.toml; None for one that no session can have."""
    count = get_int(meta, name)
    return count if count is not None and 0 <= count < _MOST_COUNTED else None


def _read_meta(folder: Path) -> tuple[Mapping[str, Any], str]:
    """Return meta.toml, and why it cannot be read; an empty text if it can."""
    try:
        document = read_toml(read_text_file(folder / META, "replace"))
    except OSError as error:
        return {}, f"{META}: {error.strerror or error}"
    if isinstance(document, TomlProblem):
        return {}, f"{META}: {document}"
    return document, ""


def _reason(error: OSError | ValueError) -> str:
    why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return f"{EVENTS}: {why}"


def _check_events(folder: Path) -> None:
    """Raises OSError unless there is a file of events; ValueError, with the reason, for an empty
    one."""
    status = os.lstat(folder / EVENTS)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is no ordinary file")
    if not status.st_size:
        raise ValueError("it is empty")


def _last_time(folder: Path) -> float:
    """Return the time of the last complete line, in seconds since the session's start. Raises
    OSError; ValueError, with the reason."""
    for line in reversed(tail_lines(folder, _TAIL_BYTES)):
        with suppress(JsonError, UnicodeDecodeError):
            record = read_json(line.decode())
            t_s = get_number(record, "t") if isinstance(record, dict) else None
            if t_s is not None and 0 <= t_s < _LONGEST_S:
                return t_s
    raise ValueError("its last lines cannot be read")


def _sizes(folder: Path) -> Iterator[int]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_size


def _moment(value: object) -> datetime | None:
    """Return a moment of meta.toml; None for anything else, and for one that no clock shows."""
    if not isinstance(value, datetime) or not 1970 <= value.year < 9000:
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _moment_in_name(text: str) -> datetime | None:
    try:
        return _moment(datetime.strptime(text, "%Y-%m-%dT%H-%M-%S"))
    except ValueError:
        return None
