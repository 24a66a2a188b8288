"""The figures of a stream, which is a folded row of the event list: how many events, how fast, with
which gaps. Pure functions of a journal's columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from voicelive_tui.journal.index import EventIndex

MOST_EVENTS: Final = 20_000
"""The events of a stream whose figures are told: the last ones of a longer one."""


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
