"""A counter as test signal: all neighbouring samples differ and none is zero, so that a lost one is
noticed."""

import numpy as np
from numpy.typing import NDArray

PERIOD = 30_000
# neighbours so far apart that nothing else, such as dither or a fade, resembles the signal
_STEPS = 7


def counter(frames: int, *, start: int = 0) -> bytes:
    """pcm16 mono: sample i is 1 + (7 (start + i) mod 30,000)."""
    return (
        (1 + (np.arange(start, start + frames, dtype=np.int64) * _STEPS) % PERIOD)
        .astype("<i2")
        .tobytes()
    )


def _samples(audio: bytes | bytearray) -> NDArray[np.int64]:
    return np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2").astype(np.int64)


def heard(audio: bytes | bytearray) -> NDArray[np.int64]:
    """The positions of the counter in this recording without its silence; position i is frame i
    modulo the period."""
    samples = _samples(audio)
    samples = samples[samples != 0]
    inverse = pow(_STEPS, -1, PERIOD) if np.gcd(_STEPS, PERIOD) == 1 else 0
    assert inverse
    positions: NDArray[np.int64] = ((samples - 1) * inverse) % PERIOD
    return positions


def jumps(audio: bytes | bytearray) -> int:
    """The number of places where the counter does not continue: samples were lost, repeated or
    displaced.

    Silence between two samples is no jump: a busy machine may delay audio, but must not lose any.
    """
    return int(np.count_nonzero(np.diff(heard(audio)) % PERIOD != 1))


def longest_silence_ms(audio: bytes | bytearray, rate_hz: int = 24_000) -> float:
    """The longest silence between the first and the last sample of the counter."""
    sounding = np.flatnonzero(_samples(audio))
    return float(np.max(np.diff(sounding), initial=1) - 1) * 1000 / rate_hz
