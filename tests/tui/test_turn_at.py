"""From a line of the transcript to its turn, and back."""

import pytest
from voicelive_tui.tui.turn_at import line_of_turn, turn_at, turn_of_line

from tests.support.memory_journal import MemoryJournal


@pytest.fixture
def journal() -> MemoryJournal:
    """A greeting, a turn whose answer is heard only after the next turn has begun, a false start,
    and a turn."""
    journal = MemoryJournal()
    journal.answer(0.5, "a0", "Hello.", response="r0")
    journal.heard(0.7, "a0")
    journal.done(0.9, "r0")
    journal.spoken(2, "u1", "One?")
    journal.answer(3.2, "a1", "One.", response="r1", previous="u1")
    journal("<", 3.4, "input_audio_buffer.speech_started", item_id="u2", audio_start_ms=3400)
    journal.heard(3.5, "a1")
    journal.done(3.6, "r1")
    journal("<", 3.7, "input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=3700)
    empty = {"item_id": "u2", "content_index": 0, "transcript": ""}
    journal("<", 3.8, "conversation.item.input_audio_transcription.completed", **empty)
    journal.spoken(5, "u3", "Three?")
    journal.answer(6.2, "a3", "Three.", response="r3", previous="u3")
    journal.heard(6.4, "a3")
    return journal


@pytest.mark.parametrize(("item_id", "at"), [("a0", 0), ("u1", 1), ("a1", 1), ("u3", 3), ("a3", 3)])
def test_a_line_belongs_to_the_turn_that_it_asked_or_answered(
    journal: MemoryJournal, item_id: str, at: int
) -> None:
    assert turn_of_line(journal.view.turns, journal.line(item_id)) == at


@pytest.mark.parametrize(("at", "item_id"), [(0, "a0"), (1, "a1"), (3, "a3")])
def test_a_turn_is_shown_by_its_answer(journal: MemoryJournal, at: int, item_id: str) -> None:
    lines = journal.view.transcript
    position = line_of_turn(lines, journal.view.turns, at)
    assert position is not None
    assert lines[position].item_id == item_id


def test_a_false_start_has_no_line_of_a_turn(journal: MemoryJournal) -> None:
    assert line_of_turn(journal.view.transcript, journal.view.turns, 2) is None


def test_an_answer_that_is_not_heard_yet_leaves_the_user_s_line(journal: MemoryJournal) -> None:
    journal.spoken(8, "u4", "Four?")
    position = line_of_turn(journal.view.transcript, journal.view.turns, 4)
    assert position is not None
    assert journal.view.transcript[position].item_id == "u4"


@pytest.mark.parametrize(("t_s", "at"), [(0.1, 0), (2, 1), (3.3, 1), (3.5, 2), (99, 3)])
def test_a_moment_belongs_to_the_latest_turn_that_has_begun(
    journal: MemoryJournal, t_s: float, at: int
) -> None:
    assert turn_at(journal.view.turns, t_s) == at


def test_without_turns_there_is_none() -> None:
    assert turn_at((), 1.0) is None
