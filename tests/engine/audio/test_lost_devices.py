"""Microphone and loudspeaker that go away in a session and come back by themselves, on a virtual
sound card."""

from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local

from tests.support.counter import counter, heard
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

BACK = "The microphone default and the loudspeaker default are back."
LOST = "The microphone default and the loudspeaker default are lost"


def both_open(harness: EngineHarness) -> bool:
    audio = harness.engine.snapshot().audio
    return bool(audio.input_name and audio.output_name)


def hear_answer(harness: EngineHarness, service: ScriptedService, card: VirtualSound) -> None:
    """Let the service answer, and return when the speaker has played the answer."""
    number = len(harness.events(Local.PLAYBACK_STOPPED)) + 100
    with card.record() as recording:
        item = service.answer(number, counter(RATE_HZ // 2), finished=True)
        recording.wait(lambda audio: heard(audio).size >= RATE_HZ // 2)
    harness.until(
        lambda: item in [event["item_id"] for event in harness.events(Local.PLAYBACK_STOPPED)],
        "the answer's end",
    )


def be_heard(service: ScriptedService, card: VirtualSound) -> None:
    """Speak into the microphone, and return when the service hears it."""
    before = len(service.microphone)
    card.speak(counter(RATE_HZ // 2))
    service.wait(lambda: heard(bytes(service.microphone[before:])).size >= RATE_HZ // 4)


@pytest.mark.parametrize("times", [1, 2])
def test_a_sound_server_that_restarts_is_used_again_by_the_same_session(
    tmp_path: Path, fragile_sound_card: VirtualSound, times: int
) -> None:
    card = fragile_sound_card
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="device", output="device"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: both_open(harness), "sound")
        hear_answer(harness, service, card)
        for number in range(1, times + 1):
            card.kill()
            harness.until(lambda: LOST in harness.engine.snapshot().audio.problem, "the mark")
            card.plug_in()
            harness.until(lambda: both_open(harness), "sound")
            harness.until(lambda: harness.texts().count(BACK) == number, "the notice")
            assert harness.engine.snapshot().audio.problem == ""
            assert card.streams() == 2
            be_heard(service, card)
            hear_answer(harness, service, card)
        assert len(harness.events(Local.CONNECTED)) == 1
        harness.stop()
