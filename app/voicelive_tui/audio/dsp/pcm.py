"""Sample arithmetic on numpy arrays: levels, G.711, blocks. Mono int16 unless said otherwise."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicelive_tui.audio.ipc.messages import Codec

Samples = NDArray[np.int16]


class LevelReading(NamedTuple):
    """dBFS against an amplitude of 32768 (a full-scale sine has an RMS of -3.0); -inf for digital silence."""

    peak_dbfs: float
    rms_dbfs: float
    full_scale: int
    """The longest run of full-scale samples."""


SILENCE = LevelReading(-math.inf, -math.inf, 0)


def measure(samples: Samples) -> LevelReading:
    """The levels of one block, shape (frames,)."""
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


def _ulaw_table() -> Samples:
    """ITU-T G.711 mu-law: byte to 16-bit sample."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_table() -> Samples:
    """ITU-T G.711 A-law: byte to 16-bit sample."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment = (code & 0x70) >> 4
    mantissa = (code & 0x0F) << 4
    magnitude = np.where(segment == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _nearest_codes(table: Samples) -> NDArray[np.uint8]:
    """For each of the 65536 samples the code whose value is nearest, so that encode(decode(code)) is the code's own value."""
    order = np.argsort(table, kind="stable")
    values = table[order].astype(np.int32)
    samples = np.arange(-32768, 32768, dtype=np.int32)
    nearest = np.searchsorted((values[:-1] + values[1:]) / 2, samples, side="right")
    codes = order[nearest].astype(np.uint8)
    return np.asarray(np.roll(codes, 32768))  # indexed by the sample's unsigned 16 bits


_DECODE = {"g711_ulaw": _ulaw_table(), "g711_alaw": _alaw_table()}
_ENCODE = {name: _nearest_codes(table) for name, table in _DECODE.items()}


def from_codec(audio: bytes, codec: Codec) -> Samples:
    """Samples of the session's bytes; pcm16 needs an even number of them."""
    if codec == "pcm16":
        return np.frombuffer(audio, dtype="<i2").astype(np.int16, copy=False)
    return _DECODE[codec][np.frombuffer(audio, dtype=np.uint8)]


def to_codec(samples: Samples, codec: Codec) -> bytes:
    """The session's bytes of these samples."""
    if codec == "pcm16":
        return samples.astype("<i2", copy=False).tobytes()
    return _ENCODE[codec][samples.view(np.uint16)].tobytes()


def to_int16(samples: NDArray[Any]) -> Samples:
    """Of float samples in -1..1, rounded and clipped."""
    return np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)
