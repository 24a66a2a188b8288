"""A recorded session: its folder read again into the same index and the same view as when it was live."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from voicelive_tui.journal.folder import EVENTS, META, PROFILE, JournalError
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.lines import LineError, frame_size, parse_line, reference_of
from voicelive_tui.journal.sound import SoundStore
from voicelive_tui.journal.store import LineStore
from voicelive_tui.model.events import is_error
from voicelive_tui.model.fold import SessionFold
from voicelive_tui.model.profile import Profile, parse_profile
from voicelive_tui.model.snapshot import SessionView

__all__ = ["JournalError", "LineError", "Recorded", "frame_text", "read_folder"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a session's folder holds. problems: one sentence each about what could not be read; the rest is there."""

    profile: Profile | None
    meta: Mapping[str, Any]
    index: EventIndex
    view: SessionView
    problems: tuple[str, ...] = ()


def read_folder(path: str | Path) -> Recorded:
    """Read a session's folder. Raises JournalError when there is nothing to read in it."""
    folder = Path(path)
    events = folder / EVENTS
    try:
        fd = os.open(events, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError as error:
        why = "there is no such folder" if not folder.is_dir() else error.strerror or str(error)
        raise JournalError(f"{folder} is no recorded session ({EVENTS}: {why}); name a folder of the sessions folder.") from error
    problems: list[str] = []
    store, fold = LineStore(fd), SessionFold()
    index = EventIndex(store, SoundStore(str(folder), writing=False))
    with open(events, "rb") as file:
        _read_lines(file, index, fold, problems)
    store.stop()
    profile, meta = _read_profile(folder, problems), _read_meta(folder, problems)
    return Recorded(profile, meta, index, fold.view(), tuple(problems))


def frame_text(index: EventIndex, n: int) -> str:
    """The frame of record n exactly as it crossed the wire, as text (bytes that are no UTF-8 as backslash escapes).

    Raises LineError when its audio was not recorded, or the line is gone.
    """
    frame = index.frame(n)
    return frame if isinstance(frame, str) else frame.decode("utf-8", "backslashreplace")


def _read_lines(file: BinaryIO, index: EventIndex, fold: SessionFold, problems: list[str]) -> None:
    skipped = 0
    for number, line, complete in _lines(file):
        if not complete:
            problems.append(f"The last line of {EVENTS}, line {number}, is torn and was skipped: the program stopped in it.")
            break
        try:
            _add(line, index, fold)
        except LineError as error:
            if not skipped:
                problems.append(f"Line {number} of {EVENTS} was skipped: {error}.")
            skipped += 1
            index.store.skip(len(line) + 1)
    if skipped > 1:
        problems.append(f"{skipped} lines of {EVENTS} were skipped in all.")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Number from 1, the line without its end, and whether it had one."""
    for number, line in enumerate(file, 1):
        yield number, line.removesuffix(b"\n"), line.endswith(b"\n")


def _add(line: bytes, index: EventIndex, fold: SessionFold) -> None:
    record, whole = parse_line(line)
    if record.n != index.count:
        raise LineError(f"it has number {record.n} where {index.count} was expected")
    reference = None if whole.get("inline") else reference_of(record.event)
    size = frame_size(line, record, whole, reference)
    index.store.written(len(line))
    kind = Kind(record.dir, record.type, is_error(record.event))
    index.add(t_s=record.t_s, kind=kind, size_bytes=size, audio_ms=reference.length_ms if reference else 0.0)
    fold.apply(record)


def _read_profile(folder: Path, problems: list[str]) -> Profile | None:
    try:
        text = (folder / PROFILE).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        problems.append(f"{PROFILE} could not be read ({error.strerror or error}).")
        return None
    slug = folder.name.partition("_")[2] or folder.name
    profile, found = parse_profile(text, slug=slug, path=str(folder / PROFILE))
    problems.extend(str(problem) for problem in found if problem.severity == "error")
    return profile


def _read_meta(folder: Path, problems: list[str]) -> Mapping[str, Any]:
    try:
        return tomllib.loads((folder / META).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        problems.append(f"{META} could not be read ({error.strerror or error}).")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{META} is not TOML ({error}).")
    return {}
