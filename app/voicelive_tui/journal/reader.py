"""Reads a recorded session's folder into the same index and the same view that it had when it was
live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from voicelive_common.line_reader import LONGEST_LINE_BYTES, ReadingCancelled, read_lines
from voicelive_common.text_file import open_ordinary, read_text_file
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.journal.audio_reader import AudioReader
from voicelive_tui.journal.audio_store import AudioStore
from voicelive_tui.journal.folder import EVENTS, META, PROFILE, JournalError
from voicelive_tui.journal.in_use import hold_to_show
from voicelive_tui.journal.index import EventIndex, Kind
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.lines import LineError, Reference, frame_size, parse_line, reference_of
from voicelive_tui.model.events.audio_field import VIDEO
from voicelive_tui.model.events.event_types import is_error
from voicelive_tui.model.events.record import MALFORMED, Record
from voicelive_tui.model.profile.profile import Profile, parse_profile
from voicelive_tui.model.session.fold import SessionFold
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.model.transcript.history import PastItem

_DAMAGED: Final = Kind("local", MALFORMED, True)
MAX_MISSING: Final = 2_000_000
"""The most missing records in a file that is believed; a session of an hour has a tenth as many
records."""

__all__ = ["JournalError", "LineError", "ReadingCancelled", "Recorded", "frame_text", "read_folder"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The contents of a session's folder. problems: one sentence for each part that could not be
    read."""

    profile: Profile | None
    meta: Mapping[str, Any]
    index: EventIndex
    view: SessionView
    timeline: TimelineFold
    problems: tuple[str, ...] = ()
    history: tuple[PastItem, ...] = ()
    """The conversation, as the connection of another session can be told it."""
    being_written: bool = False
    """Whether a console is still writing it."""


def read_folder(path: str | Path, is_cancelled: Callable[[], bool] = lambda: False) -> Recorded:
    """Read a session's folder. Raises JournalError when it holds no session.

    is_cancelled: called at each line, and at each MiB of a line; when it returns True,
    ReadingCancelled is raised.
    """
    folder = Path(path)
    events = folder / EVENTS
    try:
        fd = open_ordinary(events)
    except OSError as error:
        reason = "there is no such folder" if not folder.is_dir() else error.strerror or str(error)
        raise JournalError(
            f"{folder} is no recorded session ({EVENTS}: {reason}); name a folder of the sessions "
            "folder."
        ) from error
    problems: list[str] = []
    being_written = not hold_to_show(fd)
    store, fold, timeline = LineStore(fd), SessionFold(), TimelineFold()
    index = EventIndex(store, AudioStore(str(folder), writing=False))
    try:
        with open(fd, "rb", closefd=False) as file, AudioReader(str(folder)) as audio:
            folds = _Folds(fold, timeline, audio)
            _Loader(index, folds, is_cancelled).load(file, problems)
    except BaseException:
        store.close()
        raise
    store.stop()
    profile, meta = _read_profile(folder, problems), _read_meta(folder, problems)
    said = fold.history()
    view, wrong = fold.view(), tuple(problems)
    return Recorded(profile, meta, index, view, timeline, wrong, said, being_written)


