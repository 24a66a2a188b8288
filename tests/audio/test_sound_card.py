"""A real PortAudio stream on a virtual sound card, whose input and output are compared sample by
sample."""

import asyncio
import itertools
import math

import pytest
from voicelive_tui.audio.client.device_list import list_devices
from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    Levels,
    MicBlock,
    Opened,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.model.formats import AudioFormat

from tests.audio.support.audio_probe import AudioProbe
from tests.support.counter import counter, heard, jumps, longest_silence_ms
from tests.support.deadlines import DEADLINE_S
from tests.support.speaker_recording import Recording
from tests.support.virtual_sound import RATE_HZ, VirtualSound

BLOCK = RATE_HZ // 50
HALF_A_SECOND = RATE_HZ // 2
UNREPORTED_MS = 60
"""The longest gap in the speaker's audio that may go unreported: a gap is noticed when the device's
clock jumps by more than 25 ms, and the clock of a busy machine varies as much again."""
ATTEMPTS = 10
"""The number of attempts: a busy machine may delay any one answer, but not all of these."""


async def until_heard(recording: Recording, frames: int, *, after: int = 0) -> bytes:
    """Return the recording behind byte `after` as soon as it holds so many frames of the
    counter."""
    return await asyncio.to_thread(
        recording.wait, lambda audio: heard(audio).size >= frames, after=after
    )


async def until_silent(recording: Recording, *, after: int = 0) -> bytes:
    """Return the recording behind byte `after` once it ends with half a second of silence; it must
    hold audio already."""
    return await asyncio.to_thread(
        recording.wait, lambda audio: not any(audio[-2 * HALF_A_SECOND :]), after=after
    )


async def until_resting(card: VirtualSound) -> None:
    """Wait until no stream plays to the speaker."""
    async with asyncio.timeout(DEADLINE_S):
        while await asyncio.to_thread(card.running_outputs):
            await asyncio.sleep(0.05)


def longest_underrun_ms(probe: AudioProbe) -> int:
    """Return the longest gap that was reported, in milliseconds."""
    return max((underrun.gap_ms for underrun in probe.of(Underrun)), default=0)


async def test_the_devices_are_listed_with_their_defaults(sound_card: VirtualSound) -> None:
    devices = await list_devices()
    assert devices.problem == ""
    (default,) = [device for device in devices.devices if device.default_input]
    assert default.default_output
    assert (default.host_api, default.name) == ("ALSA", "default")
    assert default.input_channels
    assert default.output_channels


