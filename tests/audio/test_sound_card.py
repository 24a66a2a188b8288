"""A real PortAudio stream on a virtual sound card: what goes in and out is compared sample by sample."""

import asyncio
from functools import partial

import pytest
from voicelive_tui.audio.link import list_devices
from voicelive_tui.audio.messages import (
    AudioFormat,
    DeviceNotice,
    Drained,
    Flushed,
    Levels,
    MicBlock,
    Opened,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)

from tests.support.audio_probe import DEADLINE_S, AudioProbe
from tests.support.signals import COUNTER_FRAMES, counter, samples, sounding, without_silence
from tests.support.virtual_sound import Recording, VirtualSound

pytestmark = pytest.mark.sound

HALF_A_SECOND = 12_000


def longer(begin: int, size: int, audio: bytes) -> bool:
    """More than `size` bytes of sound behind `begin`."""
    return len(sounding(audio[begin:])) >= size


async def silent_for(recording: Recording, frames: int) -> bytes:
    """The recording, when it ends with that much silence."""
    return await asyncio.to_thread(recording.wait, lambda audio: len(audio) > 2 * frames and not any(audio[-2 * frames :]))


async def test_the_devices_are_listed_with_their_defaults(sound_card: VirtualSound) -> None:
    devices = await list_devices()
    assert devices.problem == ""
    (default,) = [device for device in devices.devices if device.default_input]
    assert default.default_output
    assert (default.host_api, default.name) == ("ALSA", "default")
    assert default.input_channels
    assert default.output_channels


async def test_the_microphone_arrives_complete_and_in_order(sound_card: VirtualSound, probe: AudioProbe) -> None:
    opened = await probe.open("device", "device")
    assert opened == Opened("default", "default", 24_000, 24_000)
    probe.link.listen(True)
    await probe.one(MicBlock)
    signal = counter(COUNTER_FRAMES) * 2
    sound_card.speak(signal)
    await probe.until(lambda: len(without_silence(probe.heard)) >= len(signal))
    assert without_silence(probe.heard) == signal
    assert probe.sequences == list(range(len(probe.sequences)))
    times = [block.captured_at_s for block in probe.of(MicBlock)]
    assert times == sorted(times)


async def test_muting_sends_silence_while_the_meter_shows_the_room(sound_card: VirtualSound, probe: AudioProbe) -> None:
    probe.link.mute(True)
    probe.link.listen(True)
    await probe.open("device", "none")
    await probe.one(MicBlock)
    sound_card.speak(counter(COUNTER_FRAMES))
    await probe.until(lambda: any(level.peak_dbfs > -10 for level in probe.of(Levels)))
    blocks = len(probe.of(MicBlock))
    await probe.until(lambda: len(probe.of(MicBlock)) > blocks + 5)
    assert not any(probe.heard)


