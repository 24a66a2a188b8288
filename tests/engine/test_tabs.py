"""Tabs and what is asked of them: recordings, closing, and intents for what does not run."""

import json
import os
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engines import profile, running, spoken_microphone


def test_intents_for_what_does_not_run_are_answered_with_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.engine.post(intents.OpenTab("a", profile()))
        for intent in (intents.Say("a", "x"), intents.Talk("a"), intents.Interrupt("a"), intents.GoOnAir("a")):
            bench.engine.post(intent)
        bench.until(lambda: len(bench.texts()) == 4, "four sentences")
        bench.engine.post(intents.Stop("nobody"))
        bench.engine.post(intents.CloseTab("a"))
        bench.until(lambda: not bench.engine.snapshot().sessions, "no tab")


def test_closing_the_tab_on_air_ends_its_session(tmp_path: Path) -> None:
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
        bench.start(of=profile())
        folder = bench.session().folder
        bench.engine.post(intents.CloseTab("a"))
        bench.until(
            lambda: not bench.engine.snapshot().sessions and not bench.engine.snapshot().audio.running, "an empty console"
        )
        assert bench.engine.snapshot().on_air is None
    last = [json.loads(line) for line in (Path(folder) / "events.jsonl").read_text().splitlines()][-1]
    assert last["event"]["type"] == Local.CLOSED


def test_a_recorded_session_is_a_tab_like_another(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", "Hello"))
        bench.until(lambda: bench.lines("agent"), "an answer")
        folder = bench.session().folder
        live = bench.stop()
        bench.engine.post(intents.CloseTab("a"))
        # The journal is still being written, in a thread, when its session has ended.
        bench.until(lambda: Local.CLOSED in (Path(folder) / "events.jsonl").read_text(), "the end of the journal")
        bench.engine.post(intents.OpenRecording("r", folder))
        bench.until(lambda: "r" in bench.engine.snapshot().sessions and bench.session("r").view.transcript, "the recording")
        shown = bench.session("r")
        assert shown.state is SessionState.RECORDED
        assert shown.view.transcript == live.view.transcript
        recorded = bench.engine.profile("r")
        assert recorded is not None
        bench.engine.post(intents.Start("r"))
        bench.until(lambda: any("recorded session" in text for text in bench.texts()), "the sentence")


def test_a_folder_that_is_no_recording(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.engine.post(intents.OpenRecording("r", str(tmp_path / "nothing")))
        shown = bench.until_state(SessionState.FAILED, "r")
        assert "nothing" in shown.problem


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file modes")
def test_a_state_folder_that_cannot_be_written_costs_the_recording_only(tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file where a folder should be")
    with running(tmp_path, state_dir=blocked) as bench:
        bench.start(of=profile())
        assert bench.session().folder == ""
        bench.engine.post(intents.Say("a", "Hello"))
        bench.until(lambda: bench.lines("agent"), "an answer")
        assert bench.texts()


def test_talking_into_a_session_off_air_says_how_to_change_that(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start("a", profile(turn_detection="none"))
        bench.start("b", profile(turn_detection="none"))
        bench.engine.post(intents.Talk("b"))
        bench.until(lambda: any("press a" in text for text in bench.texts()), "the sentence")
        assert not bench.session("b").talking
