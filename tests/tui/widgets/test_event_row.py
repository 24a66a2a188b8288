"""One row of the event list."""

import pytest
from voicelive_tui.tui.widgets.event_row import RowFacts, row_spans
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of


@pytest.mark.parametrize("width", range(20, 140, 7))
def test_an_event_row_fits_any_width(width: int) -> None:
    facts = RowFacts(
        43.117,
        0.012,
        "received",
        "conversation.item.input_audio_transcription.completed",
        "what's the weather",
        error=True,
    )
    assert cells(row_spans(facts, width)) <= width


def test_an_event_row_says_when_which_way_what_and_how_much() -> None:
    facts = RowFacts(
        43.117, 0.012, "received", "response.audio.delta", "", count=41, span_s=2.05, audio_ms=3280
    )
    row = text_of(row_spans(facts, 80))
    assert "00:43.117  +0.012 < response.audio.delta x41" in row
    assert row.rstrip().endswith("3.28 s  1.6x rt")


def test_an_error_has_a_look_and_a_local_fact_has_a_glyph() -> None:
    assert ("error", "bad") in row_spans(RowFacts(0, None, "received", "error", "", error=True), 80)
    assert ("=", "local") in row_spans(RowFacts(0, None, "local", "console.closed", ""), 80)
