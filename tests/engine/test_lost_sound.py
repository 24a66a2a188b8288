"""Sessions whose microphone, speaker or sound process goes away in the middle, with a service that the test plays by hand."""

import os
import signal
from pathlib import Path

from voicelive_tui.engine import intents
from voicelive_tui.engine.session.runner import SILENCE_SENT
from voicelive_tui.model.events.record import Local

from tests.support.engines import Bench, key_settings, profile, running
from tests.support.scripted_service import ScriptedService


def kill_sound(bench: Bench) -> None:
    """The audio process dies, as of a driver's crash; wait until it is another one or none."""
    bench.until(lambda: bench.engine.child_pids[0] is not None, "a sound process")
    pid, _ = bench.engine.child_pids
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    bench.until(lambda: bench.engine.child_pids[0] != pid, "its end")


def test_a_sound_process_that_dies_in_an_answer_loses_that_answer_only(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        running(tmp_path, **key_settings(service.url, "k"), input="null", output="null") as bench,
    ):
        bench.start(of=profile(service={"target": "azure"}))
        first = service.answer(1, bytes(240_000))
        bench.until_event("response.audio.delta", count=25)
        bench.until_event(Local.PLAYBACK_STARTED)
        kill_sound(bench)
        stopped = bench.until_event(Local.PLAYBACK_STOPPED)
        assert (stopped["item_id"], stopped["reason"], stopped["received_ms"]) == (first, "off_air", 5_000)
        bench.until(lambda: not bench.session().assistant_speaking, "silence")
        bench.until(lambda: any("it was started again" in text for text in bench.texts()), "the notice")
        bench.until(lambda: bench.engine.snapshot().audio.output_name == "silence", "a speaker")
        second = service.answer(2, bytes(48_000), finished=True)
        bench.until(lambda: bench.events(Local.PLAYBACK_STOPPED)[-1]["item_id"] == second, "the next answer")
        assert bench.events(Local.PLAYBACK_STOPPED)[-1]["reason"] == "drained"
        assert bench.events("conversation.item.truncate") == []
        bench.stop()


def test_a_turn_whose_microphone_is_gone_is_ended_with_silence(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        running(tmp_path, **key_settings(service.url, "k"), input="null", output="null") as bench,
    ):
        bench.start(of=profile(service={"target": "azure"}))
        service.wait(lambda: len(service.microphone) > 9_600)
        service.send({"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": "item_u"})
        bench.until(lambda: bench.session().user_speaking, "speech")
        kill_sound(bench)
        bench.until(lambda: any("it was started again" in text for text in bench.texts()), "the restart")
        kill_sound(bench)
        bench.until(lambda: any("stays off" in text for text in bench.texts()), "the end of sound")
        bench.until(lambda: not bench.engine.snapshot().audio.running, "no sound")
        audio = bench.engine.snapshot().audio
        assert (audio.input_name, audio.output_name) == ("", "")
        bench.until(lambda: SILENCE_SENT in bench.texts(), "silence")
        heard = len(service.microphone)
        service.wait(lambda: len(service.microphone) >= heard + 48_000)
        assert not any(service.microphone[heard:])
        service.send({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 900, "item_id": "item_u"})
        bench.until(lambda: not bench.session().user_speaking, "the turn's end")
        # Nobody has a speaker now: the answer is shown and timed, and nothing waits for its sound.
        service.answer(1, bytes(9_600), finished=True)
        bench.until_event("response.audio.done")
        bench.until(lambda: not bench.session().assistant_speaking, "the answer's end")
        bench.engine.post(intents.Interrupt("a"))
        bench.stop()
        assert bench.events(Local.PLAYBACK_STARTED) == []


def test_a_turn_of_a_session_that_loses_the_air_is_ended_with_silence(tmp_path: Path) -> None:
    with (
        ScriptedService() as service,
        running(tmp_path, **key_settings(service.url, "k"), input="null", output="null") as bench,
    ):
        bench.start("a", profile("first", service={"target": "azure"}))
        bench.start("b", profile("second"))
        service.send({"type": "input_audio_buffer.speech_started", "audio_start_ms": 0, "item_id": "item_u"})
        bench.until(lambda: bench.session("a").user_speaking, "speech")
        bench.engine.post(intents.GoOnAir("b"))
        bench.until(lambda: SILENCE_SENT in bench.texts(), "silence")
        heard = len(service.microphone)
        service.wait(lambda: len(service.microphone) > heard)
        service.send({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 900, "item_id": "item_u"})
        bench.until(lambda: not bench.session("a").user_speaking, "the turn's end")
        bench.stop("a")
        bench.stop("b")
