"""Spans are cut and wrapped to a width in cells."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from voicelive_tui.tui.widgets.spans import cells, fit, fit_middle, wrap


@given(st.text(), st.integers(1, 60))
def test_fit_keeps_to_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= max(1, width)


def test_fit_middle_keeps_what_a_type_ends_with() -> None:
    assert (
        fit_middle("conversation.item.input_audio_transcription.completed", 25)
        == "conversation…on.completed"
    )
    assert fit_middle("response.done", 25) == "response.done"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" ")),
            st.sampled_from("abc"),
        )
    ),
    st.integers(4, 40),
)
def test_wrapped_lines_fit_and_lose_no_letter(spans: list[tuple[str, str]], width: int) -> None:
    lines = wrap(spans, width)
    assert all(cells(line) <= width for line in lines)
    letters = [(char, name) for text, name in spans for char in text if char != " "]
    assert [
        (char, name) for line in lines for text, name in line for char in text if char != " "
    ] == letters
