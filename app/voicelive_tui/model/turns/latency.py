"""The latencies of a session's turns, with their percentiles."""

import math
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The percentiles of some latencies in milliseconds; None when there are none. last_ms: the
    latency of the latest turn that has one."""

    count: int = 0
    last_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class LatencyStats:
    """The latencies from the end of the user's turn to the first sound heard, and to the first
    audio received."""

    heard: Percentiles = Percentiles()
    first_audio: Percentiles = Percentiles()


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
        self._ranked: list[float] = []
        self._last: tuple[int, float] = (-1, 0.0)

    def change(self, position: int, before: float | None, now: float | None) -> None:
        """Replace the value of the turn at this position, counted from 0. A value never changes
        back to None."""
        if before == now or now is None or not math.isfinite(now):
            return
        if before is not None and math.isfinite(before):
            del self._ranked[bisect_left(self._ranked, before)]
        insort(self._ranked, now)
        if position >= self._last[0]:
            self._last = (position, now)

    def figures(self) -> Percentiles:
        """Return the present percentiles."""
        if not self._ranked:
            return Percentiles()
        ranked = self._ranked
        return Percentiles(
            len(ranked), self._last[1], _of_rank(ranked, 0.50), _of_rank(ranked, 0.95)
        )


def _of_rank(ranked: Sequence[float], share: float) -> float:
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]
