"""Measures the level of sound in four bands of the range of speech, one 20 ms block at a time.

Noise is loud in some bands and speech in others: a voice that a meter of the whole range could not
tell from the background stands out in one of them. A Hann window keeps hum below the lowest band
out of all of them.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BLOCK_MS = 20
EDGES_HZ = (200, 500, 1000, 2000, 3600)
BANDS = len(EDGES_HZ) - 1
QUIETEST_DB = -96.0
# Averaged down to about 8 kHz first, because the bands end at 3600 Hz.
_AVERAGED = {8000: 1, 16000: 2, 24000: 3, 44100: 6}
SUPPORTED_RATES_HZ = frozenset(_AVERAGED)
_LINE_HZ = 1000 // BLOCK_MS
_FULL_SCALE = 32768.0


class BandMeter:
    """Measures samples at `rate_hz`: 8000, 16000, 24000 or 44100."""

    def __init__(self, rate_hz: int) -> None:
        self._step = _AVERAGED[rate_hz]
        self._lines, self._bands = _tables(rate_hz)

    @property
    def narrow_samples(self) -> int:
        return len(self._lines)

    def narrow(self, block: Floats) -> Floats:
        """Reduce 20 ms of 16-bit samples to about 8 kHz: `narrow_samples` of them."""
        if self._step == 1:
            return block
        # A mean over a short axis takes numpy five times as long.
        narrow = block[0 :: self._step] + block[1 :: self._step]
        for n in range(2, self._step):
            narrow += block[n :: self._step]
        return narrow / np.float32(self._step)

    def levels_db(self, narrow: Floats) -> list[float]:
        """Each band's level in dBFS; a full-scale square wave has 0 in all bands together."""
        lines = narrow @ self._lines
        powers: list[float] = ((lines * lines) @ self._bands).tolist()
        return [10.0 * math.log10(power) if power > 2.5e-10 else QUIETEST_DB for power in powers]


@lru_cache
def _tables(rate_hz: int) -> tuple[Floats, Floats]:
    """The cosines and sines of the spectral lines within the bands, windowed and scaled; and a mask
    of the lines that belong to each band."""
    step = _AVERAGED[rate_hz]
    size = rate_hz * BLOCK_MS // 1000 // step
    at = np.arange(size)
    window = np.hanning(size + 1)[:size]
    window *= math.sqrt(2.0 / float(np.mean(window * window))) / size / _FULL_SCALE
    lines = np.arange(EDGES_HZ[0] // _LINE_HZ, EDGES_HZ[-1] // _LINE_HZ)
    phases = 2 * np.pi * np.outer(at, lines) / size
    waves = np.concatenate([np.cos(phases), np.sin(phases)], axis=1) * window[:, None]
    hz = np.tile(lines * _LINE_HZ, 2)
    taken = [(low <= hz) & (hz < high) for low, high in itertools.pairwise(EDGES_HZ)]
    return waves.astype(np.float32), np.stack(taken, axis=1).astype(np.float32)
