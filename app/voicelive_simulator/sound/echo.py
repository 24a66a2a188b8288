"""Echo cancellation with the client's reference: estimates the part of the reference that the
microphone picked up, and subtracts it (protocol.md 7).

A partitioned-block frequency-domain Kalman filter (Enzner and Vary 2006; Kuech, Mabande and Enzner
2014): each block of 20 ms is a partition of the echo path, and its uncertainty sets the step size,
so that speech over the echo does not spoil the estimate. A Wiener gain removes the remaining
uncertain echo: until the path is learnt, it must not count as speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from voicelive_common.voice_activity.band_levels import BLOCK_MS

Floats = npt.NDArray[np.float32]

# 320 ms: clients align the reference with their own playback; the room and the devices add the
# rest.
PARTITIONS = 16
LOUDEST_PATH = 1.0  # the expected power of a path before it is known, per spectral line
DECAY = 10**-0.1  # of that power, from each partition to the next: echoes die away
FORGETTING = 0.9995  # per block: paths change when people move
NOISE_SMOOTHING = 0.8
CAUTION = 8.0  # times the uncertain echo is subtracted: the rest must not begin a turn
# So many times the estimated echo is subtracted too: real paths are longer than the filter, and
# loudspeakers not linear.
LEAK = 1.0
LEAST_GAIN = 0.02
PLAYS_FROM = 20.0  # root mean square in 16-bit units: -64 dBFS
ERLE_SMOOTHING = 0.98  # of block energies: about a second
_TINY = 1e-3


@dataclass(frozen=True, slots=True)
class Echo:
    """The result of echo cancellation so far. `played_ms` is the duration of sound in the
    reference; `erle_db` is the echo return loss enhancement of the filter over about the last
    second of it, 0 before any; `delay_ms` is the delay of the strongest echo behind the reference,
    to one block. Speech over the echo makes `erle_db` smaller."""

    played_ms: int
    erle_db: float
    delay_ms: int


class EchoCanceller:
    """Removes the echo from the microphone's signal, in blocks of `size` samples (20 ms) of
    microphone and reference."""

    def __init__(self, size: int) -> None:
        self._size = size
        bins = size + 1
        # The spectra of the reference, the newest first.
        self._spectra = np.zeros((PARTITIONS, bins), dtype=np.complex64)
        self._path = np.zeros((PARTITIONS, bins), dtype=np.complex64)
        decay = LOUDEST_PATH * DECAY ** np.arange(PARTITIONS)
        self._uncertain = np.repeat(decay[:, None], bins, axis=1).astype(np.float32)
        self._noise = np.full(bins, _TINY, dtype=np.float32)
        self._before = np.zeros(size, dtype=np.float32)
        self._picked_up = self._left = 0.0
        self._played_blocks = 0
        self._quiet_blocks = PARTITIONS

    @property
    def echo(self) -> Echo:
        erle_db = 10.0 * float(np.log10((self._picked_up + _TINY) / (self._left + _TINY)))
        strongest = int(np.argmax(np.sum(np.abs(self._path), axis=1)))
        return Echo(self._played_blocks * BLOCK_MS, erle_db, strongest * BLOCK_MS)

    def cancel(self, microphone: Floats, reference: Floats) -> Floats:
        """Process one block; return the microphone's samples without the echo."""
        plays = float(reference.dot(reference)) > self._size * PLAYS_FROM**2
        self._quiet_blocks = 0 if plays else self._quiet_blocks + 1
        self._played_blocks += plays
        joined = np.concatenate([self._before, reference])
        self._before = reference
        if self._quiet_blocks > PARTITIONS:  # no echo is left in the room
            return microphone
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(joined)
        powers = self._spectra.real**2 + self._spectra.imag**2
        echo = np.sum(self._spectra * self._path, axis=0)
        error = microphone - np.fft.irfft(echo)[self._size :].astype(np.float32)
        if plays:
            self._picked_up = _smooth(self._picked_up, float(microphone.dot(microphone)))
            self._left = _smooth(self._left, float(error.dot(error)))
        return self._learn(error, powers, LEAK * (echo.real**2 + echo.imag**2))

    def _learn(self, error: Floats, powers: Floats, leak: Floats) -> Floats:
        """Update the path and its uncertainty from the error. Return the error without the
        uncertain echo."""
        spectrum = np.fft.rfft(np.concatenate([np.zeros_like(error), error])).astype(np.complex64)
        error_power = spectrum.real**2 + spectrum.imag**2
        self._noise = NOISE_SMOOTHING * self._noise + (1 - NOISE_SMOOTHING) * error_power
        step = self._uncertain / (
            np.sum(self._uncertain * powers, axis=0) + 2 * self._noise + _TINY
        )
        path = np.fft.irfft(self._path + step * self._spectra.conj() * spectrum, axis=1)
        path[:, self._size :] = 0.0  # a partition is one block long: the rest is circular
        self._path = np.fft.rfft(path, axis=1).astype(np.complex64)
        drift = (1 - FORGETTING**2) * (self._path.real**2 + self._path.imag**2)
        self._uncertain = FORGETTING**2 * (1 - 0.5 * step * powers) * self._uncertain + drift
        uncertain_power = CAUTION * 0.5 * np.sum(self._uncertain * powers, axis=0) + leak
        gain = np.maximum(LEAST_GAIN, 1.0 - uncertain_power / (error_power + _TINY))
        return np.fft.irfft(gain * spectrum)[self._size :].astype(np.float32)


def _smooth(energy: float, newest: float) -> float:
    return ERLE_SMOOTHING * energy + (1 - ERLE_SMOOTHING) * newest
