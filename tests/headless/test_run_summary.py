"""What a run says when it is over."""

from dataclasses import replace

import pytest
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.headless.run_summary import (
    RunFacts,
    closing_lines,
    exit_code,
    recorded_sentence,
    summary,
    unrecorded_sentence,
)
from voicelive_tui.model.events.cut_cause import CutByConnection, CutByEcho
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState, SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn

from tests.support.memory_journal import MemoryJournal
from tests.support.tool_turn import tool_turn


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        (SessionState.ENDED, "The disk did not answer"),
        (SessionState.FAILED, "The disk did not answer"),
        (SessionState.CONNECTED, "The session did not close in time"),
        (SessionState.CLOSING, "The session did not close in time"),
    ],
)
def test_only_a_disk_that_was_asked_is_blamed(state: SessionState, cause: str) -> None:
    session = SessionSnapshot(
        "a", "a", state, folder="/sessions/a", recording=RecordingStatus(wanted=True)
    )
    assert session.recording.incomplete
    assert unrecorded_sentence(session) == (
        f"{cause}, so the end of this conversation may be missing in /sessions/a."
    )


def test_the_path_of_a_recording_can_be_copied_into_a_shell() -> None:
    session = SessionSnapshot("a", "support", SessionState.ENDED, folder="/my sessions/a;b")
    assert recorded_sentence(session) == "support is recorded in '/my sessions/a;b'"


GOOD = Turn(1, 0.0, created_s=1.0, done_s=2.0, status="completed", has_content=True)


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        ((), ExitCode.OK),
        ((GOOD,), ExitCode.OK),
        ((GOOD, replace(GOOD, unanswered_calls=1)), ExitCode.TURNS),
        ((replace(GOOD, has_content=False), GOOD), ExitCode.TURNS),
        ((replace(GOOD, status="failed"),), ExitCode.TURNS),
        ((GOOD, replace(GOOD, done_s=None)), ExitCode.OK),
    ],
    ids=["none", "good", "call", "empty", "failed", "begun"],
)
def test_a_run_without_a_number_of_turns_is_good_only_if_its_turns_are(
    turns: tuple[Turn, ...], code: ExitCode
) -> None:
    session = SessionSnapshot("a", "a", SessionState.ENDED, view=SessionView(turns=turns))
    facts = RunFacts()
    facts.connections = 1
    assert exit_code(session, facts, wanted=None) is code


def test_the_line_at_the_end_counts_answers_and_as_many_causes() -> None:
    cut = TranscriptLine("a1", "agent", 3.0, "It", "interrupted", 0, 9, spoken_chars=1)
    lines = (replace(cut, cause=CutByEcho(0.8, 140)), replace(cut, cause=CutByConnection()))
    session = SessionSnapshot("a", "a", SessionState.ENDED, view=SessionView(transcript=lines))
    facts = RunFacts()
    facts.connections = 1
    # An answer may have several parts, each with a stop of its own, and a broken connection none.
    facts.interruptions = [{"item_id": "a1", "content_index": at} for at in range(3)]
    assert closing_lines(session, facts)[0] == (
        "0 turns, 2 interrupted (1 by the loss of the connection, 1 likely by its own echo)."
    )


def test_a_turn_over_a_link_says_what_the_link_took() -> None:
    journal = MemoryJournal()
    journal.link(0, "up", round_trip_ms=80.4, clock_error_ms=12.1)
    tool_turn(journal)
    journal.stopped(56.22, "a1", 2100, 6800, "barge_in", link_ms=81, device_ms=15)
    session = SessionSnapshot("a", "a", SessionState.ENDED, view=journal.view)
    (turn,) = summary(session, RunFacts(), code=ExitCode.OK, wanted=None)["turns"]
    assert turn["link"] == {
        "machine": "laptop",
        "round_trip_ms": 80,
        "clock_error_ms": 13,
        "heard_share_ms": 80,
        "silenced_link_ms": 81,
        "silenced_device_ms": 15,
    }


def test_a_turn_without_a_link_says_nothing_of_one() -> None:
    journal = MemoryJournal()
    tool_turn(journal)
    session = SessionSnapshot("a", "a", SessionState.ENDED, view=journal.view)
    (turn,) = summary(session, RunFacts(), code=ExitCode.OK, wanted=None)["turns"]
    assert "link" not in turn


def test_the_transcript_says_why_an_answer_was_cut() -> None:
    cut = TranscriptLine(
        "a1",
        "agent",
        3.0,
        "It is sunny.",
        "interrupted",
        0,
        9,
        spoken_chars=5,
        heard_ms=2_190,
        received_ms=6_850,
        cause=CutByEcho(0.824, 140),
    )
    session = SessionSnapshot("a", "a", SessionState.ENDED, view=SessionView(transcript=(cut,)))
    (line,) = summary(session, RunFacts(), code=ExitCode.OK, wanted=None)["transcript"]
    assert (line["cut_by"], line["cause"]) == (
        "echo",
        "heard 2.1 of 6.8 s: likely its own echo, 0.82 after 140 ms",
    )
