"""The positions of a transcript's entries in screen lines. An entry is wrapped when it is seen.

Invariant: an entry that was not wrapped yet has an estimated height. A few new entries are wrapped
at once.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from voicelive_tui.model.collections.shared_sequence import (
    common_prefix_length,
    common_suffix_length,
)
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import time_text
from voicelive_tui.tui.keymap import DEFAULT_KEYS
from voicelive_tui.tui.limits import NO_LIMITS, Limits
from voicelive_tui.tui.widgets.spans import Span
from voicelive_tui.tui.widgets.transcript_lines import (
    Columns,
    estimated_height,
    margin,
    text_rows,
)
from voicelive_tui.tui.widgets.transcript_margins import TranscriptMargins
from voicelive_tui.tui.widgets.transcript_search import TranscriptSearch

ENTRIES_AT_ONCE = 500
"""The number of new entries that are wrapped at once, so that only a long recording starts with
estimates."""
LINES_AT_ONCE = 1_500
"""The estimated lines of the entries that are wrapped at once."""

_LEAST_TIME_CELLS = 6

Lines = list[list[Span]]


class TranscriptLayout:
    """Entries wrapped to a width in cells. Lines and entries are counted from 0.

    keymap: the user's keys, for texts that name them. hides_notes: whether system notes take no
    line; errors and changes of the connection always do.
    """

    def __init__(
        self, keymap: Mapping[str, str] = DEFAULT_KEYS, limits: Limits = NO_LIMITS
    ) -> None:
        self._keymap, self._limits = keymap, limits
        self.entries: Sequence[TranscriptLine] = ()
        self.columns = Columns(0)
        self.margins = TranscriptMargins()
        self.search = TranscriptSearch("", keymap)
        self.hides_notes = False
        self._wrapped: list[Lines | None] = []
        self._starts: list[int] = [0]

    @property
    def line_count(self) -> int:
        """The lines of all entries; estimated for entries that are not wrapped."""
        return self._starts[-1]

    def show(
        self, entries: Sequence[TranscriptLine], width: int, *, with_time: bool = False
    ) -> int:
        """Replace the entries. Those that are the same objects as before keep their lines. Returns
        the first line that differs. with_time: whether a column shows the times."""
        old = self.entries
        front = common_prefix_length(entries, old)
        back = min(common_suffix_length(entries, old), len(entries) - front, len(old) - front)
        stop = len(old) - back
        head_before = self._head(front)
        self.margins.replace(front, stop, entries)
        columns, self.entries = self._columns(width, with_time), entries
        if columns != self.columns:
            self.columns, self._wrapped, self._starts = columns, [], [0]
            front = back = stop = 0
            old = ()
        known = {
            id(line): lines
            for line, lines in zip(old[front:stop], self._wrapped[front:stop], strict=True)
            if lines is not None
        }
        replaced = self._wrapped[front] if front < len(self._wrapped) else None
        middle = entries[front : len(entries) - back]
        wrapped = [known.get(id(line)) for line in middle]
        heights = [
            self._estimate(line) if lines is None else len(lines)
            for line, lines in zip(middle, wrapped, strict=True)
        ]
        for position in _positions_to_wrap(wrapped, heights):
            lines = wrapped[position] = self._rows(middle[position])
            heights[position] = len(lines)
        self._wrapped[front:stop] = wrapped
        self._replace(front, stop, heights)
        if head_before != self._head(front):
            return self._starts[front]
        return self._starts[front] + _equal_lines(replaced, wrapped[0] if wrapped else None)

    def _head(self, entry: int) -> list[Span]:
        """The margin of an entry's first row; none for an entry that does not exist."""
        if entry >= len(self.entries):
            return []
        totals = self.margins[entry]
        return margin(
            self.entries[entry], self.columns, totals.turns, totals.t_s, first=True, cursor=False
        )

    def rearrange(self) -> None:
        """Take all entries as new, because what is looked for or left out has changed."""
        self.columns = Columns(0)
        self.margins.replace(0, len(self.entries), self.entries)

    def lines(self, entry: int) -> Lines:
        """The lines of an entry, without their margin."""
        lines = self._wrapped[entry]
        if lines is None:
            lines = self._wrapped[entry] = self._rows(self.entries[entry])
        return lines

    def _rows(self, line: TranscriptLine) -> Lines:
        if self._is_hidden(line):
            return []
        return text_rows(line, self.columns, self._keymap, self._limits)

    def _estimate(self, line: TranscriptLine) -> int:
        return 0 if self._is_hidden(line) else estimated_height(line, self.columns)

    def _is_hidden(self, line: TranscriptLine) -> bool:
        is_note = line.who == "note" and not line.divides and line.state != "failed"
        return self.hides_notes and is_note

    def _columns(self, width: int, with_time: bool) -> Columns:
        """Return the columns that have room for the numbers and times of all entries."""
        turns, latest_s, _ = self.margins.last
        time = max(_LEAST_TIME_CELLS, len(time_text(latest_s))) if with_time else 0
        return Columns(width, number=1 + len(str(turns)), time=time)

    def start(self, entry: int) -> int:
        """The first line of an entry. For the number of entries, the line after the last one."""
        return self._starts[entry]

    def height(self, entry: int) -> int:
        """The number of lines of an entry; estimated if it is not wrapped."""
        return self._starts[entry + 1] - self._starts[entry]

    def entry_at(self, line: int) -> int:
        """The entry at a line."""
        return bisect_right(self._starts, line) - 1

    def settle_lines(self, first: int, last: int) -> bool:
        """Wrap the entries at the lines from first to last. Returns True if the height of one has
        changed."""
        end = self.line_count - 1
        return self.wrap(
            self.entry_at(min(max(0, first), end)), self.entry_at(min(max(0, last), end))
        )

    def wrap(self, first: int, last: int) -> bool:
        """Wrap the entries from first to last. Returns True if the height of one has changed."""
        first, last = max(0, first), min(last, len(self._wrapped) - 1)
        if all(len(self.lines(entry)) == self.height(entry) for entry in range(first, last + 1)):
            return False
        self._replace(first, last + 1, [len(self.lines(entry)) for entry in range(first, last + 1)])
        return True

    def _replace(self, first: int, stop: int, heights: list[int]) -> None:
        """Replace the entries from first up to stop by entries of these heights, and shift the
        later ones."""
        ends = list(accumulate(heights, initial=self._starts[first]))
        shift = ends[-1] - self._starts[stop]
        if shift:
            self._starts[stop + 1 :] = [start + shift for start in self._starts[stop + 1 :]]
        self._starts[first : stop + 1] = ends


def _equal_lines(old: Lines | None, new: Lines | None) -> int:
    """The number of lines at the beginning of an entry that are as before: an answer grows at its
    end."""
    if old is None or new is None:
        return 0
    return next(
        (n for n, (before, now) in enumerate(zip(old, new, strict=False)) if before != now),
        min(len(old), len(new)),
    )


def _positions_to_wrap(wrapped: Sequence[Lines | None], heights: Sequence[int]) -> Iterator[int]:
    """The positions of the entries to wrap at once: the last ones that are not wrapped, within the
    limits."""
    room = LINES_AT_ONCE
    for position in range(len(wrapped) - 1, max(-1, len(wrapped) - 1 - ENTRIES_AT_ONCE), -1):
        if wrapped[position] is None:
            room -= heights[position]
            if room < 0:
                return
            yield position
