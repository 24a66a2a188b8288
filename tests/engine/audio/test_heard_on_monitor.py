"""What is heard once more is what the speaker's monitor recorded the first time, sample by sample,
with its gap and its cut."""

import base64
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from voicelive_tui.engine.intents import Hear, Interrupt, StopHearing
from voicelive_tui.journal.heard_audio import HeardPart, HeardSilence, heard_answer
from voicelive_tui.model.events.record import Local

from tests.support.counter import counter
from tests.support.deadlines import DEADLINE_S
from tests.support.engine_harness import EngineHarness, engine_harness, key_settings, profile
from tests.support.scripted_service import ScriptedService
from tests.support.virtual_sound import RATE_HZ, VirtualSound

ATTEMPTS = 10
"""A busy machine may let the device itself run dry in any one answer, but not in each of so many.
Those gaps are known to some milliseconds only."""
BEFORE_GAP, AFTER_GAP = RATE_HZ // 5 + 7, RATE_HZ
"""The samples before and behind the gap; the first ones end inside of a block."""
CUT_WITHIN = RATE_HZ * 30 // 1000
"""The samples by which a cut may differ: the device's clock tells it to within 30 ms."""


class Runs(NamedTuple):
    """A recording without the silence around it. sounds: its samples without silence. silences: the
    length of each silence between, in samples. first: the samples before the first one."""

    sounds: NDArray[np.int16]
    silences: list[int]
    first: int


def runs(audio: bytes) -> Runs:
    samples = np.frombuffer(audio[: len(audio) // 2 * 2], np.int16)
    places = np.flatnonzero(samples)
    steps = np.diff(places)
    gaps = np.flatnonzero(steps > 1)
    first = int(gaps[0]) + 1 if gaps.size else places.size
    return Runs(samples[places], [int(steps[gap]) - 1 for gap in gaps], first)


def frames(audio: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(audio[: len(audio) // 2 * 2], np.int16)))


def is_silent_for(audio: bytes, ms: int) -> bool:
    return frames(audio) >= BEFORE_GAP and not any(audio[-2 * RATE_HZ * ms // 1000 :])


def answer_with_gap(
    harness: EngineHarness, service: ScriptedService, card: VirtualSound, number: int, *, cut: bool
) -> tuple[str, bytes]:
    """Let the speaker run dry in the middle of an answer, and interrupt that answer if it is to be
    cut. Returns its item and what the monitor recorded."""
    stops = len(harness.events(Local.PLAYBACK_STOPPED))
    with card.record() as recording:
        item = service.answer(number, counter(BEFORE_GAP))
        recording.wait(lambda audio: is_silent_for(audio, 150))
        ids = {"response_id": f"resp_{number}", "item_id": item, "output_index": 0}
        rest = base64.b64encode(counter(AFTER_GAP, start=BEFORE_GAP)).decode()
        service.send({"type": "response.audio.delta", **ids, "content_index": 0, "delta": rest})
        if cut:
            recording.wait(lambda audio: frames(audio) > BEFORE_GAP + RATE_HZ // 3)
            harness.engine.post(Interrupt("a"))
        else:
            service.send({"type": "response.audio.done", **ids, "content_index": 0})
        harness.until_event(Local.PLAYBACK_STOPPED, count=stops + 1)
        response = {"id": f"resp_{number}", "status": "completed", "output": []}
        service.send({"type": "response.done", "response": response})
        audio = recording.wait(lambda audio: is_silent_for(audio, 500))
    return item, audio


def agrees(part: HeardPart, recorded: Runs, *, cut: bool) -> bool:
    """Compare what is heard once more with the monitor. Returns whether the device ran dry nowhere
    else."""
    expected = runs(part.audio)
    both = min(expected.sounds.size, recorded.sounds.size)
    assert (expected.sounds[:both] == recorded.sounds[:both]).all()
    differ = abs(expected.sounds.size - recorded.sounds.size)
    if not cut:
        assert differ == 0
    if len(recorded.silences) != 1 or len(expected.silences) != 1 or differ > CUT_WITHIN:
        return False
    assert expected.first == BEFORE_GAP
    return recorded.first == BEFORE_GAP and (
        abs(expected.silences[0] - recorded.silences[0]) <= RATE_HZ // 1000
    )


@pytest.mark.parametrize("cut", [False, True], ids=["to its end", "interrupted"])
def test_as_heard_is_what_the_monitor_recorded(
    tmp_path: Path, sound_card: VirtualSound, cut: bool
) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="none", output="device"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.engine.snapshot().audio.output_name, "a speaker")
        index = harness.engine.index("a")
        assert index is not None
        for number in range(ATTEMPTS):
            item, audio = answer_with_gap(harness, service, sound_card, number, cut=cut)
            (part,) = heard_answer(index, item, range(index.count))
            assert any(isinstance(block, HeardSilence) for block in part.blocks)
            if agrees(part, runs(audio), cut=cut) and heard_again(harness, sound_card, item, part):
                break
        else:
            pytest.fail("the device ran dry in each of the answers")
        harness.stop()


def heard_again(harness: EngineHarness, card: VirtualSound, item: str, part: HeardPart) -> bool:
    """Hear the answer once more. Returns whether the monitor recorded it without another gap."""
    with card.record() as recording:
        ended = len(harness.events(Local.REPLAY))
        harness.engine.post(Hear("a", item))
        harness.until_event(Local.REPLAY, count=ended + 2)
        again = runs(recording.wait(lambda audio: is_silent_for(audio, 500)))
    expected = runs(part.audio)
    assert (again.sounds == expected.sounds).all()
    return again.silences == expected.silences


def test_the_service_gets_silence_meanwhile_and_the_voice_again_behind_it(
    tmp_path: Path, sound_card: VirtualSound
) -> None:
    with (
        ScriptedService() as service,
        engine_harness(
            tmp_path, **key_settings(service.url, "k"), input="device", output="device"
        ) as harness,
    ):
        harness.start(of=profile(service={"target": "azure"}))
        harness.until(lambda: harness.engine.snapshot().audio.input_name, "a microphone")
        item = service.answer(0, counter(8 * RATE_HZ), finished=True)
        harness.until_event(Local.PLAYBACK_STOPPED)
        service.send({"type": "response.done", "response": {"id": "resp_0", "output": []}})
        harness.engine.post(Hear("a", item))
        harness.until_event(Local.REPLAY)
        begin = len(service.microphone) + RATE_HZ  # half a second later none is on its way
        service.wait(lambda: len(service.microphone) >= begin)
        assert sound_card.speak(counter(RATE_HZ)).wait(DEADLINE_S) == 0
        end = len(service.microphone)
        assert [event["on"] for event in harness.events(Local.REPLAY)] == [True]
        assert not any(service.microphone[begin:end])
        harness.engine.post(StopHearing())
        harness.until_event(Local.REPLAY, count=2)
        again = sound_card.speak(counter(RATE_HZ))
        service.wait(lambda: any(service.microphone[end:]))
        assert again.wait(DEADLINE_S) == 0
        harness.stop()
