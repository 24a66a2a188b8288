"""Arithmetic on samples in numpy arrays: levels, and the codecs of a session. Samples are mono
int16, shape (frames,)."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from voicelive_common import g711

from voicelive_tui.model.formats import AudioCodec

Samples = NDArray[np.int16]


class LevelReading(NamedTuple):
    """Levels of a block in dBFS, against an amplitude of 32768: a full-scale sine has an RMS of
    -3.0, digital silence has -inf."""

    peak_dbfs: float
    rms_dbfs: float
    full_scale: int
    """The longest run of full-scale samples."""


SILENCE = LevelReading(-math.inf, -math.inf, 0)


def measure(samples: Samples) -> LevelReading:
    """Measure the levels of one block, shape (frames,)."""
    if not samples.size:
        return SILENCE
    wide = samples.astype(np.float64)
    peak = float(np.abs(wide).max())
    if peak == 0.0:
        return SILENCE
    rms = math.sqrt(float(np.dot(wide, wide)) / samples.size)
    run = _longest_run(np.abs(wide) >= 32767.0) if peak >= 32767.0 else 0
    return LevelReading(min(0.0, 20 * math.log10(peak / 32768)), 20 * math.log10(rms / 32768), run)


def _longest_run(marks: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max())


def from_codec(audio: bytes, codec: AudioCodec) -> Samples:
    """Decode bytes in the session's format. For pcm16 their number must be even."""
    if codec == "pcm16":
        return np.frombuffer(audio, dtype="<i2").astype(np.int16, copy=False)
    return g711.decode(audio, codec)


def to_codec(samples: Samples, codec: AudioCodec) -> bytes:
    """Encode samples in the session's format."""
    if codec == "pcm16":
        return samples.astype("<i2", copy=False).tobytes()
    return g711.encode(samples, codec)


def to_int16(samples: NDArray[Any]) -> Samples:
    """Convert float samples in -1..1, rounded and clipped."""
    return np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
