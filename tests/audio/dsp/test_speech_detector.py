"""The console's own detector of speech: what it takes for speech, and when."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.speech_detector import SpeechChange, SpeechDetector, detector_for

from tests.support.speech_like import Noise, Sound, noise, pcm16, silence, speech_like


def changes(*sounds: Sound, rate_hz: int = 24_000) -> list[SpeechChange]:
    """What the detector finds in these sounds, which begin at 0 s."""
    detector = SpeechDetector(rate_hz)
    samples = np.frombuffer(pcm16(*sounds), np.int16)
    size = rate_hz // 50
    blocks = (samples[at : at + size] for at in range(0, samples.size, size))
    found = (detector.feed(block, (n + 1) / 50) for n, block in enumerate(blocks))
    return [change for change in found if change is not None]


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100])
def test_speech_has_the_times_at_which_it_began_and_ended(rate_hz: int) -> None:
    before, after = (silence(1.0, rate_hz=rate_hz) for _ in range(2))
    began, ended = changes(before, speech_like(2.0, rate_hz=rate_hz), after, rate_hz=rate_hz)
    assert (began.on, ended.on) == (True, False)
    assert began.at_s == pytest.approx(1.0, abs=0.06)
    assert ended.at_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("cut_ms", [0, 4, 9, 13, 19])
def test_a_voice_that_is_cut_ends_with_its_last_sample(cut_ms: int) -> None:
    spoken = speech_like(2.0)
    loud = np.flatnonzero(np.abs(spoken) > np.abs(spoken).max() / 2)
    last = int(loud[-1]) - 24 * cut_ms
    _, ended = changes(silence(1.0), spoken[: last + 1], silence(1.0))
    assert ended.at_s == pytest.approx(1.0 + (last + 1) / 24_000, abs=0.005)


def test_faint_speech_over_a_quiet_room_is_heard() -> None:
    room = noise("pink", 4.0, level_dbfs=-62)
    spoken = np.concatenate([silence(1.0), speech_like(2.0, level_dbfs=-42), silence(1.0)])
    assert [change.on for change in changes(room + spoken)] == [True, False]


def test_a_pause_between_words_does_not_end_speech() -> None:
    words = (speech_like(0.8), silence(0.4), speech_like(0.8))
    assert [change.on for change in changes(silence(0.5), *words, silence(1.0))] == [True, False]


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "clicks"])
def test_a_room_is_not_speech(kind: Noise) -> None:
    assert not changes(silence(1.0), noise(kind, 8.0, level_dbfs=-35))


def test_there_is_no_detector_for_other_rates() -> None:
    assert detector_for(22_050) is None
    assert detector_for(24_000) is not None
