"""Copied and exported text contains no secret, even one that the service sent in pieces."""

import json

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.transcript.line import LineState, TranscriptLine
from voicelive_tui.tui.export import event_text, line_text, transcript_text

VALUE = "correct-horse-battery"


def line(text: str, state: LineState = "final", spoken_chars: int | None = None) -> TranscriptLine:
    return TranscriptLine("a1", "agent", 1.0, text, state, 0, 0, spoken_chars=spoken_chars)


def test_a_transcript_hides_what_its_pieces_add_up_to() -> None:
    secret = Secret(VALUE)
    assert line_text(line(f"It is {VALUE}, yes")).endswith("agent  It is [hidden], yes")
    assert (
        transcript_text([line(VALUE), line("correct-\\u0068orse%2Dbattery")]).count("[hidden]") == 2
    )
    assert line_text(line("It is a word")).endswith("agent  It is a word")
    del secret


@pytest.mark.parametrize("spoken_chars", range(0, 34, 3))
def test_an_interruption_within_a_secret_cuts_it_not_in_two(spoken_chars: int) -> None:
    secret = Secret(VALUE)
    said = line_text(line(f"It is {VALUE}, yes", "interrupted", spoken_chars))
    assert "[hidden]" in said and "correct" not in said and "battery" not in said
    assert said.endswith("[cut: the service]")
    del secret


def test_an_event_stays_json() -> None:
    secret = Secret("98765432101234567890")
    record = Record(
        0,
        0.0,
        "received",
        {"type": "x", "n": 98765432101234567890, "text": "a 98765432101234567890"},
    )
    assert json.loads(event_text(record)) == {"type": "x", "n": "[hidden]", "text": "a [hidden]"}
    assert (
        event_text(Record(0, 0.0, "received", {}, '{"n": 98765432101234567890')) == '{"n": [hidden]'
    )
    del secret
