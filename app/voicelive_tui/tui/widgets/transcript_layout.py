"""The positions of a transcript's entries in screen lines. An entry is wrapped when it is seen.

Invariant: an entry that was not wrapped yet has an estimated height. A few new entries are wrapped
at once.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from voicelive_tui.model.collections.shared_sequence import (
    common_prefix_length,
    common_suffix_length,
)
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.spans import Span
from voicelive_tui.tui.widgets.transcript_lines import (
    EXPORT_KEY,
    estimated_height,
    transcript_spans,
)

ENTRIES_AT_ONCE = 500
"""The number of new entries that are wrapped at once, so that only a long recording starts with
estimates."""
LINES_AT_ONCE = 1_500
"""The estimated lines of the entries that are wrapped at once."""

Lines = list[list[Span]]


class TranscriptLayout:
    """Entries wrapped to a width in cells. Lines and entries are counted from 0.

    export_key: the key that exports a text that is too long to be shown, as shown.
    """

    def __init__(self, export_key: str = EXPORT_KEY) -> None:
        self._export_key = export_key
        self.entries: Sequence[TranscriptLine] = ()
        self.width = 0
        self._wrapped: list[Lines | None] = []
        self._starts: list[int] = [0]

    @property
    def line_count(self) -> int:
        """The lines of all entries; estimated for entries that are not wrapped."""
        return self._starts[-1]

    def show(self, entries: Sequence[TranscriptLine], width: int) -> int:
        """Replace the entries. Those that are the same objects as before keep their lines. Returns
        the first line that differs."""
        old, self.entries = self.entries, entries
        if width != self.width:
            old, self.width, self._wrapped, self._starts = (), width, [], [0]
        front = common_prefix_length(entries, old)
        back = min(common_suffix_length(entries, old), len(entries) - front, len(old) - front)
        stop = len(old) - back
        known = {
            id(line): lines
            for line, lines in zip(old[front:stop], self._wrapped[front:stop], strict=True)
            if lines
        }
        replaced = self._wrapped[front] if front < len(self._wrapped) else None
        middle = entries[front : len(entries) - back]
        wrapped = [known.get(id(line)) for line in middle]
        heights = [
            len(lines) if lines else estimated_height(line, width)
            for line, lines in zip(middle, wrapped, strict=True)
        ]
        for position in _positions_to_wrap(wrapped, heights):
            lines = wrapped[position] = transcript_spans(middle[position], width, self._export_key)
            heights[position] = len(lines)
        self._wrapped[front:stop] = wrapped
        self._replace(front, stop, heights)
        return self._starts[front] + _equal_lines(replaced, wrapped[0] if wrapped else None)

    def lines(self, entry: int) -> Lines:
        """The lines of an entry."""
        lines = self._wrapped[entry]
        if lines is None:
            lines = self._wrapped[entry] = transcript_spans(
                self.entries[entry], self.width, self._export_key
            )
        return lines

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
