"""The anchor of a latency: the last voiced sample before the service took the turn."""

import pytest
from voicelive_tui.model.turns.latency import LatencyStats

from tests.support.memory_journal import MemoryJournal

START, STOP = "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"
SPEECH = "console.speech"


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


def answer(journal: MemoryJournal, heard_s: float) -> None:
    journal.answer(heard_s - 0.3, "a1", "Hi.", previous="u1")
    journal.heard(heard_s, "a1")


def test_an_answer_is_heard_after_the_end_of_the_voice(journal: MemoryJournal) -> None:
    journal("<", 1, START, item_id="u1", audio_start_ms=1000)
    journal("=", 1.6, SPEECH, on=False)
    journal("<", 2.25, STOP, item_id="u1", audio_end_ms=2100)
    answer(journal, 2.85)
    (turn,) = journal.view.turns
    assert turn.voice_ended_s == 1.6
    assert turn.heard_ms == pytest.approx(1250)
    assert turn.service_heard_ms == pytest.approx(600)
    assert turn.first_audio_ms == pytest.approx(400)
    assert journal.line("a1").heard_after_ms == pytest.approx(1250)
    latencies = journal.view.totals.latencies
    assert (latencies.heard.worst_ms, latencies.service_heard.worst_ms) == pytest.approx(
        (1250, 600)
    )
    assert (latencies.heard.count, latencies.heard.worst_turn, latencies.from_voice) == (1, 1, 1)


def test_an_end_that_is_certain_only_after_the_answer_began_corrects_the_latency(
    journal: MemoryJournal,
) -> None:
    journal("<", 1, START, item_id="u1")
    journal("<", 1.8, STOP, item_id="u1")
    answer(journal, 2.0)
    assert journal.line("a1").heard_after_ms == pytest.approx(200)
    journal("=", 1.6, SPEECH, on=False)
    assert journal.turn(1).heard_ms == pytest.approx(400)
    assert journal.line("a1").heard_after_ms == pytest.approx(400)
    assert journal.view.totals.latencies.heard.p50_ms == pytest.approx(400)


def test_the_last_end_before_the_service_took_the_turn_counts(journal: MemoryJournal) -> None:
    for end_s in (0.2, 1.4, 2.2):
        journal("=", end_s, SPEECH, on=False)
    journal("<", 1, START, item_id="u1")
    journal("<", 3, STOP, item_id="u1")
    journal("=", 3.1, SPEECH, on=False)
    assert journal.turn(1).voice_ended_s == 2.2


def test_a_voice_that_went_on_gives_no_end(journal: MemoryJournal) -> None:
    journal("<", 1, START, item_id="u1")
    journal("<", 2, STOP, item_id="u1")
    journal("=", 2.4, SPEECH, on=False)
    answer(journal, 2.5)
    assert journal.turn(1).voice_ended_s is None
    assert journal.turn(1).heard_ms == pytest.approx(500)
    assert journal.view.totals.latencies.from_voice == 0


def test_the_voice_of_the_turn_before_is_not_taken_again(journal: MemoryJournal) -> None:
    journal("<", 1, START, item_id="u1")
    journal("=", 1.9, SPEECH, on=False)
    journal("<", 2, STOP, item_id="u1")
    journal("<", 2.5, START, item_id="u2")
    journal("<", 2.9, STOP, item_id="u2")
    assert [turn.voice_ended_s for turn in journal.view.turns] == [1.9, None]


def test_old_sound_that_the_service_did_not_notice_is_no_turns_voice(
    journal: MemoryJournal,
) -> None:
    journal("=", 1, SPEECH, on=False)
    journal("<", 9, START, item_id="u1")
    journal("<", 10, STOP, item_id="u1")
    assert journal.turn(1).voice_ended_s is None


def test_a_manual_turn_ends_with_the_voice_before_the_commit(journal: MemoryJournal) -> None:
    journal("=", 1, "console.talk", on=True)
    journal(">", 3, "input_audio_buffer.commit")
    journal("=", 2.8, SPEECH, on=False)
    journal("<", 3.1, "input_audio_buffer.committed", item_id="u1")
    answer(journal, 3.8)
    assert journal.turn(1).heard_ms == pytest.approx(1000)
    assert journal.turn(1).service_heard_ms == pytest.approx(800)


def test_a_typed_turn_counts_from_sending(journal: MemoryJournal) -> None:
    item = {"id": "u1", "type": "message", "role": "user"}
    journal("=", 0.9, SPEECH, on=False)
    journal(">", 1, "conversation.item.create", item=item)
    answer(journal, 1.6)
    turn = journal.turn(1)
    assert (turn.spoken, turn.voice_ended_s) == (False, None)
    assert turn.heard_ms == turn.service_heard_ms == pytest.approx(600)


@pytest.mark.parametrize("asks", [False, True])
def test_the_latency_of_a_greeting_is_not_counted(journal: MemoryJournal, asks: bool) -> None:
    if asks:
        journal(">", 0.5, "response.create")
    answer(journal, 1.5)
    assert journal.turn(1).greeting
    assert journal.view.totals.latencies == LatencyStats()
    assert journal.line("a1").mark == "greeting"


def test_an_answer_that_is_asked_for_later_is_no_greeting(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1")
    journal.answer(2.1, "a1", "Yes.")
    journal.done(2.5)
    journal(">", 4, "response.create")
    journal.answer(4.2, "a2", "Once more.", response="r2")
    journal.heard(4.7, "a2")
    assert journal.turn(2).greeting is False
    assert journal.turn(2).heard_ms == pytest.approx(700)


def test_a_latency_that_grows_later_can_become_the_slowest(journal: MemoryJournal) -> None:
    for number, (began_s, heard_s) in enumerate(((1, 2.9), (11, 12.8), (21, 22.2)), start=1):
        journal("<", began_s, START, item_id=f"u{number}")
        journal("<", began_s + 1, STOP, item_id=f"u{number}")
        journal.answer(heard_s - 0.2, f"a{number}", "Yes.", response=f"r{number}")
        journal.heard(heard_s, f"a{number}")
        journal.done(heard_s + 0.5, f"r{number}")
    assert journal.line("a1").slowest
    journal("=", 21.1, SPEECH, on=False)
    assert [journal.line(f"a{number}").slowest for number in (1, 2, 3)] == [False, False, True]
    assert journal.view.totals.latencies.heard.worst_turn == 3
