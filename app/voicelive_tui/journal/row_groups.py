"""Groups visible records into rows.

Streaming records (deltas, microphone appends) arrive interleaved: audio, its transcript, the
microphone. Between two other records they form a stretch, in which all records of one kind share a
row, at the position of the first. Every other record has a row of its own.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import repeat


class RowGroups:
    """Rows over the positions of visible records, which count from 0. A kind is one byte.

    Invariant: the first positions of the rows increase, so a row is found by bisection; only rows
    of the last stretch change.
    """

    def __init__(self) -> None:
        self._kinds = bytearray()
        self._firsts = array("I")
        self._lasts = array("I")
        self._counts = array("I")
        self._open_row = 0
        """The first row of the stretch that the next record may continue; the number of rows when
        there is none."""

    def __len__(self) -> int:
        return len(self._firsts)

    def span(self, row: int) -> tuple[int, int, int]:
        """Return the positions of a row's first and last record, and its number of records. Raises
        IndexError."""
        return self._firsts[row], self._lasts[row], self._counts[row]

    def positions(self, row: int) -> Iterable[int]:
        """Return the positions of all records in a row."""
        first, last, _ = self.span(row)
        kind = self._kinds[first]
        return (at for at in range(first, last + 1) if self._kinds[at] == kind)

    def row_at(self, position: int) -> int:
        """Return the row of the record at this position; 0 when there is none."""
        row = max(0, bisect_right(self._firsts, position) - 1)
        while row and self._kinds[self._firsts[row]] != self._kinds[position]:
            row -= 1
        return row

    def extend(self, kinds: bytes, streaming: Iterable[int]) -> None:
        """Add the kinds of further records. streaming: the kinds that form stretches."""
        base = len(self._kinds)
        self._kinds += kinds
        done = 0
        for stretch in _stretches(kinds, streaming):
            if stretch.start():
                self._add_singles(base + done, base + stretch.start())
                self._open_row = len(self._firsts)
            self._add_stretch(base + stretch.start(), stretch.group())
            done = stretch.end()
        if done < len(kinds):
            self._add_singles(base + done, base + len(kinds))
            self._open_row = len(self._firsts)

    def _add_singles(self, start: int, stop: int) -> None:
        self._firsts.extend(range(start, stop))
        self._lasts.extend(range(start, stop))
        self._counts.extend(repeat(1, stop - start))

    def _add_stretch(self, start: int, kinds: bytes) -> None:
        rows = {
            self._kinds[self._firsts[row]]: row for row in range(self._open_row, len(self._firsts))
        }
        for kind in dict.fromkeys(kinds):
            row, last = rows.get(kind), start + kinds.rindex(kind)
            if row is None:
                self._firsts.append(start + kinds.index(kind))
                self._lasts.append(last)
                self._counts.append(kinds.count(kind))
            else:
                self._lasts[row] = last
                self._counts[row] += kinds.count(kind)


def _stretches(kinds: bytes, streaming: Iterable[int]) -> "Iterable[re.Match[bytes]]":
    one_of = b"".join(re.escape(bytes([kind])) for kind in streaming)
    return re.finditer(b"[" + one_of + b"]+", kinds) if one_of else ()
