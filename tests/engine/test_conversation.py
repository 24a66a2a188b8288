"""Whole conversations: the real simulator process, the real audio process, WAV and null ports."""

import json
import os
import signal
import sys
import wave
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.place import NO_ENDPOINT, SIMULATOR_HOST
from voicelive_tui.engine.settings import Secret
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.record import Local
from voicelive_tui.model.snapshot import SessionState

from tests.support.engines import LONG_TEXT, Bench, profile, running, spoken_wav
from tests.support.scripted_service import ScriptedService


def hearing(tmp_path: Path) -> dict[str, str]:
    """A spoken file as microphone, a paced nothing as speaker."""
    return {"input": f"wav:{spoken_wav(tmp_path / 'me.wav')}", "output": "null"}


def no_errors(bench: Bench, key: str = "a") -> None:
    assert bench.events("error", key) == []
    assert not [notice for _, notice in bench.engine.notices(0) if notice.level == "error"]


def test_a_spoken_file_gets_an_answer_and_both_are_in_the_journal(tmp_path: Path) -> None:
    with running(tmp_path, **hearing(tmp_path)) as bench:
        bench.start(of=profile())
        bench.until(lambda: bench.lines("you"), "a line of the person")
        bench.until_event(Local.PLAYBACK_STARTED)
        bench.until_event("response.done")
        shown = bench.session()
        assert shown.on_air and shown.host == SIMULATOR_HOST
        assert bench.engine.snapshot().audio.input_is_file
        turn = shown.view.turns[0]
        assert turn.heard_ms is not None and turn.heard_ms > 0
        assert bench.engine.sent_blocks("a")
        no_errors(bench)
        ended = bench.stop()
        assert ended.problem == ""
        assert bench.events(Local.CLOSED)[-1]["code"] == 1000
        bench.until(lambda: not bench.engine.snapshot().audio.running, "released devices")
    recorded = read_folder(shown.folder)
    assert recorded.problems == ()
    assert recorded.view.transcript[0].who == "you"
    assert [turn.heard_s for turn in recorded.view.turns] == [turn.heard_s for turn in ended.view.turns]
    with wave.open(str(Path(shown.folder) / "mic.wav")) as mic:
        assert mic.getnframes() >= 24_000


