"""Sessions that lose microphone, speaker or audio process in the middle, with a service that the
test operates."""

import os
import signal
from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local
from voicelive_tui.protocol.notices import SILENCE_SENT

from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService


def kill_sound(harness: EngineHarness) -> None:
    """Kill the audio process and wait until it is replaced or gone."""
    harness.until(lambda: harness.engine.child_pids[0] is not None, "a sound process")
    pid, _ = harness.engine.child_pids
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    harness.until(lambda: harness.engine.child_pids[0] != pid, "its end")


def test_a_sound_process_that_dies_in_an_answer_loses_that_answer_only(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="null", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        first = service.answer(1, bytes(240_000))
        harness.until_event("response.audio.delta", count=25)
        harness.until_event(Local.PLAYBACK_STARTED)
        kill_sound(harness)
        stopped = harness.until_event(Local.PLAYBACK_STOPPED)
        assert (stopped["item_id"], stopped["reason"], stopped["received_ms"]) == (
            first,
            "off_air",
            5_000,
        )
        harness.until(lambda: not harness.session().assistant_speaking, "silence")
        harness.until(
            lambda: any("it was started again" in text for text in harness.texts()), "the notice"
        )
        harness.until(lambda: harness.engine.snapshot().audio.output_name == "silence", "a speaker")
        second = service.answer(2, bytes(48_000), finished=True)
        harness.until(
            lambda: harness.events(Local.PLAYBACK_STOPPED)[-1]["item_id"] == second,
            "the next answer",
        )
        assert harness.events(Local.PLAYBACK_STOPPED)[-1]["reason"] == "drained"
        assert harness.events("conversation.item.truncate") == []
        harness.stop()


def test_a_turn_whose_microphone_is_gone_is_ended_with_silence(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="null", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        service.wait(lambda: len(service.microphone) > 9_600)
        service.send(
            {"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": "item_u"}
        )
        harness.until(lambda: harness.session().user_speaking, "speech")
        kill_sound(harness)
        harness.until(
            lambda: any("it was started again" in text for text in harness.texts()), "the restart"
        )
        kill_sound(harness)
        harness.until(
            lambda: any("goes on without sound" in text for text in harness.texts()),
            "the end of sound",
        )
        harness.until(lambda: not harness.engine.snapshot().audio.running, "no sound")
        audio = harness.engine.snapshot().audio
        assert (audio.input_name, audio.output_name) == ("", "")
        lost = [(each["side"], each["state"]) for each in harness.events(Local.DEVICE)]
        assert lost == [("microphone", "lost"), ("loudspeaker", "lost")]
        assert "microphone lost: silence" in harness.lines("note")
        harness.until(lambda: SILENCE_SENT.text in harness.texts(), "silence")
        heard = len(service.microphone)
        service.wait(lambda: len(service.microphone) >= heard + 48_000)
        assert not any(service.microphone[heard:])
        service.send(
            {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 900, "item_id": "item_u"}
        )
        harness.until(lambda: not harness.session().user_speaking, "the turn's end")
        # There is no speaker now: the answer is shown and timed, and nothing waits for its audio.
        service.answer(1, bytes(9_600), finished=True)
        harness.until_event("response.audio.done")
        harness.until(lambda: not harness.session().assistant_speaking, "the answer's end")
        harness.engine.post(intents.Interrupt("a"))
        harness.stop()
        assert harness.events(Local.PLAYBACK_STARTED) == []


def test_a_turn_of_a_session_that_loses_the_air_is_ended_with_silence(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="null", output="null"
        ) as harness,
    ):
        harness.start("a", profile("first", service={"target": "azure"}))
        harness.start("b", profile("second"))
        service.send(
            {"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": "item_u"}
        )
        harness.until(lambda: harness.session("a").user_speaking, "speech")
        harness.engine.post(intents.GoOnAir("b"))
        harness.until(lambda: SILENCE_SENT.text in harness.texts(), "silence")
        heard = len(service.microphone)
        service.wait(lambda: len(service.microphone) > heard)
        service.send(
            {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 900, "item_id": "item_u"}
        )
        harness.until(lambda: not harness.session("a").user_speaking, "the turn's end")
        harness.stop("a")
        harness.stop("b")
