"""How fast the agent answers: percentiles over the turns of a session."""

import math
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


def latency_stats(turns: Iterable[Turn]) -> LatencyStats:
    """The figures of these turns, in their order."""
    turns = tuple(turns)
    return LatencyStats(
        heard=_percentiles([turn.heard_ms for turn in turns if turn.heard_ms is not None]),
        first_audio=_percentiles([turn.first_audio_ms for turn in turns if turn.first_audio_ms is not None]),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: always one of the values, which must not be empty. share: from 0 to 1."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def _percentiles(values: Sequence[float]) -> Percentiles:
    if not values:
        return Percentiles()
    return Percentiles(len(values), values[-1], percentile(values, 0.50), percentile(values, 0.95))
