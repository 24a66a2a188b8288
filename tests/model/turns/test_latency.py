"""Percentiles over the latencies of turns."""

from collections.abc import Sequence

import pytest
from voicelive_tui.model.turns.latency import Percentiles, RunningPercentiles, percentile
from voicelive_tui.model.turns.turn import Turn


def turn(number: int, heard_ms: float | None) -> Turn:
    heard = None if heard_ms is None else heard_ms / 1000
    return Turn(number=number, started_s=0, asked_s=0, first_audio_s=0.1, heard_s=heard)


def figures(values: Sequence[float | None]) -> Percentiles:
    running = RunningPercentiles()
    for rank, value in enumerate(values):
        running.change(rank, None, value)
    return running.figures()


def test_no_turns_no_figures() -> None:
    assert figures([]) == Percentiles()
    assert figures([Turn(number=1, started_s=0).heard_ms]) == Percentiles()


def test_turns_that_were_not_heard_do_not_count() -> None:
    turns = [turn(1, 500), turn(2, None), turn(3, 700), turn(4, 600), turn(5, None)]
    assert figures([turn.heard_ms for turn in turns]) == Percentiles(3, 600, 600, 700, 700, 3)
    first_audio = figures([turn.first_audio_ms for turn in turns])
    assert (first_audio.count, first_audio.p50_ms) == (5, 100)


def test_a_value_that_changes_counts_once() -> None:
    running = RunningPercentiles()
    running.change(0, None, 500)
    running.change(1, None, 900)
    running.change(0, 500, 700)
    assert running.figures() == Percentiles(2, 900, 700, 900, 900, 2)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 10), (0.95, 19), (1.0, 20), (0.0, 1)])
def test_nearest_rank(share: float, expected: float) -> None:
    assert percentile(list(range(20, 0, -1)), share) == expected


def test_of_equal_latencies_the_first_turn_has_the_worst() -> None:
    assert (figures([300, 900, None, 900]).worst_ms, figures([300, 900, 900]).worst_turn) == (
        900,
        2,
    )


def test_a_clock_that_ran_backwards_has_measured_nothing() -> None:
    turn = Turn(1, 9.0, asked_s=9.0, voice_ended_s=8.5, first_audio_s=4.0, heard_s=5.0)
    assert (turn.heard_ms, turn.service_heard_ms, turn.first_audio_ms) == (None, None, None)