def test_an_answer_moves_the_meter_of_the_agent(tmp_path: Path) -> None:
    with running(tmp_path, input="none", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until(lambda: bench.session().agent_speaking, "the agent's voice")
        bench.until(lambda: bench.engine.snapshot().agent.shown_dbfs > -50, "the agent's level")


def test_talking_over_the_agent_truncates_its_answer_where_it_was_heard(tmp_path: Path) -> None:
    with running(tmp_path, **hearing(tmp_path)) as bench:
        bench.start(of=profile())
        bench.until_event("response.done")
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until_event(Local.PLAYBACK_STARTED, count=2)
        bench.engine.post(intents.Talk("a"))
        truncated = bench.until_event("conversation.item.truncated")
        (asked,) = bench.events("conversation.item.truncate")
        (stopped,) = (event for event in bench.events(Local.PLAYBACK_STOPPED) if event["reason"] == "barge_in")
        assert asked["audio_end_ms"] == truncated["audio_end_ms"] == stopped["played_ms"]
        assert 0 < stopped["played_ms"] <= stopped["received_ms"]
        assert bench.events("response.cancel") == []
        bench.until(lambda: any(line.state == "interrupted" for line in bench.session().view.transcript), "an interrupted line")
        no_errors(bench)


def test_x_stops_the_agent(tmp_path: Path) -> None:
    with running(tmp_path, input="none", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until(lambda: bench.session().agent_speaking, "the agent's voice")
        bench.engine.post(intents.Interrupt("a"))
        bench.until_event("conversation.item.truncated")
        bench.until(lambda: not bench.session().agent_speaking, "silence")
        assert bench.events(Local.PLAYBACK_STOPPED)[-1]["reason"] == "user"
        no_errors(bench)


def test_a_typed_turn_without_any_sound(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile(modalities=["text"]))
        bench.engine.post(intents.Say("a", "Hello"))
        bench.until(lambda: bench.lines("agent"), "an answer")
        assert bench.lines("you") == ["Hello"]
        assert bench.events("response.audio.delta") == []
        no_errors(bench)


def test_two_sessions_and_one_microphone(tmp_path: Path) -> None:
    with running(tmp_path, **hearing(tmp_path)) as bench:
        bench.start("a", profile("first"))
        bench.until_event("response.done", "a")
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until_event(Local.PLAYBACK_STARTED, "a", count=2)
        bench.until(lambda: bench.events(Local.PLAYBACK_STOPPED, "a"), "the end of the first answer")
        bench.start("b", profile("second", input_audio_format="g711_ulaw", output_audio_format="g711_ulaw"))
        assert bench.engine.snapshot().on_air == "a"
        assert not bench.session("b").on_air
        bench.engine.post(intents.GoOnAir("b"))
        bench.until_event(Local.PLAYBACK_STOPPED, "a", count=2)
        assert bench.events(Local.PLAYBACK_STOPPED, "a")[-1]["reason"] == "off_air"
        # The second hears the file and answers in its own format; the first goes on with text.
        bench.until(lambda: bench.lines("you", "b"), "a line of the person in the second")
        bench.until_event(Local.PLAYBACK_STARTED, "b")
        heard_by_first = len(bench.events("input_audio_buffer.append", "a"))
        bench.engine.post(intents.Say("a", "Still there?"))
        bench.until(lambda: "Still there?" in bench.lines("you", "a"), "the typed line")
        bench.until_event("response.done", "a", count=3)
        assert len(bench.events("input_audio_buffer.append", "a")) == heard_by_first
        assert {event["bytes"] for event in appended(bench, "b")} == {160}
        assert bench.events("conversation.item.truncate", "a") == []
        no_errors(bench, "a")
        no_errors(bench, "b")
        bench.stop("b")
        bench.until(lambda: bench.engine.snapshot().on_air is None, "nobody on air")
        assert bench.session("a").state is SessionState.CONNECTED


def appended(bench: Bench, key: str) -> list[dict[str, int]]:
    return [event["audio"] for event in bench.events("input_audio_buffer.append", key)]


def test_the_same_tab_again(tmp_path: Path) -> None:
    with running(tmp_path, **hearing(tmp_path)) as bench:
        bench.start(of=profile())
        bench.until(lambda: bench.lines("you"), "a line")
        first = bench.stop()
        bench.start()
        again = bench.session()
        assert again.folder != first.folder
        bench.until(lambda: bench.lines("you"), "a line again")
        assert bench.session().on_air


def test_manual_turns_with_a_file_as_microphone(tmp_path: Path) -> None:
    with running(tmp_path, **hearing(tmp_path)) as bench:
        bench.start(of=profile(turn_detection="none"))
        bench.until_event("session.updated")
        bench.until(lambda: bench.session().manual, "manual turns")
        bench.engine.post(intents.Talk("a"))
        # The file's end closes the turn.
        bench.until_event("input_audio_buffer.committed")
        bench.until(lambda: bench.lines("agent") or bench.session().agent_speaking, "an answer")
        assert [event["on"] for event in bench.events(Local.TALK)] == [True, False]
        assert bench.events("input_audio_buffer.clear")
        no_errors(bench)


def test_mute_sends_silence(tmp_path: Path) -> None:
    spoken = spoken_wav(tmp_path / "long.wav", seconds=60)
    with running(tmp_path, input=f"wav:{spoken}", output="null") as bench:
        bench.engine.post(intents.Mute(True))
        bench.start(of=profile())
        bench.until(lambda: len(bench.events("input_audio_buffer.append")) > 20, "a muted second")
        assert bench.session().muted and bench.engine.snapshot().muted
        bench.until(lambda: bench.engine.snapshot().mic.shown_dbfs > -40, "a meter that still moves")
        folder = bench.session().folder
        bench.stop()
    with wave.open(str(Path(folder) / "mic.wav")) as mic:
        assert not any(mic.readframes(mic.getnframes()))


def test_a_simulator_that_dies_is_told_and_started_again(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile())
        _, simulator = bench.engine.child_pids
        assert simulator is not None
        os.kill(simulator, signal.SIGKILL)
        shown = bench.until_state(SessionState.FAILED)
        assert "broke" in shown.problem and shown.problem.endswith(".")
        assert not shown.on_air
        bench.until(lambda: not bench.engine.simulate_url, "the news of its death")
        bench.start()
        assert bench.session().problem == ""


def test_azure_without_an_endpoint_says_that_it_is_the_simulator(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile(service={"target": "azure"}))
        assert bench.session().service == "simulator"
        assert bench.session().host == SIMULATOR_HOST
        assert NO_ENDPOINT in bench.texts()


def test_an_edited_profile_reaches_the_running_session(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile(instructions="a"))
        bench.until_event("session.updated")
        bench.engine.post(intents.ReplaceProfile("a", profile(instructions="b")))
        updated = bench.until_event("session.updated", count=2)
        assert updated["session"]["instructions"] == "b"
        assert bench.events("session.update")[-1]["session"] == {"instructions": "b"}


def test_a_profile_edited_while_its_session_connects_reaches_it_too(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.engine.post(intents.OpenTab("a", profile(instructions="a")))
        bench.engine.post(intents.Start("a"))
        bench.engine.post(intents.ReplaceProfile("a", profile(instructions="b")))
        updated = bench.until_event("session.updated", count=2)
        assert updated["session"]["instructions"] == "b"
        assert [event["session"].get("instructions") for event in bench.events("session.update")] == ["a", "b"]


def test_settings_that_the_service_refuses_leave_a_session(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start(of=profile(temperature=77.0))
        bench.until(lambda: any("refused the session settings" in text for text in bench.texts()), "the sentence")
        bench.engine.post(intents.Say("a", "Hello"))
        bench.until(lambda: bench.lines("agent"), "an answer all the same")


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
    with running(tmp_path, **hearing(tmp_path)) as bench:
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
        assert (shown.state, shown.being_read) == (SessionState.RECORDED, False)
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


def no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a microphone, whatever this one has."""
    if sys.platform != "linux":
        pytest.skip("the sound of other systems cannot be taken away by the environment")
    monkeypatch.setenv("ALSA_CONFIG_PATH", os.devnull)
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")


def test_without_a_microphone_a_spoken_file_stands_for_it_towards_the_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_devices(monkeypatch)
    with running(tmp_path, input=None, output="null") as bench:
        bench.start(of=profile())
        bench.until(lambda: bench.lines("you"), "a line of the file")
        audio = bench.engine.snapshot().audio
        assert audio.input_is_file
        assert audio.problem.endswith("A spoken file stands for the microphone.")
        assert audio.problem in bench.texts()


def test_without_a_speaker_either_the_answers_keep_their_time_so_that_they_can_be_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_devices(monkeypatch)
    with running(tmp_path, input=None, output=None) as bench:
        bench.start(of=profile())
        bench.until(lambda: [turn for turn in bench.session().view.turns if turn.heard_ms], "the beginning of the answer")
        audio = bench.engine.snapshot().audio
        bench.until_event("response.done")
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until_event(Local.PLAYBACK_STARTED, count=2)
        assert audio.problem.endswith("A spoken file stands for the microphone, and the answers are timed but not heard.")
        assert audio.problem.count("apt-get") <= 1
        bench.engine.post(intents.Interrupt("a"))
        bench.until_event("conversation.item.truncated")
        assert bench.session().view.errors == 0


def test_the_spoken_file_is_never_sent_to_a_real_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_devices(monkeypatch)
    with (
        ScriptedService() as service,
        running(tmp_path, input=None, output="null", endpoint=service.url, key=Secret("k")) as bench,
    ):
        bench.start(of=profile(service={"target": "azure"}))
        bench.until_event("session.updated")
        bench.until(lambda: bench.engine.snapshot().audio.problem, "the sentence")
        assert not bench.engine.snapshot().audio.input_is_file
        bench.engine.post(intents.Say("a", "Hello"))
        service.wait(lambda: bool(service.events("response.create")))
        assert not service.microphone
        bench.stop()
        assert bench.events("input_audio_buffer.append") == []


def test_an_answer_cut_by_the_sessions_end_is_in_the_journal(tmp_path: Path) -> None:
    with running(tmp_path, input="none", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until_event(Local.PLAYBACK_STARTED)
        bench.stop()
        (stopped,) = bench.events(Local.PLAYBACK_STOPPED)
        assert stopped["reason"] == "off_air"
        index = bench.engine.index("a")
        assert index is not None
        assert index.type_name(index.count - 1) == Local.CLOSED


def test_talking_into_a_session_off_air_says_how_to_change_that(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.start("a", profile(turn_detection="none"))
        bench.start("b", profile(turn_detection="none"))
        bench.engine.post(intents.Talk("b"))
        bench.until(lambda: any("press a" in text for text in bench.texts()), "the sentence")
        assert not bench.session("b").talking