async def test_the_speaker_plays_every_sample_once_without_a_gap(sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("none", "device")
    recording = sound_card.record()
    signal = counter(COUNTER_FRAMES)
    for at in range(0, len(signal), 9_600):  # 200 ms each, all at once
        probe.link.play("a", 0, signal[at : at + 9_600])
    probe.link.end("a", 0)
    drained = await probe.one(Drained)
    await silent_for(recording, HALF_A_SECOND)
    assert without_silence(recording.stop()) == signal
    assert drained.part == PlayedPart("a", 0, COUNTER_FRAMES // 24, COUNTER_FRAMES // 24)
    assert drained.at_s - probe.of(PlaybackStarted)[0].at_s == pytest.approx(COUNTER_FRAMES / 24_000, abs=0.03)
    assert not probe.of(Underrun)


async def test_an_interruption_is_silent_and_names_what_the_monitor_heard(sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("none", "device")
    recording = sound_card.record()
    for number in range(3):
        before = len(recording.audio) // 2 * 2
        probe.link.play(f"answer-{number}", 0, counter(COUNTER_FRAMES))
        wanted = HALF_A_SECOND // 2 * (number + 1)
        await asyncio.to_thread(recording.wait, partial(longer, before, 2 * wanted))
        probe.link.flush()
        flushed = await probe.one(Flushed, number + 1)
        heard = without_silence((await silent_for(recording, HALF_A_SECOND))[before:])
        (part,) = flushed.parts
        assert (part.item_id, part.received_ms) == (f"answer-{number}", COUNTER_FRAMES // 24)
        assert heard == counter(len(heard) // 2)
        assert abs(samples(heard)[-1] / 24 - part.played_ms) <= 30
        assert part.played_ms < part.received_ms
    assert not probe.of(Drained)


async def test_an_answer_after_an_interruption_is_heard_whole(sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("none", "device")
    probe.link.play("a", 0, counter(COUNTER_FRAMES))
    await probe.one(PlaybackStarted)
    probe.link.flush()
    await probe.one(Flushed)
    recording = sound_card.record()
    await silent_for(recording, HALF_A_SECOND)
    probe.link.play("b", 0, counter(4_800))
    probe.link.end("b", 0)
    assert (await probe.one(Drained)).part == PlayedPart("b", 0, 200, 200)
    await silent_for(recording, HALF_A_SECOND)
    assert without_silence(recording.stop()) == counter(4_800)


async def test_a_gap_on_the_monitor_is_an_underrun_of_the_same_length(sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("none", "device")
    recording = sound_card.record()
    probe.link.play("a", 0, counter(4_800))
    await asyncio.to_thread(recording.wait, lambda audio: len(sounding(audio)) == 9_600 and not any(audio[-960:]))
    probe.link.play("a", 0, counter(9_600, start=5_000))
    probe.link.end("a", 0)
    underrun = await probe.one(Underrun)
    assert (await probe.one(Drained)).part.played_ms == 600
    await silent_for(recording, HALF_A_SECOND)
    heard = without_silence(recording.stop())
    assert sounding(heard) == counter(4_800) + counter(9_600, start=5_000)
    assert samples(heard).count(0) / 24 == pytest.approx(underrun.gap_ms, abs=1)


async def test_g711_at_8_khz_both_ways(sound_card: VirtualSound, probe: AudioProbe) -> None:
    probe.link.set_formats(AudioFormat("g711_ulaw", 8_000), AudioFormat("g711_alaw", 8_000))
    await probe.open("device", "device")
    probe.link.listen(True)
    recording = sound_card.record()
    probe.link.play("a", 0, b"\xaa\x2a" * 4_000)
    probe.link.end("a", 0)
    assert (await probe.one(Drained)).part == PlayedPart("a", 0, 1_000, 1_000)
    await asyncio.to_thread(recording.wait, any)
    sound_card.speak(counter(COUNTER_FRAMES))
    await probe.until(lambda: any(set(block.audio) - {0xFF} for block in probe.of(MicBlock)))
    assert {len(block.audio) for block in probe.of(MicBlock)} == {160}


async def test_an_unknown_name_is_replaced_by_the_default_and_said(sound_card: VirtualSound, probe: AudioProbe) -> None:
    opened = await probe.open("device:Gramophone", "device:pul")
    assert (opened.input_name, opened.output_name) == ("default", "pulse")
    assert (await probe.one(DeviceNotice)).text.startswith("There is no microphone named Gramophone: using default")


async def test_a_dead_microphone_line_is_a_warning(sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("device", "none")
    notice = await probe.one(DeviceNotice)
    assert notice.level == "warning"
    assert "digital silence" in notice.text


async def test_a_card_that_goes_away_is_said_for_both_sides_and_every_part_ends(
    fragile_sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("device", "device")
    probe.link.listen(True)
    probe.link.play("a", 0, counter(COUNTER_FRAMES))
    await probe.one(PlaybackStarted)
    fragile_sound_card.kill()
    errors = [await probe.one(DeviceNotice), await probe.one(DeviceNotice, 2)]
    assert {notice.level for notice in errors} == {"error"}
    assert {notice.lost for notice in errors} == {"microphone", "loudspeaker"}
    assert {side for notice in errors for side in ("microphone", "loudspeaker") if f"The {side} default" in notice.text} == {
        "microphone",
        "loudspeaker",
    }
    (part,) = (await probe.one(Flushed)).parts
    assert part.item_id == "a"
    probe.link.play("b", 0, counter(240))
    probe.link.end("b", 0)
    assert (await probe.one(Drained)).part == PlayedPart("b", 0, 0, 10)
    probe.link.flush()
    await probe.one(Flushed, 2)


async def test_a_frozen_card_is_noticed(fragile_sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("device", "none")
    await probe.one(Levels)
    with fragile_sound_card.frozen():
        assert "The microphone default stopped" in (await probe.one(DeviceNotice)).text


async def test_no_sound_server_is_a_sentence_with_the_cure(
    sound_card: VirtualSound, probe: AudioProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")
    opened = await probe.open("device", "device")
    for problem in (opened.input_problem, opened.output_problem):
        assert problem.startswith(("The microphone default cannot be opened", "The loudspeaker default cannot be opened", "No "))
        assert "\n" not in problem


async def test_closing_gives_the_devices_back(fragile_sound_card: VirtualSound, probe: AudioProbe) -> None:
    await probe.open("device", "device")
    assert fragile_sound_card.streams() == 2
    await probe.link.close()
    async with asyncio.timeout(DEADLINE_S):
        while fragile_sound_card.streams():
            await asyncio.sleep(0.05)
    opened = await probe.open("device", "device")
    assert (opened.input_problem, opened.output_problem) == ("", "")
