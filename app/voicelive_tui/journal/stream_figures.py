"""The figures of a stream, which is a folded row of the event list: how many events, how fast, with
which gaps. Pure functions of a journal's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.journal.view import Row

MOST_EVENTS: Final = 20_000
"""Events of a stream that are looked at, the last ones."""
_IDS: Final = ("response_id", "item_id", "output_index", "content_index")


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """The figures of a stream. first_gap_s: seconds between the first two events. largest_gap_s,
    largest_gap_n: the largest gap and the event that ended it. audio_ms: the sound in all
    events."""

    count: int
    seconds: float
    first_gap_s: float
    largest_gap_s: float
    largest_gap_n: int
    audio_ms: float

    @property
    def speed(self) -> float | None:
        """Seconds of sound per second in which the events came; None where that says nothing."""
        return (
            self.audio_ms / 1000 / self.seconds if self.audio_ms and self.seconds > 0.05 else None
        )


def stream_numbers(index: EventIndex, row: Row) -> tuple[int, ...]:
    """Return the numbers of a row's events, the last `MOST_EVENTS` of them.

    They are the events of the row's kind from its first to its last; if those are more than the row
    counts, other streams came between, and only those with the ids of the row's first one belong to
    it.
    """
    kind, end = index.kind(row.first_n), row.last_n + 1
    first = max(row.first_n, end - 10 * MOST_EVENTS)
    number, kinds = index.kind_number(row.first_n), index.kind_bytes(first, end)
    found = [n for n, each in enumerate(kinds, first) if each == number and index.kind(n) == kind]
    if len(found) > row.count and len(found) <= MOST_EVENTS:
        ids = _ids(index, row.first_n)
        own = [n for n in found if _ids(index, n) == ids]
        found = own if len(own) == row.count else found
    return tuple(found[-MOST_EVENTS:])


def _ids(index: EventIndex, n: int) -> tuple[str, ...]:
    event = index.record(n).event
    return tuple(str(event.get(name, "")) for name in _IDS)


def stream_figures(index: EventIndex, numbers: Sequence[int]) -> StreamFigures:
    """Return the figures of the events with these ascending numbers, of which there is at least
    one."""
    times_s = [index.t_s(n) for n in numbers]
    gaps_s = [after - before for before, after in pairwise(times_s)] or [0.0]
    largest_s = max(gaps_s)
    return StreamFigures(
        count=len(numbers),
        seconds=times_s[-1] - times_s[0],
        first_gap_s=gaps_s[0],
        largest_gap_s=largest_s,
        largest_gap_n=numbers[min(gaps_s.index(largest_s) + 1, len(numbers) - 1)],
        audio_ms=sum(index.audio_ms(n) for n in numbers),
    )
