"""What the event list shows of an index: filtered rows, with runs of deltas drawn as one; knows nothing of any screen.

A million rows stay cheap: kinds are filtered by one byte each, through `bytes.translate` and `itertools.compress`.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, compress
from operator import ne, or_
from typing import Literal

from voicelive_tui.journal.index import OVERFLOW, EventIndex
from voicelive_tui.model.events import is_streaming
from voicelive_tui.model.filters import EVERYTHING, Filter
from voicelive_tui.model.record import Direction


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a record, or a run of count neighbouring visible records of one direction and type. t_s: of the first."""

    first_n: int
    last_n: int
    count: int
    audio_ms: float
    t_s: float
    direction: Direction
    type_name: str


class EventView:
    """Rows over an index. Belongs to one thread; the index may grow meanwhile and is looked at in `sync`."""

    def __init__(self, index: EventIndex) -> None:
        self._index = index
        self._filter = EVERYTHING
        self._collapse = True
        self._synced = 0
        self._visible = array("I")
        self._starts = array("I")
        self._last_kind = -1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._starts) if self._collapse else len(self._visible)

    @property
    def records(self) -> int:
        """How many records pass the filter."""
        return len(self._visible)

    def set_filter(self, wanted: Filter) -> None:
        """Show what passes this filter, from the first record on."""
        self._filter = wanted
        self._reset()
        self.sync()

    def set_collapse(self, on: bool) -> None:
        """Draw runs as one row, or every record."""
        self._collapse = on

    def sync(self) -> int:
        """Take in what the index got since; how many rows that added. The last row may have grown instead."""
        before, start, stop = self.rows, self._synced, self._index.count
        if start < stop:
            self._synced = stop
            fresh, kinds = self._passing(start, stop)
            if fresh:
                self._add_runs(kinds)
                self._visible.extend(fresh)
        return self.rows - before

    def row(self, i: int) -> Row:
        """Row i, from 0. Raises IndexError."""
        if not 0 <= i < self.rows:
            raise IndexError(f"no row {i}")
        first, last = self._span(i)
        first_n, last_n = self._visible[first], self._visible[last]
        kind = self._index.kind(first_n)
        return Row(
            first_n=first_n,
            last_n=last_n,
            count=last - first + 1,
            audio_ms=self._audio_ms(first, last),
            t_s=self._index.t_s(first_n),
            direction=kind.direction,
            type_name=kind.type_name,
        )

    def row_of(self, n: int) -> int:
        """The row that shows record n, or the nearest one before it; 0 when there is none."""
        at = max(0, bisect_right(self._visible, n) - 1)
        return self._row_at(at)

    def next_error(self, i: int, step: Literal[1, -1]) -> int | None:
        """The next row after row i (step 1) or before it (step -1) that reports a failure."""
        if not self._visible:
            return None
        first, last = self._span(min(max(i, 0), self.rows - 1))
        n: int | None = self._visible[last if step > 0 else first]
        while n is not None:
            n = self._index.next_error(n, step)
            if n is not None:
                at = bisect_left(self._visible, n)
                if at < len(self._visible) and self._visible[at] == n:
                    return self._row_at(at)
        return None

    def _reset(self) -> None:
        self._synced = 0
        self._visible = array("I")
        self._starts = array("I")
        self._last_kind = -1

    def _passing(self, start: int, stop: int) -> "tuple[array[int], bytes]":
        """The numbers in [start, stop) that pass the filter, and the kind of each."""
        kinds = self._index.kind_bytes(start, stop)
        table = bytearray(256)
        for number, kind in enumerate(self._index.kind_values()):
            table[number] = self._filter.matches_kind(kind.direction, kind.type_name, kind.error)
        table[OVERFLOW] = 1
        mask = kinds.translate(table)
        passing: Iterable[int] = compress(range(start, stop), mask)
        if OVERFLOW not in kinds and not self._filter.needs_text:
            return array("I", passing), bytes(compress(kinds, mask))
        if OVERFLOW in kinds:
            passing = filter(self._overflow_passes, passing)
        fresh = array("I", self._with_text(passing, start, stop))
        return fresh, bytes(map(self._index.kind_number, fresh))

    def _overflow_passes(self, n: int) -> bool:
        kind = self._index.kind(n)
        return self._filter.matches_kind(kind.direction, kind.type_name, kind.error)

    def _with_text(self, passing: Iterable[int], start: int, stop: int) -> Iterable[int]:
        for term in self._filter.terms:
            if term.what == "text":
                found = {n for needle in term.needles for n in self._index.find(needle, start, stop)}
                passing = [n for n in passing if (n in found) != term.negated]
        return passing

    def _add_runs(self, kinds: bytes) -> None:
        """A row begins where the kind changes, and at every record that is not of a streaming kind."""
        single = bytearray(b"\x01" * 256)
        for number, kind in enumerate(self._index.kind_values()):
            single[number] = not is_streaming(kind.type_name)
        begins = map(or_, map(ne, kinds, chain((self._last_kind,), kinds)), kinds.translate(single))
        base = len(self._visible)
        self._starts.extend(compress(range(base, base + len(kinds)), begins))
        self._last_kind = kinds[-1]

    def _span(self, i: int) -> tuple[int, int]:
        """Positions in `_visible` of a row's first and last record."""
        if not self._collapse:
            return i, i
        end = self._starts[i + 1] if i + 1 < len(self._starts) else len(self._visible)
        return self._starts[i], end - 1

    def _row_at(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1) if self._collapse else at

    def _audio_ms(self, first: int, last: int) -> float:
        if first == last:
            return self._index.audio_ms(self._visible[first])
        if self._filter.needs_text:
            return sum(map(self._index.audio_ms, self._visible[first : last + 1]))
        return self._index.audio_between_ms(self._visible[first], self._visible[last])
