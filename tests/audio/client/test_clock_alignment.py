"""The alignment of two machines' clocks, with delays as hypothesis makes them up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.client.clock_alignment import DRIFT, KEPT_S, ClockAlignment

DELAYS = st.floats(0, 5)
PINGS = st.lists(st.tuples(st.floats(0, 20), DELAYS, DELAYS, DELAYS), min_size=1, max_size=40)
"""For each ping: the pause before it, the way there, the time until the answer, the way back."""
ROUNDING_S = 1e-6


@given(
    offset_s=st.floats(-1e6, 1e6),
    drift=st.floats(-DRIFT, DRIFT),
    pings=PINGS,
    later_s=st.floats(0, 100),
)
def test_the_true_offset_lies_within_the_stated_error(
    offset_s: float, drift: float, pings: list[tuple[float, float, float, float]], later_s: float
) -> None:
    alignment = ClockAlignment()
    now_s = 1000.0

    def there_s(at_s: float) -> float:
        return at_s + offset_s + drift * (at_s - 1000.0)

    for pause_s, way_s, work_s, back_s in pings:
        sent_s = now_s + pause_s
        now_s = sent_s + way_s + work_s + back_s
        alignment.add(sent_s, there_s(sent_s + way_s), there_s(now_s - back_s), now_s)
        best = alignment.best(now_s)
        if best is not None:
            error_s = abs(best.offset_s - (there_s(now_s) - now_s))
            assert error_s <= best.error_s(now_s) + ROUNDING_S
    best = alignment.best(now_s + later_s)
    if best is not None:
        late_s = now_s + later_s
        error_s = abs(best.offset_s - (there_s(late_s) - late_s))
        assert error_s <= best.error_s(late_s) + ROUNDING_S


def test_the_shortest_round_trip_decides_until_it_is_too_old() -> None:
    alignment = ClockAlignment()
    alignment.add(0.0, 100.0, 100.0, 0.2)
    alignment.add(1.0, 101.005, 101.005, 1.01)
    alignment.add(2.0, 102.0, 102.0, 2.4)
    best = alignment.best(2.4)
    assert best is not None
    assert best.round_trip_s == pytest.approx(0.01)
    assert best.offset_s == pytest.approx(100.0)
    alignment.add(2.0 + KEPT_S, 0.0, 0.0, 2.4 + KEPT_S)
    best = alignment.best(2.4 + KEPT_S)
    assert best is not None
    assert best.round_trip_s == pytest.approx(0.4)


def test_a_time_of_the_other_machine_is_told_on_this_ones_clock_and_never_in_the_future() -> None:
    alignment = ClockAlignment()
    assert alignment.local_s(500.0, 7.0) == 7.0  # nothing is known yet: it is told now
    alignment.add(10.0, 510.1, 510.1, 10.2)
    assert alignment.local_s(510.15, 11.0) == pytest.approx(10.15)
    assert alignment.local_s(600.0, 11.0) == 11.0


@pytest.mark.parametrize(
    ("received_s", "answered_s"),
    [(math.nan, 0.0), (math.inf, math.inf), (2.0, 1.0), (0.0, 5.0), (-math.inf, 1.0)],
)
def test_impossible_times_are_ignored(received_s: float, answered_s: float) -> None:
    alignment = ClockAlignment()
    alignment.add(10.0, received_s, answered_s, 10.2)
    assert alignment.best(10.2) is None
