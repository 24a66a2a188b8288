"""Percentiles over turns."""

import pytest
from voicelive_tui.model.turns.latency import LatencyStats, latency_stats, percentile
from voicelive_tui.model.turns.turn import Turn


def turn(number: int, heard_ms: float | None) -> Turn:
    heard = None if heard_ms is None else heard_ms / 1000
    return Turn(number=number, started_s=0, asked_s=0, first_audio_s=0.1, heard_s=heard)


def test_no_turns_no_figures() -> None:
    assert latency_stats([]) == LatencyStats()
    assert latency_stats([Turn(number=1, started_s=0)]) == LatencyStats()


def test_turns_that_were_not_heard_do_not_count() -> None:
    stats = latency_stats([turn(1, 500), turn(2, None), turn(3, 700), turn(4, 600), turn(5, None)])
    assert (stats.heard.count, stats.heard.last_ms, stats.heard.p50_ms, stats.heard.p95_ms) == (3, 600, 600, 700)
    assert (stats.first_audio.count, stats.first_audio.p50_ms) == (5, 100)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 10), (0.95, 19), (1.0, 20), (0.0, 1)])
def test_nearest_rank(share: float, expected: float) -> None:
    assert percentile(list(range(20, 0, -1)), share) == expected