def frame_text(index: EventIndex, n: int) -> str:
    """Return the frame of record n exactly as it crossed the wire, as text; bytes that are not
    UTF-8 become backslash escapes.

    Raises LineError when its audio was not recorded, or its line is lost.
    """
    frame = index.frame(n)
    return frame if isinstance(frame, str) else frame.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds a record."""

    number: int
    text: bytes
    record: Record
    whole: Mapping[str, Any]
    reference: Reference | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Folds:
    """What is known of the session from its records."""

    session: SessionFold
    timeline: TimelineFold
    audio: AudioReader

    def apply(self, line: _Line) -> None:
        reference = line.reference
        heard = reference is not None and line.record.kind != VIDEO
        self.session.apply(line.record)
        self.timeline.apply(
            line.record, self.audio.read(reference) if reference is not None and heard else None
        )


class _Loader:
    """Reads lines into an index and a fold. A damaged line keeps its number, so that the numbers
    after it stay right.

    A line whose number leaves some out is pending: either those records could not be written, or
    its own number is damaged. It is accepted when the next line has a higher number.
    """

    def __init__(self, index: EventIndex, folds: _Folds, is_cancelled: Callable[[], bool]) -> None:
        self._index = index
        self._folds = folds
        self._is_cancelled = is_cancelled
        self._damaged: list[int] = []
        """The lengths of the damaged lines since the last record."""
        self._pending: _Line | None = None
        self._damaged_after_pending: list[int] = []
        """The lengths of the damaged lines since the pending line."""
        self._missing = 0
        self._skipped = 0
        self._first_skipped: tuple[int, str] | None = None

    def load(self, file: BinaryIO, problems: list[str]) -> None:
        """Read every line; what is wrong with them is added to problems."""
        torn = 0
        for number, line in enumerate(read_lines(file, self._is_cancelled), 1):
            if not line.ended:
                torn = number
                break
            if line.too_long:
                self._skip(
                    number, line.length, f"it is longer than {LONGEST_LINE_BYTES // 2**20} MiB"
                )
            else:
                self._read_line(number, line.text)
        self._accept_pending()
        if self._first_skipped is not None:
            problems.append(
                f"Line {self._first_skipped[0]} of {EVENTS} was skipped: {self._first_skipped[1]}."
            )
        if self._skipped > 1:
            problems.append(f"{self._skipped} lines of {EVENTS} were skipped in all.")
        if self._missing:
            which = "1 record is" if self._missing == 1 else f"{self._missing} records are"
            problems.append(
                f"{which} missing in {EVENTS}, because the disk could not be written in time."
            )
        if torn:
            problems.append(
                f"The last line of {EVENTS}, line {torn}, is incomplete and was skipped: the "
                "program stopped while it wrote the line."
            )

    def _read_line(self, number: int, text: bytes) -> None:
        try:
            record, whole = parse_line(text)
            reference = None if whole.get("inline") else reference_of(record.event)
            line = _Line(
                number, text, record, whole, reference, frame_size(text, record, whole, reference)
            )
        except LineError as error:
            self._skip(number, len(text), str(error))
            return
        if self._pending is not None and record.n > self._pending.record.n:
            self._accept_pending()
        elif self._pending is not None:
            self._reject_pending(self._pending)
        missing = record.n - self._index.count - len(self._damaged)
        if record.n < self._index.count or self._missing + missing > MAX_MISSING:
            self._skip(number, len(text), self._unexpected(record.n))
        elif missing > 0:
            self._pending = line
        else:
            self._add(line)

    def _skip(self, number: int, length: int, reason: str) -> None:
        self._skipped += 1
        self._first_skipped = min(self._first_skipped or (number, reason), (number, reason))
        (self._damaged if self._pending is None else self._damaged_after_pending).append(length)

    def _unexpected(self, n: int) -> str:
        return f"it has number {n} where {self._index.count} was expected"

    def _accept_pending(self) -> None:
        """Accept the pending line: the numbers before it are really missing."""
        if self._pending is not None:
            self._add(self._pending)
            self._pending, self._damaged, self._damaged_after_pending = (
                None,
                self._damaged_after_pending,
                [],
            )

    def _reject_pending(self, pending: _Line) -> None:
        """Reject the pending line: its number is damaged."""
        self._pending = None
        damaged, self._damaged_after_pending = self._damaged_after_pending, []
        self._skip(pending.number, len(pending.text), self._unexpected(pending.record.n))
        self._damaged += damaged

    def _add(self, line: _Line) -> None:
        record = line.record
        self._fill_gap(record.n - self._index.count, record.t_s)
        self._index.store.add_written(len(line.text))
        kind = Kind(record.dir, record.type, is_error(record.event))
        length_ms = line.reference.length_ms if line.reference else 0.0
        self._index.add(
            t_s=record.t_s,
            kind=kind,
            size_bytes=line.size_bytes,
            audio_ms=length_ms,
            event=record.event,
        )
        self._folds.apply(line)

    def _fill_gap(self, expected: int, t_s: float) -> None:
        """Decide by the numbers how many of the damaged lines since the last record were records,
        and how many records have no line.

        expected: the number of records between the last one and the next.
        """
        for at, length in enumerate(self._damaged):
            if at < expected:
                if length > LONGEST_LINE_BYTES:
                    self._index.store.skip_bytes(length)
                    length = 0
                self._index.store.add_written(length)
                self._index.add(t_s=t_s, kind=_DAMAGED, size_bytes=0, audio_ms=0.0)
            else:
                self._index.store.skip_bytes(length + 1)
        missing = max(0, expected - len(self._damaged))
        if missing:
            self._missing += missing
            self._index.add_missing(missing, t_s)
        self._damaged.clear()


def _read_profile(folder: Path, problems: list[str]) -> Profile | None:
    try:
        text = read_text_file(folder / PROFILE, "replace")
    except OSError as error:
        problems.append(f"{PROFILE} could not be read ({error.strerror or error}).")
        return None
    slug = folder.name.partition("_")[2] or folder.name
    profile, profile_problems = parse_profile(text, slug=slug, path=str(folder / PROFILE))
    problems.extend(str(problem) for problem in profile_problems if problem.unusable)
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
