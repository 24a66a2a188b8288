"""Times in columns of fixed width."""

import pytest
from voicelive_tui.tui.formatting import time_text
from voicelive_tui.tui.widgets.row_times import clock_time


@pytest.mark.parametrize(
    ("t_s", "wide", "narrow"),
    [
        (52.29, "   0:52.2", "0:52.2"),
        (3599.99, "  59:59.9", " 59:59"),
        (4530.0, "1:15:30.0", " 75:30"),
        (36_001.0, " 600:01.0", "600:01"),
    ],
)
def test_hours_stand_where_they_fit_with_all_decimals(t_s: float, wide: str, narrow: str) -> None:
    assert (clock_time(t_s, 9, 1), clock_time(t_s, 6, 1)) == (wide, narrow)


def test_the_time_of_a_turn_is_that_of_its_line_in_the_transcript() -> None:
    for t_s in (0.0, 52.29, 3600.0, 4530.0):
        assert clock_time(t_s, 9, 1).strip() == time_text(t_s)
