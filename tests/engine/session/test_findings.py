"""Settings that were accepted and do not act: each is one notice, and stands in the recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.model.events.record import Local

from tests.support.engine_harness import EngineHarness, engine_harness, profile
from tests.support.signals import write_wav
from tests.support.simulator_process import simulator_process
from tests.support.speech_like import pcm16, silence, speech_like

pytestmark = pytest.mark.engine
EOU = {
    "type": "server_vad",
    "end_of_utterance_detection": {"model": "semantic_detection_v1", "timeout_ms": 800},
}
EOU_KEY = "session.turn_detection.end_of_utterance_detection.model"
DEAF = {"type": "azure_semantic_vad", "speech_duration_ms": 10_000}
"""Turn detection that needs more speech than there is."""


def found(harness: EngineHarness) -> list[str]:
    return [finding.key for finding in harness.session().view.findings]


def warnings_of(harness: EngineHarness, sentence: str) -> list[str]:
    return [text for text in harness.texts() if text == sentence]


@contextmanager
def speaking(
    tmp_path: Path, *faults: str, seconds: float = 1.2, pause: float = 3.0, **session: Any
) -> Iterator[EngineHarness]:
    """A session with speech and a pause as microphone, at a simulator with these faults."""
    spoken = pcm16(silence(0.5), speech_like(seconds), silence(pause))
    wav = write_wav(tmp_path / "me.wav", spoken)
    arguments = [text for fault in faults for text in ("--fault", fault)]
    with (
        simulator_process("--port", "0", *arguments) as ready,
        engine_harness(tmp_path, input=f"wav:{wav}", output="null") as harness,
    ):
        service = {"target": "url", "url": f"http://127.0.0.1:{ready['port']}"}
        harness.start(of=profile(service=service, **session))
        yield harness
        harness.stop()


def test_a_setting_that_does_not_act_is_one_notice_and_in_the_recording(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        service = {"target": "simulator", "model": "gpt-realtime"}
        harness.start(of=profile(service=service, turn_detection=EOU))
        harness.until(lambda: found(harness) == [EOU_KEY], "the finding")
        [finding] = harness.session().view.findings
        harness.engine.post(intents.SendText("a", "one two"))
        harness.until(lambda: harness.lines("agent"), "an answer")
        harness.engine.post(intents.Restart("a"))
        harness.until_event(Local.CONNECTED, count=2)
        harness.until_event("session.updated", count=2)
        # The journal has an event before the snapshot shows it.
        harness.until(lambda: found(harness) == [EOU_KEY], "the finding of the new connection")
        assert len(warnings_of(harness, finding.sentence)) == 1
        folder = harness.session().folder
        harness.stop()
    recorded = read_recording(folder, lambda: False).recorded.view
    assert [each.key for each in recorded.findings] == [EOU_KEY]


def test_a_text_model_uses_the_same_setting(tmp_path: Path) -> None:
    with engine_harness(tmp_path) as harness:
        service = {"target": "simulator", "model": "gpt-4o"}
        harness.start(of=profile(service=service, turn_detection=EOU))
        harness.until_event("session.updated")
        harness.engine.post(intents.SendText("a", "one two"))
        harness.until(lambda: harness.lines("agent"), "an answer")
        assert not found(harness)


def test_a_service_that_ignores_manual_turns_is_found(tmp_path: Path) -> None:
    with speaking(tmp_path, "keep-detecting", turn_detection="none") as harness:
        # A turn that is opened before the service has confirmed manual turns proves nothing.
        harness.until_event("session.updated")
        harness.until(lambda: harness.session().manual, "manual turns")
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until(lambda: found(harness) == ["session.turn_detection.type"], "the finding")


def test_a_service_that_keeps_to_manual_turns_is_not(tmp_path: Path) -> None:
    with speaking(tmp_path, turn_detection="none") as harness:
        # A turn that is opened before the service has confirmed manual turns proves nothing.
        harness.until_event("session.updated")
        harness.until(lambda: harness.session().manual, "manual turns")
        harness.engine.post(intents.ToggleTalk("a"))
        harness.until_event("response.done")
        assert [event["on"] for event in harness.events(Local.SPEECH)] == [True, False]
        assert not found(harness)


def test_speech_that_the_service_does_not_notice_is_found(tmp_path: Path) -> None:
    with speaking(tmp_path, seconds=5, turn_detection=DEAF) as harness:
        key = "session.turn_detection.threshold"
        harness.until(lambda: found(harness) == [key], "the finding")
        folder = harness.session().folder
    recorded = read_recording(folder, lambda: False).recorded.view
    assert [each.key for each in recorded.findings] == [key]


def test_speech_that_the_service_notices_is_not(tmp_path: Path) -> None:
    with speaking(tmp_path, seconds=5) as harness:
        harness.until_event("response.done")
        assert harness.events(Local.SPEECH)
        assert not found(harness)
