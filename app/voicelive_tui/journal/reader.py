"""A recorded session: its folder read again into the same index and the same view as when it was live."""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from voicelive_tui.journal.folder import EVENTS, META, PROFILE, JournalError
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.lines import LineError, frame_size, parse_line, reference_of
from voicelive_tui.journal.sound import SoundStore
from voicelive_tui.journal.store import LineStore
from voicelive_tui.model.events import is_error
from voicelive_tui.model.fold import SessionFold
from voicelive_tui.model.profile import Profile, parse_profile
from voicelive_tui.model.record import MALFORMED
from voicelive_tui.model.snapshot import SessionView
from voicelive_tui.model.toml_text import TomlProblem, read_toml
from voicelive_tui.text_file import read_text_file

_DAMAGED: Final = Kind("local", MALFORMED, True)
_LONGEST_LINE_BYTES: Final = 256 * 2**20
"""More than the journal writes for the largest frame, 16 MiB, with every byte of it escaped in `raw` and in `event`."""
_PIECE_BYTES: Final = 2**20

__all__ = ["JournalError", "LineError", "ReadingCancelled", "Recorded", "frame_text", "read_folder"]


class ReadingCancelled(Exception):
    """The folder is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a session's folder holds. problems: one sentence each about what could not be read; the rest is there."""

    profile: Profile | None
    meta: Mapping[str, Any]
    index: EventIndex
    view: SessionView
    problems: tuple[str, ...] = ()


def read_folder(path: str | Path, is_cancelled: Callable[[], bool] = lambda: False) -> Recorded:
    """Read a session's folder. Raises JournalError when there is nothing to read in it.

    is_cancelled: asked at each line; ReadingCancelled follows when it says so.
    """
    folder = Path(path)
    events = folder / EVENTS
    try:
        fd = _open_file(events)
    except OSError as error:
        why = "there is no such folder" if not folder.is_dir() else error.strerror or str(error)
        raise JournalError(f"{folder} is no recorded session ({EVENTS}: {why}); name a folder of the sessions folder.") from error
    problems: list[str] = []
    store, fold = LineStore(fd), SessionFold()
    index = EventIndex(store, SoundStore(str(folder), writing=False))
    try:
        with open(fd, "rb", closefd=False) as file:
            _Loader(index, fold, is_cancelled).load(file, problems)
    except BaseException:
        store.close()
        raise
    store.stop()
    profile, meta = _read_profile(folder, problems), _read_meta(folder, problems)
    return Recorded(profile, meta, index, fold.view(), tuple(problems))


def _open_file(path: Path) -> int:
    """A descriptor of a regular file; OSError for anything else, such as a pipe on which reading would wait for ever."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    raise OSError(errno.EINVAL, "it is no ordinary file")


def frame_text(index: EventIndex, n: int) -> str:
    """The frame of record n exactly as it crossed the wire, as text (bytes that are no UTF-8 as backslash escapes).

    Raises LineError when its audio was not recorded, or the line is gone.
    """
    frame = index.frame(n)
    return frame if isinstance(frame, str) else frame.decode("utf-8", "backslashreplace")


class _Loader:
    """Reads lines into an index and a fold. A damaged line keeps its place, so that what follows keeps its numbers."""

    def __init__(self, index: EventIndex, fold: SessionFold, is_cancelled: Callable[[], bool]) -> None:
        self._index = index
        self._fold = fold
        self._is_cancelled = is_cancelled
        self._damaged: list[int] = []

    def load(self, file: BinaryIO, problems: list[str]) -> None:
        """Every line; what is wrong with them is added to problems."""
        skipped = 0
        for number, (line, length, ended) in enumerate(self._lines(file), 1):
            if self._is_cancelled():
                raise ReadingCancelled
            if not ended:
                problems.append(f"The last line of {EVENTS}, line {number}, is torn and was skipped: the program stopped in it.")
                break
            try:
                self._add(line, length)
            except LineError as error:
                if not skipped:
                    problems.append(f"Line {number} of {EVENTS} was skipped: {error}.")
                skipped += 1
                self._damaged.append(length)
        if skipped > 1:
            problems.append(f"{skipped} lines of {EVENTS} were skipped in all.")

    def _lines(self, file: BinaryIO) -> Iterator[tuple[bytes, int, bool]]:
        """Each line without its end, its length, and whether it has an end. A line that is too long is empty here."""
        while line := file.readline(_LONGEST_LINE_BYTES + 1):
            length, ended = len(line), line.endswith(b"\n")
            if length > _LONGEST_LINE_BYTES and not ended:
                rest, ended = self._pass_over(file)
                line, length = b"", length + rest
            yield line.removesuffix(b"\n"), length - ended, ended

    def _pass_over(self, file: BinaryIO) -> tuple[int, bool]:
        """Read on to the end of a line without keeping it: how many bytes that was, and whether the line has an end."""
        length = 0
        while piece := file.readline(_PIECE_BYTES):
            if self._is_cancelled():
                raise ReadingCancelled
            length += len(piece)
            if piece.endswith(b"\n"):
                return length, True
        return length, False

    def _add(self, line: bytes, length: int) -> None:
        if length > _LONGEST_LINE_BYTES:
            raise LineError("it is longer than any line of a journal")
        record, whole = parse_line(line)
        missing = record.n - self._index.count
        if not 0 <= missing <= len(self._damaged):
            raise LineError(f"it has number {record.n} where {self._index.count} was expected")
        reference = None if whole.get("inline") else reference_of(record.event)
        size = frame_size(line, record, whole, reference)
        self._fill(missing, record.t_s)
        self._index.store.written(len(line))
        kind = Kind(record.dir, record.type, is_error(record.event))
        self._index.add(t_s=record.t_s, kind=kind, size_bytes=size, audio_ms=reference.length_ms if reference else 0.0)
        self._fold.apply(record)

    def _fill(self, missing: int, t_s: float) -> None:
        """The numbers say how many of the damaged lines since the last good one were records."""
        for at, length in enumerate(self._damaged):
            if at < missing:
                if length > _LONGEST_LINE_BYTES:
                    self._index.store.skip(length)
                    length = 0
                self._index.store.written(length)
                self._index.add(t_s=t_s, kind=_DAMAGED, size_bytes=0, audio_ms=0.0)
            else:
                self._index.store.skip(length + 1)
        self._damaged.clear()


def _read_profile(folder: Path, problems: list[str]) -> Profile | None:
    try:
        text = read_text_file(folder / PROFILE, "replace")
    except OSError as error:
        problems.append(f"{PROFILE} could not be read ({error.strerror or error}).")
        return None
    slug = folder.name.partition("_")[2] or folder.name
    profile, found = parse_profile(text, slug=slug, path=str(folder / PROFILE))
    problems.extend(str(problem) for problem in found if problem.severity == "error")
    return profile


def _read_meta(folder: Path, problems: list[str]) -> Mapping[str, Any]:
    try:
        document = read_toml(read_text_file(folder / META, "replace"))
    except OSError as error:
        problems.append(f"{META} could not be read ({error.strerror or error}).")
        return {}
    if isinstance(document, TomlProblem):
        problems.append(f"{META} could not be read ({document}).")
        return {}
    return document
