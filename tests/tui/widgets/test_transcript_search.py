"""Words and kinds of lines are found, and what is found is marked, also across two rows."""

import pytest
from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.spans import Span
from voicelive_tui.tui.widgets.transcript_lines import Columns, text_rows
from voicelive_tui.tui.widgets.transcript_margins import Margin, TranscriptMargins
from voicelive_tui.tui.widgets.transcript_search import TranscriptSearch

from tests.tui.widgets.test_transcript_lines import CUT, PARCEL, line

LINES = [
    line(who="you", text="Hello, I am calling about a parcel."),
    CUT,
    line(who="tool", text="", call=PARCEL),
    line(text="Where?", mark="unheard"),
    line(who="you", text="[no speech]", mark="false_start"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("parcel", [0, 2]),
        ("PARCEL", [0, 2]),
        ("the  driver", [1]),
        ("eleven stops", [1]),
        ("you spoke", [1]),
        ("cut", [1]),
        ("unheard", [3]),
        ("false starts", [4]),
        ("slowest", [1]),
        ("4471", [2]),
        ("nowhere", []),
        ("", []),
    ],
)
def test_words_and_kinds_are_found(query: str, found: list[int]) -> None:
    search = TranscriptSearch(query)
    assert [at for at, entry in enumerate(LINES) if search.matches(entry)] == found


def marked(rows: list[list[Span]]) -> list[str]:
    return ["".join(text for text, look in row if look == "match") for row in rows]


def test_what_is_found_is_marked_also_where_a_row_ends() -> None:
    rows = text_rows(CUT, Columns(51))
    assert marked(TranscriptSearch("The Driver").marked(rows)) == ["the", "driver", "", ""]
    assert marked(TranscriptSearch("ve").marked(rows)) == ["ve", "veve", "", ""]
    plain = ["".join(text for text, _ in row) for row in rows]
    both = TranscriptSearch("the driver").marked(rows)
    assert ["".join(text for text, _ in row) for row in both] == plain


def test_the_margins_count_turns_times_and_matches_and_follow_every_change() -> None:
    tree: OrderedTree[int, TranscriptLine] = OrderedTree()
    margins, shown = TranscriptMargins(), tree.snapshot()
    margins.is_match = TranscriptSearch("x").matches

    def show(front: int, stop: int) -> list[Margin]:
        nonlocal shown
        shown = tree.snapshot()
        margins.replace(front, stop, shown)
        return [margins[at] for at in range(len(shown))]

    for number, (who, t_s) in enumerate([("you", 1.0), ("agent", 9.0), ("you", 5.0)]):
        tree.append(number)
        tree.set(number, line(who=who, t_s=t_s, text="x" if number else "y"))
    assert show(0, 0) == [(1, 1.0, 0), (1, 9.0, 1), (2, 9.0, 2)]
    tree.set(1, line(who="agent", t_s=4.0, text="y"))
    assert show(1, 2) == [(1, 1.0, 0), (1, 4.0, 0), (2, 5.0, 1)]
    tree.remove(0)
    assert show(0, 1) == [(0, 4.0, 0), (1, 5.0, 1)]
    assert margins.last == (1, 5.0, 1)
    assert [margins.found(at) for at in range(2)] == [False, True]
