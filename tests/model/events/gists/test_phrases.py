"""Amounts in the form in which lines of text have them."""

import pytest
from voicelive_tui.model.events.gists.phrases import clock_length


@pytest.mark.parametrize(
    ("length_s", "text"), [(0, "0:00"), (59.9, "0:59"), (62.9, "1:02"), (3725, "1:02:05")]
)
def test_a_length_on_a_clock(length_s: float, text: str) -> None:
    assert clock_length(length_s) == text
