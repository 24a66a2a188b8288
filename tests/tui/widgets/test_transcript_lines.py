"""One transcript entry as lines on the screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.transcript_lines import (
    body_spans,
    estimated_height,
    transcript_spans,
    word_end,
)

from tests.tui.support.spans import text_of


def line(**changes: Any) -> TranscriptLine:
    values: dict[str, Any] = {
        "item_id": "i",
        "who": "agent",
        "t_s": 43.1,
        "text": "hello",
        "state": "final",
        "first_n": 0,
        "last_n": 1,
    }
    return TranscriptLine(**{**values, **changes})


def test_an_interrupted_answer_shows_what_was_heard_and_what_was_not() -> None:
    cut = line(
        text="It is sunny with a light breeze", state="interrupted", spoken_chars=13, heard_ms=2100
    )
    assert body_spans(cut) == [
        ("It is sunny ", ""),
        ("/ interrupted at 2.1 s", "warn"),
        (" / with a light breeze", "unspoken"),
    ]
    unheard = body_spans(line(text="It is", state="interrupted", spoken_chars=0, heard_ms=0))
    assert text_of(unheard) == "/ interrupted at 0.0 s / It is"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_line_between_connections_is_a_rule_over_the_whole_width(width: int) -> None:
    text = "The service restarts or is overloaded (1012), back after 1.5 s; 14 items carried over"
    rows = transcript_spans(line(who="note", text=text, divides=True), width)
    shown = [text_of(row) for row in rows]
    assert shown[0].startswith(" ───── ")
    assert shown[-1].endswith("─")
    assert " ".join(" ".join(shown).replace("─", " ").split()) == f"00:43.1 {text}"
    assert max(cells(row) for row in rows) < width


@given(st.text(), st.integers(0, 50))
def test_the_cut_is_never_inside_a_word(text: str, position: int) -> None:
    end = word_end(text, position)
    assert end <= max(position, 0) or end == len(text)
    assert end in (0, len(text)) or text[end].isspace()


def test_control_codes_and_markup_in_a_transcript_are_only_text() -> None:
    shown = "\n".join(
        text_of(spans) for spans in transcript_spans(line(text="\x1b[2J[bold]x[/bold]\x07"), 80)
    )
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]x[/bold]" in shown


@pytest.mark.parametrize("width", [30, 44, 80])
def test_transcript_lines_fit_wide_characters_too(width: int) -> None:
    spans = transcript_spans(line(text="明日の天気はどうですか教えてください " * 4), width)
    assert all(cells(row) <= width for row in spans)


@pytest.mark.parametrize("state", ["partial", "final", "interrupted", "failed"])
@pytest.mark.parametrize(
    "text",
    [".\n" * 10**6, "some words " * 10**5, "line\n" * 10**5],
    ids=["breaks", "words", "lines"],
)
def test_of_a_very_long_text_beginning_and_end_are_laid_out_and_a_note_between(
    text: str, state: str
) -> None:
    long = line(text=f"first {text} last", state=state, spoken_chars=len(text) // 2)
    shown = [text_of(spans) for spans in transcript_spans(long, 80)]
    assert len(shown) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert estimated_height(long, 80) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert "first" in "".join(shown)
    assert "last" in "".join(shown)
    assert "left out here; w writes all" in " ".join(" ".join(shown).split())
    assert "left out" not in text_of(body_spans(long))
