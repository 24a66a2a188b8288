"""The rows of the event list: filtered records in the order in which they happened, those of one
stream as one row at the place of its first.

A million rows stay cheap, because kinds are filtered by one byte each with `bytes.translate` and
`itertools.compress`, and only a record that happened before an earlier one moves others.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import Literal

from voicelive_tui.journal.filtering import passing
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.filter_terms import RecordTerm
from voicelive_tui.model.events.filters import EVERYTHING, Filter
from voicelive_tui.model.events.record import Direction


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a record, or the visible records of one stream (see `streams`). t_s: the time of the
    first."""

    first_n: int
    last_n: int
    count: int
    audio_ms: float
    t_s: float
    direction: Direction
    type_name: str


@dataclass(slots=True)
class _Part:
    """The visible records of a stream of which the filter shows only some."""

    first_n: int
    last_n: int
    count: int
    audio_ms: float


class EventView:
    """Rows over an index. A view belongs to one thread; the index may grow meanwhile, which `sync`
    picks up.

    Invariant: records and rows are sorted by time, at the same time by number.
    """

    def __init__(self, index: EventIndex) -> None:
        self._index = index
        self._filter = EVERYTHING
        self._collapse = True
        self._synced = 0
        self._visible = array("I")
        self._streams = array("I")
        """The first visible record of each stream."""
        self._parts: dict[int, _Part] | None = None
        """By the first record of a stream, its visible records; None while the filter shows whole
        streams, whose figures the index has."""
        self._shown = self._streams

    @property
    def filter(self) -> Filter:
        """The filter in use."""
        return self._filter

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self._shown)

    @property
    def records(self) -> int:
        """The number of records that pass the filter, whatever their gaps."""
        return len(self._visible)

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the records that the rows show, ascending."""
        if not self._filter.gaps:
            return array("I", sorted(self._visible))
        rows = map(self.row, range(self.rows))
        return array("I", sorted(chain.from_iterable(map(self.members, rows))))

    def set_filter(self, event_filter: Filter) -> None:
        """Set the filter and apply it to all records."""
        self._filter = event_filter
        self._reset()
        self.sync()

    def set_collapse(self, on: bool) -> None:
        """Set whether a stream is one row, or every record has a row."""
        self._collapse = on
        self._show()

    def sync(self) -> int:
        """Add the records that the index got since the last call, and return the number of new
        rows. Other rows may have grown, and a new one may stand before others."""
        before, start, stop = self.rows, self._synced, self._index.count
        if start < stop:
            self._synced = stop
            added = passing(self._index, self._filter, start, stop)
            if added:
                is_late = bool(self._index.late(start, stop))
                self._insert(self._visible, added, is_late)
                self._insert(self._streams, array("I", self._beginnings(added)), is_late)
                self._show()
        return self.rows - before

    def row(self, i: int) -> Row:
        """Return row i, counted from 0. Raises IndexError."""
        if not 0 <= i < self.rows:
            raise IndexError(f"no row {i}")
        first_n, index = self._shown[i], self._index
        last_n, count, audio_ms = (
            self._stream(first_n) if self._collapse else (first_n, 1, index.audio_ms(first_n))
        )
        kind = index.kind(first_n)
        return Row(
            first_n, last_n, count, audio_ms, index.t_s(first_n), kind.direction, kind.type_name
        )

    def extents(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the first and the last record of each row in [start, stop), which must exist."""
        shown = self._shown[start:stop]
        if not self._collapse:
            return [(n, n) for n in shown]
        return [(n, self._stream(n)[0]) for n in shown]

    def row_of(self, n: int) -> int:
        """Return the row that shows record n, or the nearest one before it; 0 when there is
        none."""
        if not self._shown:
            return 0
        return max(0, self._position(self._shown, self._first_shown(n)))

    def shows(self, n: int) -> bool:
        """Return whether a row shows record n or another one of its stream."""
        first_n = self._first_shown(n)
        at = self._position(self._shown, first_n) if self._shown else -1
        return at >= 0 and self._shown[at] == first_n

    def members(self, row: Row, most: int | None = None) -> Sequence[int]:
        """Return the numbers of the records in a row, in the order in which they happened. most:
        return only so many, the last ones; None for all."""
        if row.count == 1:
            return (row.first_n,)
        start, stop = (self._position(self._visible, n) for n in (row.first_n, row.last_n))
        found = self._of_stream(row, self._visible[start : stop + 1], most)
        if len(found) < min(row.count, row.count if most is None else most):
            # A clock that ran backwards has put some of them before the first or behind the last.
            found = self._of_stream(row, self._visible, most)
        return found

    def _of_stream(self, row: Row, among: "array[int]", most: int | None) -> list[int]:
        """The last records of a row's stream among these."""
        first, index = self._index.first_of(row.first_n), self._index
        own = (n for n in reversed(among) if index.first_of(n) == first)
        return list(islice(own, most))[::-1]

    def next_error(self, i: int, step: Literal[1, -1]) -> int | None:
        """Return the next row after row i (step 1) or before it (step -1) that reports a failure;
        None when there is none."""
        if not self._shown:
            return None
        n: int | None = self._index.count if i >= self.rows else -1 if i < 0 else self._shown[i]
        while n is not None:
            n = self._index.next_error(n, step)
            if n is not None and self.shows(n) and (self.row_of(n) - i) * step > 0:
                return self.row_of(n)
        return None

    def _reset(self) -> None:
        self._synced = 0
        self._visible, self._streams = array("I"), array("I")
        looks_at_records = any(isinstance(leaf, RecordTerm) for leaf in self._filter.leaves())
        self._parts = {} if looks_at_records else None
        self._show()

    def _insert(self, target: "array[int]", added: "array[int]", is_late: bool) -> None:
        """Insert ascending numbers by their time. is_late: one of the records may have happened
        before one that is in the target."""
        if not is_late or not added:
            target.extend(added)
            return
        time_of = self._index.time_of
        cut = bisect_right(target, min(map(time_of, added)), key=time_of)
        target[cut:] = array("I", sorted(chain(target[cut:], added), key=time_of))

    def _beginnings(self, added: Sequence[int]) -> Iterator[int]:
        if self._parts is None:
            yield from self._index.beginnings(added)
            return
        index, parts = self._index, self._parts
        for n in added:
            first = index.first_of(n)
            part = parts.get(first)
            if part is None:
                parts[first] = _Part(n, n, 1, index.audio_ms(n))
                yield n
            else:
                part.last_n = n
                part.count += 1
                part.audio_ms += index.audio_ms(n)

    def _stream(self, first_n: int) -> tuple[int, int, float]:
        if self._parts is None:
            return self._index.stream(first_n)
        part = self._parts[self._index.first_of(first_n)]
        return part.last_n, part.count, part.audio_ms

    def _first_shown(self, n: int) -> int:
        """Return the record at whose place record n is shown, if it is."""
        n = min(n, self._index.count - 1)
        if not self._collapse or n < 0:
            return n
        first = self._index.first_of(n)
        if self._parts is None:
            return first
        part = self._parts.get(first)
        return n if part is None else part.first_n

    def _position(self, among: "array[int]", n: int) -> int:
        """Return the position of record n, or of the nearest one before it; -1 for none."""
        if n < 0:
            return -1
        time_of = self._index.time_of
        return bisect_right(among, (time_of(n), n), key=lambda each: (time_of(each), each)) - 1

    def _show(self) -> None:
        """Choose the list that the rows are taken from."""
        self._shown = self._streams if self._collapse else self._visible
        if self._filter.gaps:
            self._shown = array("I", compress(self._shown, self._gaps_pass(self._shown)))

    def _gaps_pass(self, numbers: "array[int]") -> Iterator[bool]:
        previous_s = None
        index, keeps_errors = self._index, self._filter.keeps_errors
        for n in numbers:
            t_s = index.t_s(n)
            gap_s = None if previous_s is None else t_s - previous_s
            previous_s = t_s
            yield (keeps_errors and index.error(n)) or (
                gap_s is not None
                and all((gap_s > limit.gap_s) == (limit.sign == ">") for limit in self._filter.gaps)
            )
