"""The rows of the event list: filtered records, with runs of deltas collapsed into one row.

A million rows stay cheap, because kinds are filtered by one byte each with `bytes.translate` and
`itertools.compress`.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Literal

from voicelive_tui.journal.index import OVERFLOW, EventIndex
from voicelive_tui.journal.row_groups import RowGroups
from voicelive_tui.model.events.event_types import is_streaming
from voicelive_tui.model.events.filters import EVERYTHING, Filter
from voicelive_tui.model.events.record import Direction


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a record, or a run of visible records of one streaming kind (see `row_groups`). t_s:
    the time of the first."""

    first_n: int
    last_n: int
    count: int
    audio_ms: float
    t_s: float
    direction: Direction
    type_name: str


class EventView:
    """Rows over an index. A view belongs to one thread; the index may grow meanwhile, which `sync`
    picks up."""

    def __init__(self, index: EventIndex) -> None:
        self._index = index
        self._filter = EVERYTHING
        self._collapse = True
        self._synced = 0
        self._visible = array("I")
        self._groups = RowGroups()

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self._groups) if self._collapse else len(self._visible)

    @property
    def records(self) -> int:
        """The number of records that pass the filter."""
        return len(self._visible)

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the records that pass the filter, in order."""
        return self._visible

    def set_filter(self, event_filter: Filter) -> None:
        """Set the filter and apply it to all records."""
        self._filter = event_filter
        self._reset()
        self.sync()

    def set_collapse(self, on: bool) -> None:
        """Set whether a run is one row, or every record has a row."""
        self._collapse = on

    def sync(self) -> int:
        """Add the records that the index got since the last call, and return the number of new
        rows. Rows of the last stretch may have grown instead."""
        before, start, stop = self.rows, self._synced, self._index.count
        if start < stop:
            self._synced = stop
            added, kinds = self._matching(start, stop)
            if added:
                values = enumerate(self._index.kind_values())
                self._groups.extend(
                    kinds, [number for number, kind in values if is_streaming(kind.type_name)]
                )
                self._visible.extend(added)
        return self.rows - before

    def row(self, i: int) -> Row:
        """Return row i, counted from 0. Raises IndexError."""
        if not 0 <= i < self.rows:
            raise IndexError(f"no row {i}")
        first, last, count = self._span(i)
        first_n, last_n = self._visible[first], self._visible[last]
        kind = self._index.kind(first_n)
        return Row(
            first_n=first_n,
            last_n=last_n,
            count=count,
            audio_ms=self._audio_ms(i, first_n, last_n),
            t_s=self._index.t_s(first_n),
            direction=kind.direction,
            type_name=kind.type_name,
        )

    def row_of(self, n: int) -> int:
        """Return the row that shows record n, or the nearest one before it; 0 when there is
        none."""
        at = max(0, bisect_right(self._visible, n) - 1)
        return self._row_at(at) if self._visible else 0

    def next_error(self, i: int, step: Literal[1, -1]) -> int | None:
        """Return the next row after row i (step 1) or before it (step -1) that reports a failure;
        None when there is none."""
        if not self._visible:
            return None
        first, last, _ = self._span(min(max(i, 0), self.rows - 1))
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
        self._groups = RowGroups()

    def _matching(self, start: int, stop: int) -> "tuple[array[int], bytes]":
        """Return the numbers in [start, stop) that pass the filter, and the kind of each."""
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
            passing = filter(self._overflow_matches, passing)
        numbers = array("I", self._with_text(passing, start, stop))
        return numbers, bytes(map(self._index.kind_number, numbers))

    def _overflow_matches(self, n: int) -> bool:
        kind = self._index.kind(n)
        return self._filter.matches_kind(kind.direction, kind.type_name, kind.error)

    def _with_text(self, passing: Iterable[int], start: int, stop: int) -> Iterable[int]:
        for term in self._filter.terms:
            if term.what == "text":
                matching = {
                    n for needle in term.needles for n in self._index.find(needle, start, stop)
                }
                passing = [n for n in passing if (n in matching) != term.negated]
        return passing

    def _span(self, i: int) -> tuple[int, int, int]:
        """Return the positions in `_visible` of a row's first and last record, and its number of
        records."""
        return self._groups.span(i) if self._collapse else (i, i, 1)

    def _row_at(self, at: int) -> int:
        return self._groups.row_at(at) if self._collapse else at

    def _audio_ms(self, i: int, first_n: int, last_n: int) -> float:
        if first_n == last_n:
            return self._index.audio_ms(first_n)
        if self._filter.needs_text:
            return sum(self._index.audio_ms(self._visible[at]) for at in self._groups.positions(i))
        return self._index.audio_between_ms(first_n, last_n)
