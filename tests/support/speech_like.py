"""Synthetic test sounds for voice activity detection: speech-like ones, and noise that must not be
taken for speech. All are repeatable."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float64]
Noise = Literal["white", "pink", "hum", "clicks"]


def speech_like(duration_s: float, *, rate_hz: int = 24_000, level_dbfs: float = -20.0) -> Sound:
    """Voiced syllables of 170 ms with pauses of 60 ms, a gliding pitch around 140 Hz and a vowel's
    spectrum; they start at full level."""
    t = np.arange(round(duration_s * rate_hz)) / rate_hz
    phase = 2 * np.pi * np.cumsum(140 + 20 * np.sin(2 * np.pi * 1.3 * t)) / rate_hz
    harmonics = [
        np.sin(n * phase) / (1 + abs(n - 4)) for n in range(1, 24) if n * 160 < rate_hz / 2
    ]
    vowel = np.sum(harmonics, axis=0)
    envelope = np.where(t % 0.23 < 0.17, 1.0, 0.05)
    return _at_level(vowel * envelope, level_dbfs)


def noise(
    kind: Noise,
    duration_s: float,
    *,
    rate_hz: int = 24_000,
    level_dbfs: float = -40.0,
    seed: int = 1,
) -> Sound:
    """Background noise of one kind. The level of "clicks" is the peak of single samples, three per
    second, over faint hiss."""
    size = round(duration_s * rate_hz)
    white = np.random.default_rng(seed).normal(0.0, 1.0, size)
    t = np.arange(size) / rate_hz
    match kind:
        case "white":
            return _at_level(white, level_dbfs)
        case "pink":
            spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(size // 2 + 1), 1))
            return _at_level(np.fft.irfft(spectrum, size), level_dbfs)
        case "hum":
            return _at_level(
                np.sum([np.sin(2 * np.pi * 50 * n * t) / n for n in (1, 2, 3)], axis=0), level_dbfs
            )
        case "clicks":
            clicks = np.zeros(size)
            clicks[rate_hz // 6 :: rate_hz // 3] = 10 ** (level_dbfs / 20)
            return clicks + white * 1e-4


def silence(duration_s: float, *, rate_hz: int = 24_000) -> Sound:
    return np.zeros(round(duration_s * rate_hz))


def pcm16(*sounds: Sound) -> bytes:
    """The sounds one after the other as mono little-endian samples."""
    joined = np.clip(np.concatenate(sounds), -1.0, 1.0)
    return (joined * 32767).astype("<i2").tobytes()


def _at_level(sound: Sound, level_dbfs: float) -> Sound:
    scaled: Sound = sound / np.sqrt(np.mean(sound * sound)) * 10 ** (level_dbfs / 20)
    return scaled
