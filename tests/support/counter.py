"""A counter as test signal: every sample differs from its neighbours and none is zero, so that each lost one shows."""

import numpy as np
from numpy.typing import NDArray

PERIOD = 30_000
_STEPS = 7  # neighbours far enough apart that nothing else, such as dither or a fade, looks like the signal


def counter(frames: int) -> bytes:
    """pcm16 mono: sample i is 1 + (7 i mod 30,000)."""
    return (1 + (np.arange(frames, dtype=np.int64) * _STEPS) % PERIOD).astype("<i2").tobytes()


def heard(audio: bytes | bytearray) -> NDArray[np.int64]:
    """The positions of the counter in this recording, silence left out; position i stands for frame i modulo the period."""
    samples = np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2").astype(np.int64)
    samples = samples[samples != 0]
    inverse = pow(_STEPS, -1, PERIOD) if np.gcd(_STEPS, PERIOD) == 1 else 0
    assert inverse
    positions: NDArray[np.int64] = ((samples - 1) * inverse) % PERIOD
    return positions


def gaps(audio: bytes | bytearray) -> int:
    """How often the counter does not go on where it should between its first and its last sample; silence inside counts too."""
    samples = np.frombuffer(bytes(audio[: len(audio) // 2 * 2]), "<i2").astype(np.int64)
    sounding = np.flatnonzero(samples)
    if not sounding.size:
        return 0
    inside = samples[sounding[0] : sounding[-1] + 1]
    silent = int(np.count_nonzero(np.diff(inside == 0))) // 2
    return silent + int(np.count_nonzero(np.diff(heard(audio)) % PERIOD != 1))
