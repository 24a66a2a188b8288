"""Microphone and loudspeaker that go away in a session and come back by themselves, on a virtual
sound card."""

from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.model.events.record import Local

from tests.support.counter import counter, heard, jumps
from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ATTEMPTS = 10
"""A busy machine may delay any one answer or word, but not each of so many."""


def both_open(harness: EngineHarness) -> bool:
    audio = harness.engine.snapshot().audio
    return bool(audio.input_name and audio.output_name)


def hear_answer(
    harness: EngineHarness, service: ScriptedService, card: VirtualSound, seconds: float = 0.5
) -> None:
    """Let the service answer, and return when the speaker has played the answer without a jump."""
    number = len(harness.events(Local.PLAYBACK_STOPPED)) + 100
    with card.record() as recording:
        frames = int(seconds * RATE_HZ)
        item = service.answer(number, counter(frames), finished=True)
        audio = recording.wait(lambda audio: heard(audio).size >= frames)
    assert (heard(audio)[0], jumps(audio)) == (0, 0)
    harness.until(
        lambda: item in [event["item_id"] for event in harness.events(Local.PLAYBACK_STOPPED)],
        "the answer's end",
    )


def be_heard(service: ScriptedService, card: VirtualSound) -> None:
    """Speak into the microphone until the service hears it: devices that came back are shown
    before the session listens to them."""
    for _ in range(ATTEMPTS):
        begin = len(service.microphone)
        assert card.speak(counter(RATE_HZ // 2)).wait(DEADLINE_S) == 0
        if arrives(service, begin, RATE_HZ // 4):
            return
    raise AssertionError("the service heard nothing")


def arrives(service: ScriptedService, begin: int, frames: int) -> bool:
    """Wait for so many frames of what was spoken, in the microphone from this byte on; returns
    whether they came within a second of it. All has been spoken; while nothing listens, that second
    does not begin."""
    end = len(service.microphone) + 2 * RATE_HZ

    def came() -> bool:
        return heard(bytes(service.microphone[begin:])).size >= frames

    service.wait(lambda: came() or len(service.microphone) >= end)
    return came()


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
        for _ in range(times):
            before = len(harness.texts())
            card.kill()
            # A speaker whose stream rests is not noticed to be gone, so one side may be marked.
            harness.until(lambda: "lost" in harness.engine.snapshot().audio.problem, "the mark")
            card.plug_in()
            harness.until(lambda: both_open(harness), "sound")
            assert sum("back" in text for text in harness.texts()[before:]) == 1
            assert "lost" not in harness.engine.snapshot().audio.problem
            card.until_streams(2)
            be_heard(service, card)
            hear_answer(harness, service, card)
        assert len(harness.events(Local.CONNECTED)) == 1
        harness.stop()


def test_a_lost_microphone_is_awaited_without_touching_the_speaker(
    tmp_path: Path, fragile_sound_card: VirtualSound
) -> None:
    card = fragile_sound_card
    with (
        VirtualSound() as headset,
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="device:headset", output="device"
        ) as harness,
    ):
        card.add_device("headset", headset)
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: both_open(harness), "sound")
        assert harness.engine.snapshot().audio.input_name == "headset"
        process, _ = harness.engine.child_pids
        headset.kill()
        harness.until(lambda: not harness.engine.snapshot().audio.input_name, "the loss")
        mark = "The microphone headset is lost: the session goes on without it until"
        assert harness.engine.snapshot().audio.problem.startswith(mark)
        # Long enough for several looks at the devices while it plays.
        hear_answer(harness, service, card, seconds=4)
        assert harness.engine.child_pids[0] == process
        assert harness.engine.snapshot().audio.output_name == "default"
        assert harness.engine.snapshot().audio.problem.startswith(mark)
        headset.plug_in()
        harness.until(lambda: both_open(harness), "the microphone")
        harness.until(lambda: "The microphone is back: headset." in harness.texts(), "the notice")
        notices = [notice for _, notice in harness.engine.notices(0)]
        [is_back] = [notice for notice in notices if "is back" in notice.text]
        assert is_back.over == tuple(each.text for each in notices if each.level == "error")
        assert not any("no microphone named" in text for text in harness.texts())
        be_heard(service, headset)
        hear_answer(harness, service, card)
        lost, back = harness.events(Local.DEVICE)
        assert lost == {
            "type": Local.DEVICE,
            "side": "microphone",
            "state": "lost",
            "name": "headset",
        }
        assert back["away_ms"] > 0
        assert back == {**lost, "state": "back", "away_ms": back["away_ms"]}
        harness.stop()


def test_another_microphone_is_a_note_of_the_session(
    tmp_path: Path, fragile_sound_card: VirtualSound
) -> None:
    with VirtualSound() as headset, engine_harness(tmp_path, input=None, output="null") as harness:
        fragile_sound_card.add_device("headset", headset)
        harness.start(of=profile())
        harness.until(lambda: both_open(harness), "sound")
        harness.until_event("input_audio_buffer.append")
        assert harness.events(Local.DEVICE) == [], "the first one is no change"
        harness.engine.post(intents.ChangeSettings("a", (("audio.input", "headset"),)))
        switched = harness.until_event(Local.DEVICE)
        assert (switched["side"], switched["state"]) == ("microphone", "switched")
        assert (switched["was"], switched["name"]) == ("default", "headset")
        assert harness.lines("note")[-1] == "microphone switched: default to headset"
        harness.stop()


def test_a_microphone_that_was_missing_from_the_start_is_not_looked_for(
    tmp_path: Path, fragile_sound_card: VirtualSound
) -> None:
    card = fragile_sound_card
    card.kill()
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="device", output="null"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.engine.snapshot().audio.output_name, "a speaker")
        process, _ = harness.engine.child_pids
        card.plug_in()
        service.answer(1, bytes(2 * 48_000), finished=True)
        harness.until_event(Local.PLAYBACK_STOPPED)
        assert harness.engine.child_pids[0] == process
        assert harness.engine.snapshot().audio.input_name == ""
        harness.stop()
