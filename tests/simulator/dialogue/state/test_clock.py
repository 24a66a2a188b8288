"""Session time: it follows the wall clock, and only audio advances it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_simulator.dialogue.state.clock import SLACK_S, SessionClock


def arrive(clock: SessionClock, duration_s: float, wall_s: float) -> float:
    """Audio arrives and is processed to its end."""
    begin_s = clock.schedule(duration_s, wall_s)
    clock.advance(begin_s + duration_s, wall_s)
    return begin_s


def test_without_audio_it_is_the_wall_s() -> None:
    clock = SessionClock()
    assert clock.now_s(12.5) == 12.5 == clock.wall_s(12.5)


def test_a_file_takes_the_clock_along() -> None:
    clock = SessionClock()
    assert arrive(clock, 30.0, 100.0) == 100.0
    assert clock.now_s(100.0) == pytest.approx(130.0)
    assert clock.now_s(101.0) == pytest.approx(131.0)
    assert clock.wall_s(131.0) == pytest.approx(101.0)


@given(
    st.lists(st.floats(0.0, SLACK_S / 2), min_size=1, max_size=200),
    st.sampled_from([0.02, 0.05, 0.1, 0.5]),
)
def test_a_live_microphone_with_jitter_does_not_make_it_drift(
    late_s: list[float], chunk_s: float
) -> None:
    """Each chunk is sent when it was recorded and arrives in order, up to half the slack late."""
    clock, wall_s = SessionClock(), 0.0
    for n, late in enumerate(late_s):
        wall_s = max(wall_s, 100.0 + (n + 1) * chunk_s + late)
        arrive(clock, chunk_s, wall_s)
    assert clock.now_s(wall_s) - wall_s <= late_s[0] + 1e-6, "no more than the first chunk was late"


def test_live_chunks_of_a_second_do_not_make_it_drift() -> None:
    clock = SessionClock()
    for n in range(100):
        arrive(clock, 1.0, 101.0 + n)
    assert clock.now_s(200.0) == pytest.approx(200.0)


def test_after_a_pause_a_chunk_is_live_and_a_file_begins_now() -> None:
    for duration_s, begins_s in ((0.02, 149.98), (5.0, 150.0)):
        clock = SessionClock()
        arrive(clock, 0.5, 100.0)
        assert arrive(clock, duration_s, 150.0) == pytest.approx(begins_s)


@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.floats(0.001, 10.0)), max_size=50))
def test_it_never_runs_backwards_nor_behind_the_audio(arrivals: list[tuple[float, float]]) -> None:
    clock, wall_s, last_s, end_s = SessionClock(), 0.0, 0.0, -SLACK_S
    for after_s, duration_s in arrivals:
        wall_s += after_s
        assert clock.now_s(wall_s) >= last_s - 1e-9
        begin_s = arrive(clock, duration_s, wall_s)
        assert begin_s >= end_s - 1e-9
        end_s, last_s = begin_s + duration_s, clock.now_s(wall_s)
        assert last_s >= end_s - 1e-9


def test_while_stopped_no_time_passes() -> None:
    clock = SessionClock()
    arrive(clock, 10.0, 100.0)
    clock.stop(101.0)
    assert clock.now_s(105.0) == pytest.approx(111.0)
    clock.start(105.0)
    assert clock.now_s(106.0) == pytest.approx(112.0)
