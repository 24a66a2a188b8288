"""Whole conversations: the real simulator process, the real audio process, WAV and null ports."""

import os
import signal
import wave
from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.engine.service.target import NO_ENDPOINT, SIMULATOR_HOST
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engines import LONG_TEXT, Bench, profile, running, spoken_microphone, spoken_wav


def no_errors(bench: Bench, key: str = "a") -> None:
    assert bench.events("error", key) == []
    assert not [notice for _, notice in bench.engine.notices(0) if notice.level == "error"]


def test_a_spoken_file_gets_an_answer_and_both_are_in_the_journal(tmp_path: Path) -> None:
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
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


def test_an_answer_moves_the_meter_of_the_assistant(tmp_path: Path) -> None:
    with running(tmp_path, input="none", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until(lambda: bench.session().assistant_speaking, "the agent's voice")
        bench.until(lambda: bench.engine.snapshot().agent.shown_dbfs > -50, "the agent's level")


def test_talking_over_the_assistant_truncates_its_answer_where_it_was_heard(tmp_path: Path) -> None:
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
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


def test_x_stops_the_assistant(tmp_path: Path) -> None:
    with running(tmp_path, input="none", output="null") as bench:
        bench.start(of=profile())
        bench.engine.post(intents.Say("a", LONG_TEXT))
        bench.until(lambda: bench.session().assistant_speaking, "the agent's voice")
        bench.engine.post(intents.Interrupt("a"))
        bench.until_event("conversation.item.truncated")
        bench.until(lambda: not bench.session().assistant_speaking, "silence")
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
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
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
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
        bench.start(of=profile())
        bench.until(lambda: bench.lines("you"), "a line")
        first = bench.stop()
        bench.start()
        again = bench.session()
        assert again.folder != first.folder
        bench.until(lambda: bench.lines("you"), "a line again")
        assert bench.session().on_air


def test_manual_turns_with_a_file_as_microphone(tmp_path: Path) -> None:
    with running(tmp_path, **spoken_microphone(tmp_path)) as bench:
        bench.start(of=profile(turn_detection="none"))
        bench.until_event("session.updated")
        bench.until(lambda: bench.session().manual, "manual turns")
        bench.engine.post(intents.Talk("a"))
        # The file's end closes the turn.
        bench.until_event("input_audio_buffer.committed")
        bench.until(lambda: bench.lines("agent") or bench.session().assistant_speaking, "an answer")
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