async def test_the_microphone_arrives_complete_and_in_order(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    opened = await probe.open("device", "device")
    assert opened == Opened("default", "default", RATE_HZ, RATE_HZ)
    probe.client.listen(True)
    await probe.one(MicBlock)
    frames = 3 * RATE_HZ

    def lost() -> int:
        """Return how many frames the device lost, by the numbers of the blocks; a machine that
        sleeps is no error."""
        return (probe.sequences[-1] + 1 - len(probe.sequences)) * BLOCK

    sound_card.speak(counter(frames))
    await probe.until(
        lambda: len(probe.heard) // 2 >= frames and heard(probe.heard).size + lost() >= frames
    )
    assert heard(probe.heard)[0] == 0
    if not lost():
        assert jumps(probe.heard) == 0
        assert heard(probe.heard).size == frames
        for one, next_one in itertools.pairwise(probe.of(MicBlock)):
            assert len(one.levels) + len(next_one.levels) == 1
    assert all(before < after for before, after in itertools.pairwise(probe.sequences))
    times = [block.captured_at_s for block in probe.of(MicBlock)]
    assert times == sorted(times)


async def test_muting_sends_silence_while_the_meter_shows_the_room(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    probe.client.mute(True)
    probe.client.listen(True)
    await probe.open("device", "none")
    await probe.one(MicBlock)
    spoken = sound_card.speak(counter(RATE_HZ))
    await probe.until(lambda: any(level.peak_dbfs > -10 for level in probe.of(Levels)))
    blocks = len(probe.of(MicBlock))
    await probe.until(lambda: len(probe.of(MicBlock)) > blocks + 5)
    assert not any(probe.heard)
    await asyncio.to_thread(spoken.wait)


async def test_the_speaker_plays_every_sample_once_without_a_gap(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("none", "device")
    frames = RATE_HZ * 4 // 3
    signal = counter(frames)
    with sound_card.record() as recording:
        for number in range(ATTEMPTS):
            before, underruns = recording.size, len(probe.of(Underrun))
            for at in range(0, len(signal), 9_600):  # 200 ms each, all at once
                probe.play(f"answer-{number}", 0, signal[at : at + 9_600])
            probe.client.end(f"answer-{number}", 0)
            drained = await probe.one(Drained, number + 1)
            await until_heard(recording, frames, after=before)
            audio = await until_silent(recording, after=before)
            assert drained.part == PlayedPart(f"answer-{number}", 0, frames // 24, frames // 24)
            assert probe.of(PlaybackStarted)[number].at_s < drained.at_s
            assert (heard(audio)[0], heard(audio).size, jumps(audio)) == (0, frames, 0)
            assert longest_silence_ms(audio) <= longest_underrun_ms(probe) + UNREPORTED_MS
            if not longest_silence_ms(audio) or len(probe.of(Underrun)) > underruns:
                return
    pytest.fail("every answer had a gap that was not reported")


@pytest.mark.parametrize("played_ms", [250, 500, 750])
async def test_an_interruption_is_silent_and_names_what_the_monitor_heard(
    sound_card: VirtualSound, probe: AudioProbe, played_ms: int
) -> None:
    await probe.open("none", "device")
    said = counter(60 * RATE_HZ)  # far from its end whenever the interruption comes
    with sound_card.record() as recording:
        for number in range(ATTEMPTS):
            before = recording.size
            probe.play(f"answer-{number}", 0, said)
            await until_heard(recording, played_ms * 24, after=before)
            probe.client.flush()
            flushed = await probe.one(Flushed, number + 1)
            audio = await until_silent(recording, after=before)
            (part,) = flushed.parts
            assert (part.item_id, part.received_ms) == (f"answer-{number}", 60_000)
            assert (heard(audio)[0], jumps(audio)) == (0, 0)
            assert part.played_ms < part.received_ms
            if abs(heard(audio).size / 24 - part.played_ms) <= 30:
                break
        else:
            pytest.fail("no interruption named what the monitor heard")
    assert not probe.of(Drained)


async def test_an_answer_after_an_interruption_is_heard_whole(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("none", "device")
    with sound_card.record() as recording:
        probe.play("a", 0, counter(20_000))
        await probe.one(PlaybackStarted)
        probe.client.flush()
        await probe.one(Flushed)
        probe.play("b", 0, counter(4_800, start=20_000))
        probe.client.end("b", 0)
        assert (await probe.one(Drained)).part == PlayedPart("b", 0, 200, 200)

        def answered(audio: bytes) -> bool:
            return int((heard(audio) >= 20_000).sum()) >= 4_800

        await asyncio.to_thread(recording.wait, answered)
        positions = heard(await until_silent(recording))
    assert positions[-4_800:].tolist() == list(range(20_000, 24_800))
    assert positions[:-4_800].tolist() == list(range(positions.size - 4_800))


async def test_a_gap_on_the_monitor_is_an_underrun_of_the_same_length(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("none", "device")
    with sound_card.record() as recording:
        probe.play("a", 0, counter(4_800))
        await asyncio.to_thread(
            recording.wait, lambda audio: heard(audio).size == 4_800 and not any(audio[-960:])
        )
        probe.play("a", 0, counter(9_600, start=4_800))
        probe.client.end("a", 0)
        await probe.one(Underrun)
        assert (await probe.one(Drained)).part.played_ms == 600
        await until_heard(recording, 14_400)
        audio = await until_silent(recording)
    assert (heard(audio)[0], heard(audio).size, jumps(audio)) == (0, 14_400, 0)
    # The speaker counts the frames it was asked for; a machine that sleeps meanwhile makes the gap
    # longer, which is reported too.
    gap_ms = longest_silence_ms(audio)
    assert longest_underrun_ms(probe) > 0
    assert min(underrun.gap_ms for underrun in probe.of(Underrun)) - 1 <= gap_ms
    assert gap_ms <= sum(underrun.gap_ms for underrun in probe.of(Underrun)) + UNREPORTED_MS


async def test_g711_at_8_khz_both_ways(sound_card: VirtualSound, probe: AudioProbe) -> None:
    probe.client.set_formats(AudioFormat("g711_ulaw", 8_000), AudioFormat("g711_alaw", 8_000))
    await probe.open("device", "device")
    probe.client.listen(True)
    with sound_card.record() as recording:
        probe.play("a", 0, b"\xaa\x2a" * 4_000)
        probe.client.end("a", 0)
        assert (await probe.one(Drained)).part == PlayedPart("a", 0, 1_000, 1_000)
        await asyncio.to_thread(recording.wait, any)
    spoken = sound_card.speak(counter(RATE_HZ))
    await probe.until(lambda: any(set(block.audio) - {0xFF} for block in probe.of(MicBlock)))
    assert {len(block.audio) for block in probe.of(MicBlock)} == {160}
    await asyncio.to_thread(spoken.wait)


async def test_an_unknown_name_is_replaced_by_the_default_and_said(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    opened = await probe.open("device:Gramophone", "device:pul")
    assert (opened.input_name, opened.output_name) == ("default", "pulse")
    await probe.notice("There is no microphone named Gramophone: using default")


async def test_a_dead_microphone_line_is_a_warning(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("device", "none")
    assert (await probe.notice("digital silence")).level == "warning"


async def test_a_card_that_goes_away_is_said_for_both_sides_and_every_part_ends(
    fragile_sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("device", "device")
    probe.client.listen(True)
    probe.play("a", 0, counter(RATE_HZ))
    await probe.one(PlaybackStarted)
    fragile_sound_card.kill()
    for side in ("microphone", "loudspeaker"):
        notice = await probe.notice(f"The {side} default")
        assert (notice.level, notice.lost) == ("error", side)
    (part,) = (await probe.one(Flushed)).parts
    assert part.item_id == "a"
    probe.play("b", 0, counter(240))
    probe.client.end("b", 0)
    assert (await probe.one(Drained)).part == PlayedPart("b", 0, 0, 10)
    probe.client.flush()
    await probe.one(Flushed, 2)


async def test_a_stream_that_rested_plays_the_next_answer_whole(
    sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("none", "device")
    frames = RATE_HZ // 2
    with sound_card.record() as recording:
        for number in range(2):
            await until_resting(sound_card)
            before = recording.size
            probe.play(f"a{number}", 0, counter(frames))
            probe.client.end(f"a{number}", 0)
            drained = await probe.one(Drained, number + 1)
            assert drained.part == PlayedPart(f"a{number}", 0, 500, 500)
            await until_heard(recording, frames, after=before)
            audio = await until_silent(recording, after=before)
            assert (heard(audio)[0], heard(audio).size, jumps(audio)) == (0, frames, 0)
            assert probe.of(PlaybackStarted)[number].at_s < drained.at_s
            assert longest_silence_ms(audio) <= longest_underrun_ms(probe) + UNREPORTED_MS
    assert probe.of(Levels)[-1].peak_dbfs == -math.inf


async def test_a_card_that_goes_away_while_its_stream_rests_is_noticed_at_the_next_sound(
    fragile_sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("none", "device")
    await until_resting(fragile_sound_card)
    fragile_sound_card.kill()
    probe.play("a", 0, counter(RATE_HZ))
    probe.client.end("a", 0)
    (part,) = (await probe.one(Flushed)).parts
    assert part == PlayedPart("a", 0, 0, 1_000)
    # PortAudio hangs when it starts a stream of a card that is gone, so the process is replaced.
    assert (await probe.notice("the device did not stop or start")).level == "error"
    assert (await probe.one(Opened)).output_problem


async def test_a_frozen_card_is_noticed(
    fragile_sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("device", "none")
    await probe.one(Levels)
    with fragile_sound_card.frozen():
        await probe.notice("The microphone default stopped")


async def test_no_sound_server_is_a_sentence_with_the_cure(
    sound_card: VirtualSound, probe: AudioProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")
    opened = await probe.open("device", "device")
    for problem in (opened.input_problem, opened.output_problem):
        assert problem.startswith(
            (
                "The microphone default cannot be opened",
                "The loudspeaker default cannot be opened",
                "No ",
            )
        )
        assert "\n" not in problem


async def test_closing_gives_the_devices_back(
    fragile_sound_card: VirtualSound, probe: AudioProbe
) -> None:
    await probe.open("device", "device")
    fragile_sound_card.until_streams(2)
    await probe.client.close()
    fragile_sound_card.until_streams(0)
    opened = await probe.open("device", "device")
    assert (opened.input_problem, opened.output_problem) == ("", "")
