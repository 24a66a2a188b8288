"""The columns of a session's events: a few bytes for each record, so that a million of them can be
listed and filtered.

One thread adds records, any thread may read. Invariant: `count` is increased last, so every n below
it is complete. Readers index and slice the columns but never hold a view of them, because an array
cannot grow while its buffer is exported.
"""

import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import eq
from typing import Any, Final, Literal, NamedTuple

from voicelive_tui.journal.audio_store import AudioStore
from voicelive_tui.journal.line_store import LineStore
from voicelive_tui.journal.lines import LineError, frame_parts, insert_audio, parse_line
from voicelive_tui.journal.streams import OpenStreams
from voicelive_tui.model.events.record import NOT_RECORDED, Direction, Record

OVERFLOW = 255
"""The kind byte of every record whose kind came after the first 255; a hostile server may invent a
type per event."""


class Kind(NamedTuple):
    """The meaning of a byte in the kind column. A tuple, because one is looked up for every
    record."""

    direction: Direction
    type_name: str
    error: bool


_MISSING = Kind("local", NOT_RECORDED, False)
_NO_FIELDS: Final[Mapping[str, Any]] = {}
_STRETCH = 2**16
"""The number of records that are searched at a time."""


class EventIndex:
    """Columns over the lines of a journal; records are numbered from 0."""

    def __init__(self, store: LineStore, audio_store: AudioStore | None = None) -> None:
        self.store = store
        self.audio_store = audio_store
        self.count = 0
        self._t_s = array("d")
        self._size_bytes = array("I")
        self._audio_ms = array("f")
        self._audio_total_ms = array("d")
        self._first_of = array("I")
        """The first record of each record's stream (see `streams`)."""
        self._stream_last = array("I")
        self._stream_count = array("I")
        self._stream_audio_ms = array("d")
        """These three hold, at the position of a stream's first record: its last record, its number
        of records, their audio."""
        self._streams = OpenStreams()
        self._late = array("I")
        self._newest_s = float("-inf")
        self._kinds = bytearray()
        self._kind_numbers: dict[Kind, int] = {}
        self._kind_values: list[Kind] = []
        self._overflow: dict[int, Kind] = {}
        self._totals = [0.0] * (OVERFLOW + 1)
        self._errors = array("I")
        self._type_counts: dict[str, int] = {}

    def add(
        self,
        *,
        t_s: float,
        kind: Kind,
        size_bytes: int,
        audio_ms: float,
        event: Mapping[str, Any] = _NO_FIELDS,
    ) -> None:
        """Publish the next record, whose line must already be in the store. event: its ids say to
        which stream it belongs."""
        number = self._kind_number(kind)
        if kind.error:
            self._errors.append(self.count)
        self._note_time(t_s)
        self._totals[number] += audio_ms
        self._t_s.append(t_s)
        self._size_bytes.append(min(size_bytes, 0xFFFFFFFF))
        self._audio_ms.append(audio_ms)
        self._audio_total_ms.append(self._totals[number])
        first = self._streams.first_of(self.count, *kind, event)
        self._first_of.append(first)
        self._stream_last.append(0)
        self._stream_count.append(0)
        self._stream_audio_ms.append(0.0)
        self._kinds.append(number)
        self._type_counts[kind.type_name] = self._type_counts.get(kind.type_name, 0) + 1
        self._join(first, 1, audio_ms)
        self.count += 1

    def add_missing(self, count: int, t_s: float) -> None:
        """Publish the next `count` records as missing: nothing is known of them except that they
        came before t_s."""
        number = self._kind_number(_MISSING)
        if number == OVERFLOW:
            self._overflow.update(dict.fromkeys(range(self.count, self.count + count), _MISSING))
        self.store.add_missing(count)
        self._note_time(t_s)
        first = self._streams.first_of(self.count, *_MISSING, _NO_FIELDS)
        self._first_of.extend(array("I", [first]) * count)
        for column in (self._stream_last, self._stream_count):
            column.extend(array("I", [0]) * count)
        self._stream_audio_ms.extend(array("d", [0.0]) * count)
        self._t_s.extend(array("d", [t_s]) * count)
        self._size_bytes.extend(array("I", [0]) * count)
        self._audio_ms.extend(array("f", [0.0]) * count)
        self._audio_total_ms.extend(array("d", [self._totals[number]]) * count)
        self._kinds += bytes([number]) * count
        self._type_counts[NOT_RECORDED] = self._type_counts.get(NOT_RECORDED, 0) + count
        self._join(first, count, 0.0)
        self.count += count

    def _note_time(self, t_s: float) -> None:
        if t_s < self._newest_s:
            self._late.append(self.count)
        else:
            self._newest_s = t_s

    def _join(self, first: int, count: int, audio_ms: float) -> None:
        """Count the last `count` records, whose columns are complete, in the stream that begins
        with record `first`."""
        self._stream_last[first] = self.count + count - 1
        self._stream_count[first] += count
        self._stream_audio_ms[first] += audio_ms

    def first_of(self, n: int) -> int:
        """Return the first record of the record's stream; n itself for one that belongs to none."""
        return self._first_of[n]

    def stream(self, first: int) -> tuple[int, int, float]:
        """Return a stream's last record, its number of records, and the milliseconds of audio in
        them. first: its first record."""
        return self._stream_last[first], self._stream_count[first], self._stream_audio_ms[first]

    def beginnings(self, numbers: Sequence[int]) -> Iterator[int]:
        """Yield those of these records that begin a stream or belong to none."""
        return compress(numbers, map(eq, numbers, map(self._first_of.__getitem__, numbers)))

    def late(self, start: int, stop: int) -> Sequence[int]:
        """Return the numbers in [start, stop) of records that happened before a record with a lower
        number, in order."""
        late = self._late
        return late[bisect_left(late, start) : bisect_left(late, stop)]

    @property
    def time_of(self) -> Callable[[int], float]:
        """The function from a record's number to its time, for sorting."""
        return self._t_s.__getitem__

    def t_s(self, n: int) -> float:
        """Return the record's time in seconds since the session's start."""
        return self._t_s[n]

    def direction(self, n: int) -> Direction:
        """Return whether the record was sent, received or is local."""
        return self.kind(n).direction

    def type_name(self, n: int) -> str:
        """Return the event's type, or `MALFORMED`."""
        return self.kind(n).type_name

    def size_bytes(self, n: int) -> int:
        """Return the bytes of the frame on the wire, audio included; 0 for a local record."""
        return self._size_bytes[n]

    def audio_ms(self, n: int) -> float:
        """Return the milliseconds of audio in the frame."""
        return self._audio_ms[n]

    def error(self, n: int) -> bool:
        """Return whether the record reports a failure."""
        return self.kind(n).error

    def kind(self, n: int) -> Kind:
        """Return direction, type and error of a record."""
        number = self._kinds[n]
        return self._overflow[n] if number == OVERFLOW else self._kind_values[number]

    def line(self, n: int) -> str:
        """Return the record's line in the journal. A line that could not be kept is replaced by one
        with a field `lost`."""
        return self._line_bytes(n).decode("utf-8", "surrogatepass")

    def record(self, n: int) -> Record:
        """Return the record. One whose line is damaged or lost has the reason in its field
        `lost`."""
        try:
            return parse_line(self._line_bytes(n))[0]
        except LineError:
            return parse_line(self._lost(n, "it is damaged"))[0]

    def frame(self, n: int) -> str | bytes:
        """Return the frame exactly as it crossed the wire, with its audio. Raises LineError when it
        was not kept as a whole."""
        line = self.kept_line(n)
        if line is None:
            raise LineError("it was not recorded")
        text, reference, binary = frame_parts(line)
        if isinstance(text, bytes):
            return text
        if reference is not None:
            audio = self.audio_store.read(reference) if self.audio_store else None
            if audio is None:
                raise LineError("its audio was not recorded")
            text = insert_audio(text, reference, audio)
        return text.encode("utf-8", "surrogatepass") if binary else text

    def types(self) -> Mapping[str, int]:
        """Return the number of records of each type, in the order in which the types first
        appeared."""
        return dict(self._type_counts)

    def local_numbers(self, start: int, stop: int) -> Iterator[int]:
        """Yield the numbers in [start, stop) of the records of this machine, in order."""
        local = {at for at, kind in enumerate(self._kind_values) if kind.direction == "local"}
        for n, number in enumerate(self._kinds[start:stop], start):
            if number in local or (number == OVERFLOW and self.direction(n) == "local"):
                yield n

    def kind_number(self, n: int) -> int:
        """Return the record's byte in the kind column."""
        return self._kinds[n]

    def kind_values(self) -> tuple[Kind, ...]:
        """Return the meanings of the bytes in `kind_bytes`, from 0. `OVERFLOW` has none."""
        return tuple(self._kind_values)

    def kind_bytes(self, start: int, stop: int) -> bytes:
        """Return the kind column of [start, stop), one byte per record."""
        return bytes(self._kinds[start:stop])

    def newest_of(self, numbers: Iterable[int], stop: int) -> int | None:
        """Return the newest record before `stop` whose byte in the kind column is one of these;
        None when there is none."""
        found = max((self._kinds.rfind(number, 0, max(0, stop)) for number in numbers), default=-1)
        return found if found >= 0 else None

    def numbers_of(self, number: int, start: int, stop: int) -> Iterator[int]:
        """Yield the records in [start, stop) whose byte in the kind column is this one, in
        order."""
        found = self._kinds.find(number, start, stop)
        while found >= 0:
            yield found
            found = self._kinds.find(number, found + 1, stop)

    def count_of(self, number: int, start: int, stop: int) -> int:
        """Return how many records in [start, stop) have this byte in the kind column."""
        return self._kinds.count(number, start, stop)

    def audio_between_ms(self, first: int, last: int) -> float:
        """Return the milliseconds of audio in all records of first's kind from first to last, both
        included."""
        return self._audio_total_ms[last] - self._audio_total_ms[first] + self._audio_ms[first]

    def missing_end(self, n: int) -> int:
        """Return the first number from n on whose record is not missing; n itself if it is
        there."""
        end, number = n, self._kind_numbers.get(_MISSING)
        while end < self.count and self._overflow.get(end) is _MISSING:
            end += 1
        if end > n or number is None:
            return end
        while stretch := self._kinds[end : min(end + _STRETCH, self.count)]:
            others = len(stretch.lstrip(bytes([number])))
            end += len(stretch) - others
            if others:
                break
        return end

    def next_error(self, n: int, step: Literal[1, -1]) -> int | None:
        """Return the nearest error record after n (step 1) or before it (step -1); None when there
        is none."""
        at = bisect_right(self._errors, n) if step > 0 else bisect_left(self._errors, n) - 1
        return self._errors[at] if 0 <= at < len(self._errors) else None

    def find(self, needle: bytes, start: int, stop: int) -> Iterator[int]:
        """Yield the numbers in [start, stop) whose line holds the needle, in order."""
        return self.store.find(needle, start, min(stop, self.count))

    def search(self, pattern: "re.Pattern[bytes]", start: int, stop: int) -> Iterator[int]:
        """Yield the numbers in [start, stop) of the records whose event, in lower case, matches
        this regular expression, in order."""
        return self.store.search(pattern, start, min(stop, self.count))

    def close(self) -> None:
        """Close the file of lines."""
        self.store.close()

    @property
    def unwritten(self) -> int:
        """The number of records that are not on disk."""
        return self.store.unwritten

    def kept_line(self, n: int) -> bytes | None:
        """Return the record's line in the journal; None when it could not be kept. Raises
        IndexError."""
        # A stream's last record may be one that is complete and not counted yet.
        if not 0 <= n < len(self._kinds):
            raise IndexError(f"no record {n}")
        try:
            return self.store.read(n)
        except OSError:
            return None

    def _line_bytes(self, n: int) -> bytes:
        line = self.kept_line(n)
        return self._lost(n, "it could not be kept") if line is None else line

    def _lost(self, n: int, reason: str) -> bytes:
        kind = self.kind(n)
        event = {"type": kind.type_name, "lost": reason}
        return json.dumps(
            {"n": n, "t": self._t_s[n], "dir": kind.direction, "lost": True, "event": event}
        ).encode()

    def _kind_number(self, kind: Kind) -> int:
        number = self._kind_numbers.get(kind)
        if number is None:
            number = len(self._kind_values)
            if number >= OVERFLOW:
                self._overflow[self.count] = kind
                return OVERFLOW
            self._kind_values.append(kind)
            self._kind_numbers[kind] = number
        return number
