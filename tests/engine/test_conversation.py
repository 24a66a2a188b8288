"""Whole conversations with the real simulator process, the real audio process, and WAV and null
ports."""

import os
import signal
import wave
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.service.target import NO_ENDPOINT, SIMULATOR_HOST
from voicelive_tui.engine.session import connection, supervisor
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import (
    LONG_TEXT,
    EngineHarness,
    engine_harness,
    profile,
    spoken_microphone,
    spoken_wav,
)


def no_errors(harness: EngineHarness, key: str = "a") -> None:
    assert harness.events("error", key) == []
    assert not [notice for _, notice in harness.engine.notices(0) if notice.level == "error"]


def test_a_spoken_file_gets_an_answer_and_both_are_in_the_journal(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        harness.until(lambda: harness.lines("you"), "a line of the person")
        harness.until_event(Local.PLAYBACK_STARTED)
        harness.until_event("response.done")
        shown = harness.session()
        assert shown.on_air and shown.host == SIMULATOR_HOST
        assert harness.engine.snapshot().audio.input_is_file
        turn = shown.view.turns[0]
        assert turn.heard_ms is not None and turn.heard_ms > 0
        assert harness.engine.sent_blocks("a")
        no_errors(harness)
        ended = harness.stop()
        assert ended.problem == ""
        assert harness.events(Local.CLOSED)[-1]["code"] == 1000
        harness.until(lambda: not harness.engine.snapshot().audio.running, "released devices")
    recorded = read_folder(shown.folder)
    assert recorded.problems == ()
    assert recorded.view.transcript[0].who == "you"
    assert [turn.heard_s for turn in recorded.view.turns] == [
        turn.heard_s for turn in ended.view.turns
    ]
    with wave.open(str(Path(shown.folder) / "mic.wav")) as mic:
        assert mic.getnframes() >= 24_000


def test_an_answer_moves_the_meter_of_the_assistant(tmp_path: Path) -> None:
    with engine_harness(tmp_path, input="none", output="null") as harness:
        harness.start(of=profile())
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until(lambda: harness.session().assistant_speaking, "the agent's voice")
        harness.until(
            lambda: harness.engine.snapshot().assistant.shown_dbfs > -50, "the agent's level"
        )


def test_talking_over_the_assistant_truncates_its_answer_where_it_was_heard(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        harness.until_event("response.done")
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until_event(Local.PLAYBACK_STARTED, count=2)
        harness.engine.post(intents.ToggleTalk("a"))
        truncated = harness.until_event("conversation.item.truncated")
        (asked,) = harness.events("conversation.item.truncate")
        (stopped,) = (
            event
            for event in harness.events(Local.PLAYBACK_STOPPED)
            if event["reason"] == "barge_in"
        )
        assert asked["audio_end_ms"] == truncated["audio_end_ms"] == stopped["played_ms"]
        assert 0 < stopped["played_ms"] <= stopped["received_ms"]
        assert harness.events("response.cancel") == []
        harness.until(
            lambda: any(line.state == "interrupted" for line in harness.session().view.transcript),
            "an interrupted line",
        )
        no_errors(harness)


def test_x_stops_the_assistant(tmp_path: Path) -> None:
    with engine_harness(tmp_path, input="none", output="null") as harness:
        harness.start(of=profile())
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until(lambda: harness.session().assistant_speaking, "the agent's voice")
        harness.engine.post(intents.Interrupt("a"))
        harness.until_event("conversation.item.truncated")
        harness.until(lambda: not harness.session().assistant_speaking, "silence")
        assert harness.events(Local.PLAYBACK_STOPPED)[-1]["reason"] == "user"
        no_errors(harness)


def test_a_typed_turn_without_any_sound(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile(modalities=["text"]))
        harness.engine.post(intents.SendText("a", "Hello"))
        harness.until(lambda: harness.lines("agent"), "an answer")
        assert harness.lines("you") == ["Hello"]
        assert harness.events("response.audio.delta") == []
        no_errors(harness)


def test_two_sessions_and_one_microphone(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start("a", profile("first"))
        harness.until_event("response.done", "a")
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until_event(Local.PLAYBACK_STARTED, "a", count=2)
        harness.until(
            lambda: harness.events(Local.PLAYBACK_STOPPED, "a"), "the end of the first answer"
        )
        harness.start(
            "b", profile("second", input_audio_format="g711_ulaw", output_audio_format="g711_ulaw")
        )
        assert harness.engine.snapshot().on_air == "a"
        assert not harness.session("b").on_air
        harness.engine.post(intents.GoOnAir("b"))
        harness.until_event(Local.PLAYBACK_STOPPED, "a", count=2)
        assert harness.events(Local.PLAYBACK_STOPPED, "a")[-1]["reason"] == "off_air"
        # The second session hears the file and answers in its own format; the first goes on with
        # text.
        harness.until(lambda: harness.lines("you", "b"), "a line of the person in the second")
        harness.until_event(Local.PLAYBACK_STARTED, "b")
        heard_by_first = len(harness.events("input_audio_buffer.append", "a"))
        harness.engine.post(intents.SendText("a", "Still there?"))
        harness.until(lambda: "Still there?" in harness.lines("you", "a"), "the typed line")
        harness.until_event("response.done", "a", count=3)
        assert len(harness.events("input_audio_buffer.append", "a")) == heard_by_first
        assert {event["bytes"] for event in appended(harness, "b")} == {160}
        assert harness.events("conversation.item.truncate", "a") == []
        no_errors(harness, "a")
        no_errors(harness, "b")
        harness.stop("b")
        harness.until(lambda: harness.engine.snapshot().on_air is None, "nobody on air")
        assert harness.session("a").state is SessionState.CONNECTED


def appended(harness: EngineHarness, key: str) -> list[dict[str, int]]:
    return [event["audio"] for event in harness.events("input_audio_buffer.append", key)]


def test_the_same_tab_again(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile())
        harness.until(lambda: harness.lines("you"), "a line")
        first = harness.stop()
        harness.start()
        again = harness.session()
        assert again.folder != first.folder
        harness.until(lambda: harness.lines("you"), "a line again")
        assert harness.session().on_air


def test_manual_turns_with_a_file_as_microphone(tmp_path: Path) -> None:
    with engine_harness(tmp_path, **spoken_microphone(tmp_path)) as harness:
        harness.start(of=profile(turn_detection="none"))
        harness.until_event("session.updated")
        harness.until(lambda: harness.session().manual, "manual turns")
        harness.engine.post(intents.ToggleTalk("a"))
        # The end of the file commits the turn.
        harness.until_event("input_audio_buffer.committed")
        harness.until(
            lambda: harness.lines("agent") or harness.session().assistant_speaking, "an answer"
        )
        assert [event["on"] for event in harness.events(Local.TALK)] == [True, False]
        assert harness.events("input_audio_buffer.clear")
        no_errors(harness)


def test_mute_sends_silence(tmp_path: Path) -> None:
    spoken = spoken_wav(tmp_path / "long.wav", seconds=60)
    with engine_harness(tmp_path, input=f"wav:{spoken}", output="null") as harness:
        harness.engine.post(intents.Mute(True))
        harness.start(of=profile())
        harness.until(
            lambda: len(harness.events("input_audio_buffer.append")) > 20, "a muted second"
        )
        assert harness.session().muted and harness.engine.snapshot().muted
        harness.until(
            lambda: harness.engine.snapshot().mic.shown_dbfs > -40, "a meter that still moves"
        )
        assert [event["on"] for event in harness.events(Local.MUTED)] == [True]
        folder = harness.session().folder
        harness.stop()
    with wave.open(str(Path(folder) / "mic.wav")) as mic:
        assert not any(mic.readframes(mic.getnframes()))


def test_a_muted_microphone_opens_no_turn_and_still_ends_one(tmp_path: Path) -> None:
    with engine_harness(tmp_path, input="null", output="null") as harness:
        harness.start(of=profile(turn_detection="none"))
        harness.until(lambda: harness.session().ready and harness.session().manual, "manual turns")
        harness.engine.post(intents.Mute(True))
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until(
            lambda: "The microphone is muted, so this turn would be silent." in harness.texts(),
            "the notice",
        )
        assert not harness.session().talking and not harness.events(Local.TALK)
        harness.engine.post(intents.Mute(False))
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until(lambda: harness.session().talking, "the turn")
        harness.engine.post(intents.Mute(True))
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until(lambda: not harness.session().talking, "the end of the turn")
        assert [event["on"] for event in harness.events(Local.MUTED)] == [True, False, True]
        assert harness.lines("note")[-3:] == ["MUTED", "microphone open again", "MUTED"]
        harness.engine.post(intents.Mute(True))
        harness.stop()
        assert len(harness.events(Local.MUTED)) == 3, "only a change is a fact"


def test_a_simulator_that_dies_is_told_and_started_again(tmp_path: Path) -> None:
    with engine_harness(tmp_path, reconnect=False) as harness:
        harness.start(of=profile())
        _, simulator = harness.engine.child_pids
        assert simulator is not None
        os.kill(simulator, signal.SIGKILL)
        shown = harness.until_state(SessionState.FAILED)
        assert "broke" in shown.problem and shown.problem.endswith(".")
        assert not shown.on_air
        harness.until(lambda: harness.engine.child_pids[1] is None, "the news of its death")
        harness.start()
        assert harness.session().problem == ""


def test_azure_without_an_endpoint_says_that_it_is_the_simulator(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile(service={"target": "azure"}))
        assert harness.session().service == "simulator"
        assert harness.session().host == SIMULATOR_HOST
        assert NO_ENDPOINT in harness.texts()


def test_an_edited_profile_reaches_the_running_session(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile(instructions="a"))
        harness.until_event("session.updated")
        harness.engine.post(intents.ReplaceProfile("a", profile(instructions="b")))
        updated = harness.until_event("session.updated", count=2)
        assert updated["session"]["instructions"] == "b"
        assert harness.events("session.update")[-1]["session"] == {"instructions": "b"}


def test_a_profile_edited_while_its_session_connects_reaches_it_too(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.engine.post(intents.OpenTab("a", profile(instructions="a")))
        harness.engine.post(intents.Start("a"))
        harness.engine.post(intents.ReplaceProfile("a", profile(instructions="b")))
        updated = harness.until_event("session.updated", count=2)
        assert updated["session"]["instructions"] == "b"
        assert [
            event["session"].get("instructions") for event in harness.events("session.update")
        ] == ["a", "b"]


def test_settings_that_the_service_refuses_leave_a_session(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        harness.start(of=profile(temperature=77.0))
        harness.until(
            lambda: any("service refused temperature" in text for text in harness.texts()),
            "the sentence",
        )
        harness.until_event("session.updated")  # with all the other settings
        harness.engine.post(intents.SendText("a", "Hello"))
        harness.until(lambda: harness.lines("agent"), "an answer all the same")


def test_an_answer_cut_by_the_sessions_end_is_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (connection, supervisor):
        monkeypatch.setattr(module, "SILENCE_SPEAKER_S", DEADLINE_S)
    with engine_harness(tmp_path, input="none", output="null") as harness:
        harness.start(of=profile())
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until_event(Local.PLAYBACK_STARTED)
        harness.stop()
        (stopped,) = harness.events(Local.PLAYBACK_STOPPED)
        assert stopped["reason"] == "off_air"
        index = harness.engine.index("a")
        assert index is not None
        assert index.type_name(index.count - 1) == Local.CLOSED
