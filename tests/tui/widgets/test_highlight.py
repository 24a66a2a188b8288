"""Found text in rows."""

import pytest
from voicelive_tui.tui.widgets.highlight import highlight, highlight_ranges


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("parcel",), ["PARCEL", "parcel"]),
        (("done",), ["done"]),
        (("e.d",), ["e.d"]),
        (("par", "parcel"), ["PARCEL", "parcel"]),
        (("nothing",), []),
        ((), []),
        (("",), []),
    ],
)
def test_found_text_is_marked_whatever_its_case(words: tuple[str, ...], found: list[str]) -> None:
    spans = [("response.done", "received"), ("  get_PARCEL(parcel)", "dim")]
    marked = highlight(spans, words)
    assert [text for text, look in marked if look == "match"] == found
    assert "".join(text for text, _ in marked) == "response.done  get_PARCEL(parcel)"


def test_a_word_over_the_edge_of_two_spans() -> None:
    assert highlight([("audio.del", "a"), ("ta x3", "b")], ["delta"]) == [
        ("audio.", "a"),
        ("del", "match"),
        ("ta", "match"),
        (" x3", "b"),
    ]


def test_ranges_over_edges_at_ends_and_outside_the_text() -> None:
    spans = [("ab", "a"), ("cd", "b")]
    assert highlight_ranges(spans, [(1, 3), (9, 12)]) == [
        ("a", "a"),
        ("b", "match"),
        ("c", "match"),
        ("d", "b"),
    ]
    assert highlight_ranges(spans, [(0, 4)]) == [("ab", "match"), ("cd", "match")]
    assert highlight_ranges(spans, []) == spans
