"""Tells whether the microphone hears what is playing, by correlation.

The sound that played is fitted to the microphone's by the strongest delay and a short filter
around it, for loudspeaker and room. What counts is the least correlated stretch of the window: an
echo is explained all the time, and a voice over an echo is not.
"""

import numpy as np
from numpy.typing import NDArray

from voicelive_tui.audio.ipc.messages import EchoMatch

Floats = NDArray[np.float64]

ANALYSED_HZ = 8_000
"""The rate of the sounds that are compared."""
WINDOW_MS = 600
MOST_DELAY_MS = 500
_PER_MS = ANALYSED_HZ // 1000
_WINDOW = WINDOW_MS * _PER_MS
_MOST_DELAY = MOST_DELAY_MS * _PER_MS
_STRETCH = 60 * _PER_MS
_FRAME = 20 * _PER_MS
_BEFORE, _AFTER = 16, 240
"""The taps of the filter before and after the strongest delay."""
_BAND_HZ = (250, 3400)
_EMPHASIS = 0.7
"""Of high frequencies: without it the low ones of two voices resemble each other."""
_REGULARISATION = 1e-3
_LOUD_SHARE = 0.15
"""The least share of the loudest stretch's energy in one that counts."""
_LEAST_OVER_NOISE = 2.0
"""The least energy of a stretch that counts, as a multiple of the noise's."""
_NOISE_QUANTILE, _NOISE_FACTOR = 0.05, 1.3
_FAINTEST = 1e-4
"""The amplitude of what plays below which there is nothing to hear: -80 dBFS."""


def find_echo(mic: Floats, played: Floats) -> EchoMatch | None:
    """Compare the last `WINDOW_MS` of the microphone with what played until `MOST_DELAY_MS` before.
    Returns None when either is too short or too quiet to tell.

    mic, played: shape (frames,) at `ANALYSED_HZ`, in -1..1, which end at the same time. A longer
    `mic` makes the estimate of its noise better.
    """
    if mic.size < _WINDOW or played.size < _WINDOW + _MOST_DELAY:
        return None
    sound = _shaped(mic)
    heard, reference = sound[-_WINDOW:], _shaped(played[-(_WINDOW + _MOST_DELAY) :])
    if float(np.abs(reference).max()) < _FAINTEST or not heard.any():
        return None
    shift = _strongest_shift(heard, reference)
    echo = _fitted(heard, reference, shift)
    coefficient = _least_explained(heard, heard - echo, _noise_power(sound))
    return None if coefficient is None else EchoMatch(coefficient, (_MOST_DELAY - shift) // _PER_MS)


def _shaped(sound: Floats) -> Floats:
    """The sound in the band of speech, with emphasis."""
    hz = np.fft.rfftfreq(sound.size, 1 / ANALYSED_HZ)
    gains = np.abs(1 - _EMPHASIS * np.exp(-2j * np.pi * hz / ANALYSED_HZ))
    gains *= (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1])
    return np.fft.irfft(np.fft.rfft(sound) * gains, sound.size)


def _correlation(heard: Floats, reference: Floats) -> Floats:
    """The products of the two at each shift of `heard` into `reference`."""
    size = 1 << (reference.size + heard.size - 1).bit_length()
    spectrum = np.fft.rfft(reference, size) * np.conj(np.fft.rfft(heard, size))
    return np.fft.irfft(spectrum, size)[: reference.size - heard.size + 1]


def _strongest_shift(heard: Floats, reference: Floats) -> int:
    sums = np.concatenate(([0.0], np.cumsum(reference * reference)))
    energies = sums[heard.size :] - sums[: -heard.size]
    least = energies.max() * 1e-3
    return int(np.argmax(np.abs(_correlation(heard, reference)) / np.sqrt(energies + least)))


def _fitted(heard: Floats, reference: Floats, shift: int) -> Floats:
    """The part of `heard` that a short filter makes of `reference`, by least squares."""
    first = max(0, shift - _AFTER)
    last = min(reference.size - heard.size, shift + _BEFORE)
    taps = last - first + 1
    near = reference[first : last + heard.size]
    products = _products(near, heard.size, taps)
    at = np.arange(taps)
    products[at, at] += _REGULARISATION * products.trace() / taps + 1e-12
    weights = np.linalg.solve(products, _correlation(heard, near))
    return np.correlate(near, weights, "valid")


def _products(near: Floats, size: int, taps: int) -> Floats:
    """The products of the first `taps` stretches of `size` samples with one another, shape (taps,
    taps)."""
    products = np.empty((taps, taps))
    products[0] = products[:, 0] = _correlation(near[:size], near)
    before, behind = near[:taps], near[size : size + taps - 1]
    for row in range(taps - 1):
        products[row + 1, 1:] = (
            products[row, :-1] - before[row] * before[:-1] + behind[row] * behind
        )
    return products


def _noise_power(sound: Floats) -> float:
    frames = sound[: sound.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    return float(np.quantile((frames * frames).mean(axis=1), _NOISE_QUANTILE)) * _NOISE_FACTOR


def _least_explained(heard: Floats, rest: Floats, noise_power: float) -> float | None:
    """The correlation of the least explained stretch, noise apart; None if all are too quiet."""
    starts = range(0, heard.size - _STRETCH + 1, _STRETCH // 2)
    noise = noise_power * _STRETCH
    energies = np.array([float(np.sum(heard[at : at + _STRETCH] ** 2)) for at in starts])
    rests = np.array([float(np.sum(rest[at : at + _STRETCH] ** 2)) for at in starts])
    counts = (energies > _LOUD_SHARE * energies.max()) & (energies > _LEAST_OVER_NOISE * noise)
    if not counts.any():
        return None
    left = np.maximum(rests[counts] - noise, 0.0) / (energies[counts] - noise)
    return float(np.sqrt(np.clip(1.0 - left.max(), 0.0, 1.0)))
