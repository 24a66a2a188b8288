"""Measures how voiced a sound is by its periodicity: vowels and tones are periodic, the noise of a
room is not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicelive_common.voice_activity.band_levels import BLOCK_MS, EDGES_HZ

Floats = npt.NDArray[np.float32]

# The range of a voice's pitch; a higher one is periodic there too, and mains hum is not.
LOWEST_HZ, HIGHEST_HZ = 80, 400
_TRANSFORM = 512  # fits 40 ms and the longest lag at 8 kHz, so that wrap-around stays outside
_LEAST = (
    0.003  # of the loudest band's power: the leakage of a tone into other bands is not amplified
)
_TINY = 1e-6


class PeriodicityMeter:
    """Keeps the last two blocks, each of `size` samples (20 ms) at about 8 kHz: two periods of the
    lowest voice."""

    def __init__(self, size: int) -> None:
        self._window, self._bands, self._lags = _tables(size)
        self._before = self._newest = np.zeros(size, dtype=np.float32)

    def add(self, narrow: Floats) -> None:
        """Add one block."""
        self._before, self._newest = self._newest, narrow

    def strength(self, weights: Sequence[float]) -> float:
        """The highest normalised autocorrelation over the pitches of voices, from 0 to about 1.

        Each band is scaled to its weight first, so that noise which is louder in one band than in
        the others is no more periodic than white noise.
        """
        spectrum = np.fft.rfft(
            np.concatenate([self._before, self._newest]) * self._window, _TRANSFORM
        )
        powers = spectrum.real**2 + spectrum.imag**2
        heard = self._bands @ powers
        gains = np.asarray(weights, dtype=np.float32) / (
            np.maximum(heard, heard.max() * _LEAST) + _TINY
        )
        correlation = (powers * (gains @ self._bands)) @ self._lags
        return float(correlation.max()) / float(gains @ heard + _TINY)


@lru_cache
def _tables(size: int) -> tuple[Floats, Floats, Floats]:
    """The window over two blocks; a mask of the spectral lines in each band; and each line's share
    in the autocorrelation at each lag, corrected for the window."""
    rate_hz = size * 1000 // BLOCK_MS
    window = np.hanning(2 * size + 1)[: 2 * size]
    lines = np.arange(_TRANSFORM // 2 + 1)
    hz = lines * rate_hz / _TRANSFORM
    bands = np.stack([(low <= hz) & (hz < high) for low, high in itertools.pairwise(EDGES_HZ)])
    lags = np.arange(rate_hz // HIGHEST_HZ, rate_hz // LOWEST_HZ + 1)
    own = np.correlate(window, window, "full")[2 * size - 1 :]
    shares = np.cos(2 * np.pi * np.outer(lines, lags) / _TRANSFORM) * own[0] / own[lags]
    return window.astype(np.float32), bands.astype(np.float32), shares.astype(np.float32)
