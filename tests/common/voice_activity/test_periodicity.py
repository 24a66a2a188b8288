"""Which sounds are as periodic as a voice, and which are not."""

import numpy as np
import pytest
from voicelive_common.voice_activity.band_levels import BandMeter
from voicelive_common.voice_activity.periodicity import PeriodicityMeter
from voicelive_common.voice_activity.voiced_run import VOICED, VOICED_PER_BAND

from tests.support.speech_like import Noise, Sound, noise, speech_like

ALIKE = (1.0, 1.0, 1.0, 1.0)
VOICE = VOICED + VOICED_PER_BAND * len(ALIKE)


def strengths(sound: Sound, rate_hz: int, weights: tuple[float, ...] = ALIKE) -> list[float]:
    meter = BandMeter(rate_hz)
    voicing = PeriodicityMeter(meter.narrow_samples)
    size = rate_hz // 50
    found = []
    for at in range(0, len(sound) - size, size):
        voicing.add(meter.narrow((sound[at : at + size] * 32767).astype(np.float32)))
        found.append(voicing.strength(weights))
    return found[1:]


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100])
@pytest.mark.parametrize("kind", ["white", "pink"])
def test_noise_is_no_voice(kind: Noise, rate_hz: int) -> None:
    assert max(strengths(noise(kind, 10.0, rate_hz=rate_hz), rate_hz)) < VOICE


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 44_100])
def test_a_vowel_is_a_voice_also_over_noise(rate_hz: int) -> None:
    vowel = speech_like(0.16, rate_hz=rate_hz)
    assert min(strengths(vowel, rate_hz)) > 1.4 * VOICE
    assert (
        min(strengths(vowel + noise("pink", 0.16, rate_hz=rate_hz, level_dbfs=-32), rate_hz))
        > VOICE
    )


@pytest.mark.parametrize("pitch_hz", [85, 110, 220, 330])
def test_every_pitch_of_a_voice_is_known(pitch_hz: int) -> None:
    t = np.arange(24_000) / 24_000
    voice: Sound = (
        np.sum(
            [np.sin(2 * np.pi * pitch_hz * n * t + n) for n in range(1, 3600 // pitch_hz)], axis=0
        )
        * 0.005
    )
    assert min(strengths(voice, 24_000)) > 0.8


def test_mains_hum_is_no_voice() -> None:
    t = np.arange(24_000) / 24_000
    hum: Sound = (
        np.sum([np.sin(2 * np.pi * 60 * n * t + n) / n for n in range(1, 20)], axis=0) * 0.02
    )
    assert max(strengths(hum, 24_000)) < VOICE


def test_a_band_without_weight_is_not_heard() -> None:
    t = np.arange(24_000) / 24_000
    tone: Sound = 0.1 * np.sin(2 * np.pi * 330 * t) + noise("white", 1.0, level_dbfs=-30)
    assert min(strengths(tone, 24_000, (1.0, 0.0, 0.0, 0.0))) > 0.9
    assert max(strengths(tone, 24_000, (0.0, 0.0, 1.0, 1.0))) < VOICE


def test_silence_is_no_voice() -> None:
    assert max(strengths(np.zeros(24_000), 24_000)) == 0.0
