"""The latencies of a session's turns, with their percentiles."""

import math
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The percentiles of some latencies in milliseconds; None when there are none. count: the turns
    that have one. last_ms: the latency of the latest of them. worst_ms, worst_turn: the longest
    latency, and the number of the first turn that has it."""

    count: int = 0
    last_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    worst_ms: float | None = None
    worst_turn: int | None = None


@dataclass(frozen=True, slots=True)
class LatencyStats:
    """The latencies of the turns, without greetings, as `Turn` explains them: `heard_ms`,
    `service_heard_ms` and `first_audio_ms`. from_voice: how many of `heard` count from the end of
    the user's voice."""

    heard: Percentiles = Percentiles()
    service_heard: Percentiles = Percentiles()
    first_audio: Percentiles = Percentiles()
    from_voice: int = 0


@dataclass(frozen=True, slots=True)
class TurnTotals:
    """The totals over all turns of a session."""

    interrupted: int = 0
    latencies: LatencyStats = LatencyStats()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile, which is always one of the values. values: must not be
    empty. share: from 0 to 1."""
    return _of_rank(sorted(values), share)


class RunningPercentiles:
    """The percentiles of a growing set of values, without sorting all of them for each new one.

    Inserting a value moves all larger ones, which takes a few microseconds for a hundred thousand.
    """

    def __init__(self) -> None:
        self._ranked: list[tuple[float, int]] = []
        """Each value with the negated position of its turn, so that of equal values the first
        turn's is the last one."""
        self._last: tuple[int, float] = (-1, 0.0)

    def change(self, position: int, before: float | None, now: float | None) -> None:
        """Replace the value of the turn at this position, counted from 0. A value never changes
        back to None."""
        if before == now or now is None or not math.isfinite(now):
            return
        if before is not None and math.isfinite(before):
            del self._ranked[bisect_left(self._ranked, (before, -position))]
        insort(self._ranked, (now, -position))
        if position >= self._last[0]:
            self._last = (position, now)

    def figures(self) -> Percentiles:
        """Return the present percentiles."""
        ranked = self._ranked
        if not ranked:
            return Percentiles()
        worst_ms, negated = ranked[-1]
        return Percentiles(
            count=len(ranked),
            last_ms=self._last[1],
            p50_ms=_of_rank(ranked, 0.50)[0],
            p95_ms=_of_rank(ranked, 0.95)[0],
            worst_ms=worst_ms,
            worst_turn=1 - negated,
        )


def _of_rank(ranked: Sequence[_Value], share: float) -> _Value:
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]
