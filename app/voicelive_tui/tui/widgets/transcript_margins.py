"""What an entry's margin takes from the entries before it: the turns counted so far, the latest
time so far, and the matches of a search so far.

Times are shown as the latest so far, so that they never run backwards in the column: an answer that
is heard late stands before what was said meanwhile.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from voicelive_tui.model.transcript.line import TranscriptLine


class Margin(NamedTuple):
    """Running totals up to and including one entry."""

    turns: int
    t_s: float
    found: int


class TranscriptMargins:
    """A margin for each entry. is_match: whether a search finds the entry."""

    def __init__(self) -> None:
        self.is_match: Callable[[TranscriptLine], bool] = _finds_nothing
        self._margins: list[Margin] = []

    def __getitem__(self, entry: int) -> Margin:
        return self._margins[entry]

    @property
    def last(self) -> Margin:
        """The totals of all entries."""
        return self._margins[-1] if self._margins else _NONE

    def found(self, entry: int) -> bool:
        """Whether the search finds this entry."""
        before = self._margins[entry - 1].found if entry else 0
        return self._margins[entry].found > before

    def clear(self) -> None:
        """Remove all entries."""
        self._margins.clear()

    def replace(self, front: int, stop: int, entries: Sequence[TranscriptLine]) -> None:
        """Replace the margins from front up to stop by those of new entries. entries: all of them,
        of which those before front and behind stop are the same as before."""
        end = len(entries) - (len(self._margins) - stop)
        before = self._margins[front - 1] if front else _NONE
        new = list(self._counted(before, (entries[at] for at in range(front, end))))
        old_last = self._margins[stop - 1] if stop else _NONE
        self._margins[front:stop] = new
        now = new[-1] if new else before
        if now == old_last:
            return
        for at in range(end, len(entries)):
            now = self._next(now, entries[at])
            if now == self._margins[at]:
                return
            self._margins[at] = now

    def _counted(self, before: Margin, entries: Iterable[TranscriptLine]) -> Iterable[Margin]:
        for line in entries:
            before = self._next(before, line)
            yield before

    def _next(self, before: Margin, line: TranscriptLine) -> Margin:
        return Margin(
            before.turns + line.is_turn,
            max(before.t_s, line.t_s),
            before.found + self.is_match(line),
        )


_NONE = Margin(0, 0.0, 0)


def _finds_nothing(line: TranscriptLine) -> bool:
    return False
