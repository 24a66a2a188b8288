"""Reads a recorded session's folder: its lines, its end, and the damage in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from voicelive_common.line_reader import read_lines
from voicelive_common.text_file import open_ordinary, read_text_file
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_simulator.replay.journal_line import APPEND, Line, LineError, read_line

EVENTS, PROFILE = "events.jsonl", "profile.toml"
_CLOSED = "console.closed"
_APPEND = {"type": APPEND}
_BROKEN = "The connection broke"
_NO_PONG = "keepalive ping timeout"
_LONGEST_REASON_BYTES = 123  # RFC 6455 5.5


class RecordingError(Exception):
    """A folder that cannot be replayed; the message is one sentence with the reason and what to
    do."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The recorded end, when the service caused it. `code` None is a connection that broke without
    a close frame."""

    n: int
    t_s: float
    code: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The contents of a recorded session's folder. `lines` are the frames of both directions;
    `service` is the profile's [service] table; `problems` are sentences."""

    lines: tuple[Line, ...]
    closed: Closed | None
    service: Mapping[str, Any]
    problems: tuple[str, ...]


def read_folder(folder: Path) -> Folder:
    """Read a folder. Raises RecordingError when it contains nothing that could be served."""
    problems: list[str] = []
    try:
        with open(open_ordinary(folder / EVENTS), "rb") as file:
            lines = _lines(file, problems)
    except OSError as error:
        why = (
            f"{EVENTS}: {(error.strerror or 'unreadable').lower()}"
            if folder.is_dir()
            else "there is no such folder"
        )
        raise RecordingError(
            f"{folder} is no recorded session ({why}): name a folder that the console left in its "
            "sessions folder."
        ) from None
    if not any(line.direction == "received" for line in lines):
        raise RecordingError(
            f"{folder} holds no event of the service, so there is nothing to serve: name a session "
            "that was connected."
        )
    frames = tuple(line for line in lines if line.direction != "local")
    closed = next(
        (end for line in reversed(lines) if line.type == _CLOSED and (end := _closed(line))), None
    )
    return Folder(frames, closed, _service(folder, problems), tuple(problems))


def _lines(file: BinaryIO, problems: list[str]) -> list[Line]:
    """Every complete line in the order of the numbers; problems with the others are added to
    `problems`, summed up in one sentence."""
    lines: list[Line] = []
    damaged = []
    for number, text_line in enumerate(read_lines(file), 1):
        if not text_line.ended:
            # The writer ends each line in the same write, so a line without an end was cut off.
            problems.append(f"The last line of {EVENTS} is cut off and left out.")
            break
        try:
            line = read_line(text_line.text)
            if lines and line.n <= lines[-1].n:
                raise LineError(f"its n is {line.n}, which is not above the line before")
            lines.append(_without_text(line) if line.audio and line.type == APPEND else line)
        except LineError as error:
            damaged.append(f"line {number}: {error}")
    if damaged:
        more = f", and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        problems.append(
            f"{EVENTS} is damaged and served without the broken lines ({damaged[0]}{more})."
        )
    return lines


def _without_text(line: Line) -> Line:
    """A recorded append without its text: it comes fifty times a second, and only its audio
    counts."""
    return replace(line, text="", event=_APPEND)


def _closed(line: Line) -> Closed | None:
    """The end, if the service caused it; None when the client ended the session, or gave up on a
    silent service."""
    event = line.event or {}
    code, reason, sentence = (
        event.get("code"),
        str(event.get("reason") or ""),
        str(event.get("sentence") or ""),
    )
    if code is None:
        return Closed(line.n, line.t_s, None, "") if sentence.startswith(_BROKEN) else None
    if not isinstance(code, int) or not 1000 <= code <= 4999:
        return None
    if reason == _NO_PONG or (code == 1000 and sentence.startswith("You ")):
        return None
    sendable = reason.encode("utf-8", "replace")[:_LONGEST_REASON_BYTES].decode("utf-8", "ignore")
    return Closed(line.n, line.t_s, None if code == 1006 else code, sendable)


def _service(folder: Path, problems: list[str]) -> Mapping[str, Any]:
    """The profile's [service] table. A folder without a profile has none; a profile that cannot be
    read is added to `problems`."""
    try:
        document = read_toml(read_text_file(folder / PROFILE, "replace"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        document = TomlProblem(error.strerror or "unreadable", "")
    if isinstance(document, TomlProblem):
        problems.append(
            f"{PROFILE} could not be read ({document}), so it does not say which model is served."
        )
        return {}
    table = document.get("service")
    return table if isinstance(table, dict) else {}
