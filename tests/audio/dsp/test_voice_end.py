"""The last voiced sample, within the block in which the detector saw the end or just beside it."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.pcm import Samples
from voicelive_tui.audio.dsp.voice_end import STEP_MS, voice_end_ms

DETECTED_MS = 60


def tail(
    end_ms: float, *, rate_hz: int = 24_000, noise: float = 0.0, fade_ms: float = 0.0
) -> Samples:
    """520 ms in which a tone of 200 Hz lasts up to `end_ms`, over noise of this standard deviation;
    it fades in the last `fade_ms`."""
    at_ms = np.arange(rate_hz * 520 // 1000) * 1000 / rate_hz
    envelope = np.where(at_ms < end_ms, 1.0, 0.0)
    if fade_ms:
        envelope = np.clip((end_ms - at_ms) / fade_ms, 0.0, 1.0)
    sound = 8_000 * np.sin(2 * np.pi * 200 * at_ms / 1000) * envelope
    return (sound + np.random.default_rng(1).normal(0, noise, sound.size)).astype(np.int16)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100])
@pytest.mark.parametrize("end_ms", [42, 47.5, 59, 63, 71, 99])
def test_the_end_is_found_to_within_two_steps(rate_hz: int, end_ms: float) -> None:
    found_ms = voice_end_ms(tail(end_ms, rate_hz=rate_hz), rate_hz, DETECTED_MS)
    assert found_ms == pytest.approx(end_ms, abs=2 * STEP_MS)


def test_the_noise_of_the_room_is_not_the_voice() -> None:
    found_ms = voice_end_ms(tail(51, noise=300), 24_000, DETECTED_MS)
    assert found_ms == pytest.approx(51, abs=2 * STEP_MS)


def test_a_fading_voice_lasts_until_it_is_26_db_quieter() -> None:
    found_ms = voice_end_ms(tail(90, fade_ms=45), 24_000, DETECTED_MS)
    assert 80 < found_ms < 90


@pytest.mark.parametrize("noise", [0.0, 2_000.0])
def test_without_a_voice_there_the_detector_is_believed(noise: float) -> None:
    assert voice_end_ms(tail(0, noise=noise), 24_000, DETECTED_MS) == DETECTED_MS
