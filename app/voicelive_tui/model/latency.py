"""How fast the agent answers: percentiles over the turns of a session."""

import math
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voicelive_tui.model.turns import Turn


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of some milliseconds; all None when there are none. last: of the latest turn that has one."""

    count: int = 0
    last_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class LatencyStats:
    """From the end of the person's part to the first sound heard, and to the first audio received."""

    heard: Percentiles = Percentiles()
    first_audio: Percentiles = Percentiles()


@dataclass(frozen=True, slots=True)
class TurnTotals:
    """Of all turns of a session together."""

    interrupted: int = 0
    latencies: LatencyStats = LatencyStats()


def latency_stats(turns: Iterable[Turn]) -> LatencyStats:
    """The figures of these turns, in their order."""
    turns = tuple(turns)
    return LatencyStats(
        heard=_percentiles([turn.heard_ms for turn in turns if turn.heard_ms is not None]),
        first_audio=_percentiles([turn.first_audio_ms for turn in turns if turn.first_audio_ms is not None]),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: always one of the values, which must not be empty. share: from 0 to 1."""
    return _of_rank(sorted(values), share)


class RunningPercentiles:
    """The same figures of values that come one by one, without sorting them all again.

    To insert one moves the larger ones by a place, which for a hundred thousand takes a few microseconds.
    """

    def __init__(self) -> None:
        self._ranked: list[float] = []
        self._last: tuple[int, float] = (-1, 0.0)

    def change(self, place: int, before: float | None, now: float | None) -> None:
        """The value of the turn at this place, counted from 0. A turn that has one keeps one."""
        if before == now or now is None or not math.isfinite(now):
            return
        if before is not None and math.isfinite(before):
            del self._ranked[bisect_left(self._ranked, before)]
        insort(self._ranked, now)
        if place >= self._last[0]:
            self._last = (place, now)

    def figures(self) -> Percentiles:
        """As they are now."""
        if not self._ranked:
            return Percentiles()
        ranked = self._ranked
        return Percentiles(len(ranked), self._last[1], _of_rank(ranked, 0.50), _of_rank(ranked, 0.95))


def _of_rank(ranked: Sequence[float], share: float) -> float:
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def _percentiles(values: Sequence[float]) -> Percentiles:
    if not values:
        return Percentiles()
    return Percentiles(len(values), values[-1], percentile(values, 0.50), percentile(values, 0.95))
