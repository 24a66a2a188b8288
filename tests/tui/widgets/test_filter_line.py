"""The line of a filter: completion, and what is said below it."""

import pytest
from voicelive_tui.model.events.filters import FilterError, parse_filter
from voicelive_tui.tui.widgets.filter_input import completed_field
from voicelive_tui.tui.widgets.filter_line import mistake_rows
from voicelive_tui.tui.widgets.spans import cells


@pytest.mark.parametrize(
    ("before", "completed"),
    [
        ("tu", "turn:"),
        ("done co", "done code:"),
        ("done -it", "done -item:"),
        ("(re", "(resp:"),
        ("t", "type:"),
        ("type:", "type:"),
        ("t>", "t<"),
        ("c", "code:"),
        ("code:", "code:"),
        ("x", "x"),
        ("", ""),
        ("done ", "done "),
    ],
)
def test_a_field_is_completed(before: str, completed: str) -> None:
    assert completed_field(before) == completed


def rows(expression: str, width: int = 47, scrolled: int = 0) -> list[str]:
    mistake = parse_filter(expression)
    assert isinstance(mistake, FilterError)
    shown = mistake_rows(mistake, scrolled, width, "-append, 48 of 1 031")
    assert all(cells(row) <= width for row in shown)
    return ["".join(text for text, _ in row) for row in shown]


def test_a_mistake_is_marked_under_its_place() -> None:
    assert rows("turn:5 gap>20x type:done") == [
        "              ~~^ 20x is no time: 200ms, 1.5s",
        "   still shown: -append, 48 of 1 031",
    ]


def test_a_mistake_at_the_edge_has_its_sentence_at_the_left() -> None:
    mark, _ = rows("turn:5 type:response.audio.delta gap>20x")
    assert mark.endswith(" 20x is no time: 200ms, 1.5s ~~^")
    assert mark.index("^") == len(" / turn:5 type:response.audio.delta gap>20x") - 1


@pytest.mark.parametrize("width", [10, 20, 47])
@pytest.mark.parametrize("scrolled", [0, 5, 60])
def test_the_rows_fit_wherever_the_mistake_is(width: int, scrolled: int) -> None:
    mark, _ = rows("turn:5 type:response.audio.delta gap>20x", width, scrolled)
    assert "^" in mark
