"""The titles of the panes."""

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.tui.widgets.pane_title import title_spans
from voicelive_tui.tui.widgets.spans import Spans, cells

from tests.tui.support.spans import text_of

FACTS: Spans = [("5 turns, 1 cut", "dim")]
RIGHT: Spans = [(" heard after ", "dim")]


def test_a_title_fills_its_row_with_a_rule() -> None:
    spans = title_spans("Transcript", FACTS, RIGHT, 52, focused=False)
    assert text_of(spans) == "─ Transcript  5 turns, 1 cut ───────── heard after ─"


def test_the_pane_with_the_focus_is_told_by_its_rule_and_its_name() -> None:
    spans = title_spans("Transcript", FACTS, RIGHT, 52, focused=True)
    assert text_of(spans) == "═ Transcript  5 turns, 1 cut ═════════ heard after ═"
    assert (" Transcript ", "title-focus") in spans


def test_a_fact_behind_the_first_is_shown_whole_or_not_at_all() -> None:
    facts: Spans = [("258 of 2 853", "dim"), ("  mark 0:28.3", "accent")]
    titles = [
        text_of(title_spans("Events", facts, (), width, focused=False)) for width in (40, 35, 20)
    ]
    assert titles == [
        "─ Events  258 of 2 853  mark 0:28.3 ────",
        "─ Events  258 of 2 853 ────────────",
        "─ Events  258 of… ──",
    ]


@given(st.integers(14, 120), st.text(max_size=80), st.text(max_size=40), st.booleans())
def test_a_title_is_exactly_as_wide_as_its_pane(
    width: int, fact: str, right: str, focused: bool
) -> None:
    printable = "".join(char for char in fact + right if char.isprintable())
    spans = title_spans(
        "Transcript", [(printable, "dim")], [(printable, "")], width, focused=focused
    )
    assert cells(spans) == width
