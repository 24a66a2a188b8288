"""The causes of cut answers, in the transcript and in the turns."""

from typing import Any

import pytest
from voicelive_tui.model.events.cut_cause import (
    CutByConnection,
    CutByDetection,
    CutByDevice,
    CutByLink,
    CutByVoice,
    CutOffAir,
    cut_sentence,
)

from tests.support.memory_journal import MemoryJournal

VOICE = {"mic_dbfs": -24.0, "voiced_ms": 180, "before_ms": 220}


def cut_answer(journal: MemoryJournal, **measured: Any) -> None:
    """An answer that the service cut because it detected speech."""
    journal.spoken(1, "u1", "Where is it?")
    journal.answer(2.5, "a1", "0123456789", previous="u1")
    journal.heard(2.6, "a1")
    journal.stopped(3, "a1", 500, 1000, "barge_in")
    journal("=", 3, "console.cut", item_id="a1", content_index=0, **measured)


def test_line_and_turn_have_the_measured_cause(journal: MemoryJournal) -> None:
    cut_answer(journal, **VOICE)
    assert journal.line("a1").cause == journal.turn(1).cause == CutByVoice(-24.0, 220)
    assert journal.line("a1").cut_by == "voice"
    journal.done(3.1, status="cancelled")
    assert journal.turn(1).cause == CutByVoice(-24.0, 220)


def test_an_old_journal_without_the_measurement_claims_none(journal: MemoryJournal) -> None:
    journal.spoken(1, "u1", "Where is it?")
    journal.answer(2.5, "a1", "0123456789", previous="u1")
    journal.stopped(3, "a1", 500, 1000, "barge_in")
    assert journal.line("a1").cause == journal.turn(1).cause == CutByDetection()


def test_a_loss_that_stopped_an_answer_is_its_cause_for_the_turn_too(
    journal: MemoryJournal,
) -> None:
    journal("=", 0, "console.connected", service="simulator", host="x", request_id="")
    journal("=", 0, "console.on_air", on=True)
    journal.spoken(1, "u1", "Where is it?")
    journal.answer(2.5, "a1", "0123456789", previous="u1")
    journal.stopped(3, "a1", 500, 1000, "off_air")
    assert journal.turn(1).cause == CutByDevice()
    journal("=", 3.1, "console.closed", code=1011, reason="", sentence="It broke.")
    assert journal.line("a1").cause == journal.turn(1).cause == CutByConnection()


def test_an_answer_that_the_end_of_the_session_stopped_blames_no_device(
    journal: MemoryJournal,
) -> None:
    journal("=", 0, "console.on_air", on=True)
    journal.spoken(1, "u1", "Where is it?")
    journal.answer(2.5, "a1", "0123456789", previous="u1")
    journal.stopped(3, "a1", 500, 1000, "off_air")
    journal("=", 3.01, "console.closed", code=1000, reason="", sentence="You ended the session.")
    assert journal.line("a1").cause == journal.turn(1).cause == CutOffAir()


@pytest.mark.parametrize("link_first", [True, False])
def test_an_answer_that_the_speaker_lost_with_the_link_names_the_link(
    journal: MemoryJournal, link_first: bool
) -> None:
    journal.answer(2.5, "a1", "0123456789")
    if link_first:
        journal.link(2.8, "stalled")
    journal.stopped(3, "a1", 500, 1000, "off_air")
    if not link_first:
        journal.link(3.1, "lost")
    assert journal.line("a1").cause == journal.turn(1).cause == CutByLink()
    sentence = cut_sentence(CutByLink(), 500, 1000)
    assert sentence == "heard 0.5 of 1.0 s: the sound link was lost"


def test_a_speaker_that_is_lost_while_the_link_is_up_is_the_device(journal: MemoryJournal) -> None:
    journal.link(1, "stalled")
    journal.link(2, "back", away_ms=1000)
    journal.answer(2.5, "a1", "0123456789")
    journal.stopped(3, "a1", 500, 1000, "off_air")
    journal.link(9, "lost")
    assert journal.line("a1").cause == CutByDevice()


def test_a_measurement_without_its_answer_changes_nothing(journal: MemoryJournal) -> None:
    journal("=", 3, "console.cut", item_id="a9", **VOICE)
    assert journal.lines == []
