"""A malformed frame ends what its event would have ended, in the transcript and in the turns."""

from typing import Any

import pytest
from voicelive_tui.model.events.record import Record

from tests.support.memory_journal import MemoryJournal


def broken(journal: MemoryJournal, t_s: float, text: str) -> None:
    """Apply a received frame that is not JSON."""
    record = Record(len(journal.records), t_s, "received", {}, text)
    journal.records.append(record)
    journal.fold.apply(record)


CUT = '{"type":"response.done","response":{"id":"r1","sta'


def test_a_response_done_that_was_cut_off_ends_the_answer_and_its_turn() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "hello")
    journal.answer(2, "a1", "Hi.")
    assert not journal.turn(1).over
    broken(journal, 3, CUT)
    assert journal.lines == ["you: hello", "agent: Hi."]
    assert (journal.turn(1).done_s, journal.turn(1).over) == (3, True)


@pytest.mark.parametrize("response", ["oops", None, {"id": 7}, {}, []])
def test_a_response_done_of_wrong_types_ends_what_runs(response: Any) -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "hello")
    journal.answer(2, "a1", "Hi.")
    journal("<", 3, "response.done", response=response)
    assert (journal.turn(1).over, journal.line("a1").state) == (True, "final")


def test_an_answer_whose_beginning_was_lost_is_over_with_its_end() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "hello")
    broken(journal, 2, '{"type":"response.created","response":{"id":"r1')
    journal.done(3)
    assert [turn.over for turn in journal.view.turns] == [True]


def test_the_end_of_another_response_does_not_end_this_one() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "hello")
    journal("<", 1.5, "response.created", response={"id": "r0"})
    journal.answer(2, "a1", "Hi.")
    journal.done(3, "r0")
    assert journal.line("a1").state == "partial"


def test_speech_whose_end_was_broken_has_asked() -> None:
    journal = MemoryJournal()
    journal("<", 1, "input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1000)
    broken(journal, 2, '{"type":"input_audio_buffer.speech_stopped","audio_end_ms":')
    broken(journal, 2, '{"type":"input_audio_buffer.committed","item')
    journal.answer(3, "a1", "Hi.")
    journal.done(4)
    assert [(turn.asked_s, turn.done_s) for turn in journal.view.turns] == [(2, 4)]
    assert journal.lines == ["you: [speech]", "agent: Hi."]


def test_speech_whose_beginning_named_no_item_is_one_line_and_one_turn() -> None:
    journal = MemoryJournal()
    journal("<", 1, "input_audio_buffer.speech_started", item_id=None, audio_start_ms=1000)
    journal("<", 2, "input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=2000)
    journal("<", 2, "input_audio_buffer.committed", item_id="u1")
    journal.answer(3, "a1", "Hi.")
    journal.done(4)
    assert journal.lines == ["you: [speech, 1.0 s]", "agent: Hi."]
    assert [(turn.user_item_id, turn.over) for turn in journal.view.turns] == [("u1", True)]


def test_a_broken_frame_of_another_kind_changes_nothing() -> None:
    journal = MemoryJournal()
    journal.spoken(1, "u1", "hello")
    before = journal.view.transcript
    for text in (
        '{"type":"response.audio.delta","del',
        "no JSON",
        '{"type":"input_audio_buffer.speech_stopped","x',
    ):
        broken(journal, 2, text)
    assert journal.view.transcript is before
