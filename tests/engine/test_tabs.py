"""Tabs and their intents: recordings, closing, and intents for a session that does not run."""

import json
import os
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.refusals import IS_RECORDED, NOT_ON_AIR
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness, profile, spoken_microphone


def test_intents_for_what_does_not_run_are_answered_with_a_sentence(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenTab("a", profile()))
        for intent in (
            intents.SendText("a", "x"),
            intents.ToggleTalk("a"),
            intents.Interrupt("a"),
            intents.GoOnAir("a"),
        ):
            harness.engine.post(intent)
        harness.until(lambda: len(harness.texts()) == 4, "four sentences")
        harness.catch_up()
        assert {(notice.text, notice.cure) for _, notice in harness.engine.notices(0)} == {
            ("The session is not connected.", "{session.toggle} starts it.")
        }
        refusal = harness.session().text_refusal
        assert refusal is not None and refusal.text == "The session is not connected."
        harness.engine.post(intents.Stop("nobody"))
        harness.engine.post(intents.CloseTab("a"))
        harness.until(lambda: not harness.engine.snapshot().sessions, "no tab")


def test_closing_the_tab_on_air_ends_its_session(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        folder = harness.session().folder
        harness.engine.post(intents.CloseTab("a"))
        harness.until(
            lambda: (
                not harness.engine.snapshot().sessions
                and not harness.engine.snapshot().audio.running
            ),
            "an empty console",
        )
        assert harness.engine.snapshot().on_air is None
    last = [json.loads(line) for line in (Path(folder) / "events.jsonl").read_text().splitlines()][
        -1
    ]
    assert last["event"]["type"] == Local.CLOSED


def test_a_recorded_session_is_a_tab_like_another(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile())
        harness.engine.post(intents.SendText("a", "Hello"))
        harness.until(lambda: harness.lines("agent"), "an answer")
        folder = harness.session().folder
        assert harness.session().text_refusal is None
        live = harness.stop()
        harness.engine.post(intents.CloseTab("a"))
        # A thread may still write the journal when its session has ended.
        harness.until(
            lambda: Local.CLOSED in (Path(folder) / "events.jsonl").read_text(),
            "the end of the journal",
        )
        harness.engine.post(intents.OpenRecording("r", folder))
        harness.until(
            lambda: (
                "r" in harness.engine.snapshot().sessions and harness.session("r").view.transcript
            ),
            "the recording",
        )
        shown = harness.session("r")
        assert (shown.state, shown.being_read) == (SessionState.RECORDED, False)
        assert shown.view.transcript == live.view.transcript
        assert shown.text_refusal == IS_RECORDED
        recorded = harness.engine.profile("r")
        assert recorded is not None
        for intent in (intents.Start("r"), intents.GoOnAir("r"), intents.SendText("r", "x")):
            harness.engine.post(intent)
        harness.until(lambda: harness.texts().count(IS_RECORDED.text) == 3, "the same sentence")


def test_a_folder_that_is_no_recording(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenRecording("r", str(tmp_path / "nothing")))
        shown = harness.until_state(SessionState.FAILED, "r")
        assert "nothing" in shown.problem


def test_an_unreadable_recording_says_so_whatever_happens_in_other_tabs(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenRecording("r", str(folder)))
        before = harness.until_state(SessionState.FAILED, "r")
        harness.engine.post(intents.OpenTab("a", profile()))
        # Each of these makes every snapshot anew.
        harness.engine.post(intents.TrustHost("a", "voice.example.com"))
        harness.engine.post(intents.Mute(True))
        harness.until_state(SessionState.CONNECTED, "a")
        assert harness.session("r") == before
        assert before.folder == str(folder) and "nothing" in before.problem
        harness.engine.post(intents.Start("r"))
        harness.until(lambda: IS_RECORDED.text in harness.texts(), "why it cannot be started")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file modes")
def test_a_state_folder_that_cannot_be_written_costs_the_recording_only(tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file where a folder should be")
    with engine_harness(tmp_path, state_dir=blocked) as harness:
        harness.start(of=profile())
        assert harness.session().folder == ""
        harness.engine.post(intents.SendText("a", "Hello"))
        harness.until(lambda: harness.lines("agent"), "an answer")
        assert harness.texts()


def test_talking_into_a_session_off_air_says_how_to_change_that(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start("a", profile(turn_detection="none"))
        harness.start("b", profile(turn_detection="none"))
        harness.engine.post(intents.ToggleTalk("b"))
        harness.until(
            lambda: any(
                (notice.text, notice.cure) == (NOT_ON_AIR.text, NOT_ON_AIR.cure)
                for _, notice in harness.engine.notices(0)
            ),
            "the notice",
        )
        assert not harness.session("b").talking
        kept = [event["text"] for event in harness.events(Local.NOTICE, "b")]
        assert kept == ["This session is not on air."], "words for years to come: no key, no braces"
