"""Sessions on a machine without microphone and speaker."""

import os
import sys
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.audio.device_choice import open_request
from voicelive_tui.engine.config.settings import Secret
from voicelive_tui.model.events.record import Local

from tests.support.engine_harness import LONG_TEXT, engine_harness, profile
from tests.support.scripted_service import ScriptedService


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
    with engine_harness(tmp_path, input=None, output="null") as harness:
        harness.start(of=profile())
        harness.until(lambda: harness.lines("you"), "a line of the file")
        audio = harness.engine.snapshot().audio
        assert audio.input_is_file
        assert audio.problem.endswith("A spoken file stands for the microphone.")
        assert audio.problem in harness.texts()


def test_without_a_speaker_either_the_answers_keep_their_time_so_that_they_can_be_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_devices(monkeypatch)
    with engine_harness(tmp_path, input=None, output=None) as harness:
        harness.start(of=profile())
        harness.until(
            lambda: [turn for turn in harness.session().view.turns if turn.heard_ms],
            "the beginning of the answer",
        )
        audio = harness.engine.snapshot().audio
        harness.until_event("response.done")
        harness.engine.post(intents.SendText("a", LONG_TEXT))
        harness.until_event(Local.PLAYBACK_STARTED, count=2)
        assert audio.problem.endswith(
            "A spoken file stands for the microphone, and the answers are timed but not heard."
        )
        assert audio.problem.count("apt-get") <= 1
        harness.engine.post(intents.Interrupt("a"))
        harness.until_event("conversation.item.truncated")
        assert harness.session().view.errors == 0


def test_the_spoken_file_is_never_sent_to_a_real_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_devices(monkeypatch)
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, input=None, output="null", endpoint=service.url, key=Secret("k")
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until_event("session.updated")
        harness.until(lambda: harness.engine.snapshot().audio.problem, "the sentence")
        assert not harness.engine.snapshot().audio.input_is_file
        harness.engine.post(intents.SendText("a", "Hello"))
        service.wait(lambda: bool(service.events("response.create")))
        assert not service.microphone
        harness.stop()
        assert harness.events("input_audio_buffer.append") == []


def test_a_file_in_place_of_the_microphone_waits_until_it_is_asked_for(tmp_path: Path) -> None:
    """What it played before the session had its settings would be kept, and sent a second time once
    the file is rewound."""
    with engine_harness(tmp_path) as harness:
        asked = open_request(profile(), harness.engine.settings)
    assert asked.file_waits
