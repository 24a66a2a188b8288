"""A broken frame ends in the transcript and the turns what it would have ended."""

from typing import Any

import pytest
from voicelive_tui.model.record import Record

from tests.support.tape import Tape


def broken(tape: Tape, t_s: float, text: str) -> None:
    """A frame that is no JSON arrives."""
    record = Record(len(tape.records), t_s, "received", {}, text)
    tape.records.append(record)
    tape.fold.apply(record)


CUT = '{"type":"response.done","response":{"id":"r1","sta'


def test_a_response_done_that_was_cut_off_ends_the_answer_and_its_turn() -> None:
    tape = Tape()
    tape.spoken(1, "u1", "hello")
    tape.answer(2, "a1", "Hi.")
    assert not tape.turn(1).over
    broken(tape, 3, CUT)
    assert tape.lines == ["you: hello", "agent: Hi."]
    assert (tape.turn(1).done_s, tape.turn(1).over) == (3, True)


@pytest.mark.parametrize("response", ["oops", None, {"id": 7}, {}, []])
def test_a_response_done_of_wrong_types_ends_what_runs(response: Any) -> None:
    tape = Tape()
    tape.spoken(1, "u1", "hello")
    tape.answer(2, "a1", "Hi.")
    tape("<", 3, "response.done", response=response)
    assert (tape.turn(1).over, tape.line("a1").state) == (True, "final")


def test_an_answer_whose_beginning_was_lost_is_over_with_its_end() -> None:
    tape = Tape()
    tape.spoken(1, "u1", "hello")
    broken(tape, 2, '{"type":"response.created","response":{"id":"r1')
    tape.done(3)
    assert [turn.over for turn in tape.view.turns] == [True]


def test_the_end_of_another_response_does_not_end_this_one() -> None:
    tape = Tape()
    tape.spoken(1, "u1", "hello")
    tape("<", 1.5, "response.created", response={"id": "r0"})
    tape.answer(2, "a1", "Hi.")
    tape.done(3, "r0")
    assert tape.line("a1").state == "partial"


def test_speech_whose_end_was_broken_has_asked() -> None:
    tape = Tape()
    tape("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    broken(tape, 2, '{"type":"input_audio_buffer.speech_stopped","audio_end_ms":')
    broken(tape, 2, '{"type":"input_audio_buffer.committed","item')
    tape.answer(3, "a1", "Hi.")
    tape.done(4)
    assert [(turn.asked_s, turn.done_s) for turn in tape.view.turns] == [(2, 4)]
    assert tape.lines == ["you: (speech, no transcript)", "agent: Hi."]


def test_speech_whose_beginning_named_no_item_is_one_line_and_one_turn() -> None:
    tape = Tape()
    tape("<", 1, "input_audio_buffer.speech_started", item_id=None, audio_start_ms=1000)
    tape("<", 2, "input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=2000)
    tape("<", 2, "input_audio_buffer.committed", item_id="u1")
    tape.answer(3, "a1", "Hi.")
    tape.done(4)
    assert tape.lines == ["you: (speech, 1.0 s, no transcript)", "agent: Hi."]
    assert [(turn.user_item_id, turn.over) for turn in tape.view.turns] == [("u1", True)]


def test_a_broken_frame_of_another_kind_changes_nothing() -> None:
    tape = Tape()
    tape.spoken(1, "u1", "hello")
    before = tape.view.transcript
    for text in ('{"type":"response.audio.delta","del', "no JSON", '{"type":"input_audio_buffer.speech_stopped","x'):
        broken(tape, 2, text)
    assert tape.view.transcript is before
