"""A very long text is cut into three parts, of which the middle is left out."""

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS, abridged


@given(st.text(st.sampled_from("a \n"), max_size=50), st.integers(0, 8_000), st.integers(0, 2_000))
def test_an_abridged_text_is_the_text_in_three_parts(words: str, times: int, breaks: int) -> None:
    text = words * times + "\n" * breaks
    head, middle, tail = abridged(text)
    assert head + middle + tail == text
    assert bool(middle) == (len(text) > LONGEST_TEXT or text.count("\n") > MOST_BREAKS)
    assert len(head) + len(tail) <= LONGEST_TEXT
    assert head.count("\n") + tail.count("\n") <= MOST_BREAKS
