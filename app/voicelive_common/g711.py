"""G.711 both ways: 16-bit linear samples and the 8-bit codes of ITU-T G.711 mu-law and A-law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

_BIAS = 132  # mu-law adds it so that every segment starts at a power of two
_CLIP = 32635


def _ulaw_table() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_table() -> Samples:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


_TABLES = {"g711_ulaw": _ulaw_table(), "g711_alaw": _alaw_table()}


def decode(codes: bytes, codec: str) -> Samples:
    """8-bit codes to samples; `codec` is "g711_ulaw" or "g711_alaw"."""
    decoded: Samples = _TABLES[codec][np.frombuffer(codes, dtype=np.uint8)]
    return decoded


def encode(samples: Samples, codec: str) -> bytes:
    """Samples to 8-bit codes."""
    return _encode_ulaw(samples) if codec == "g711_ulaw" else _encode_alaw(samples)


def _encode_ulaw(samples: Samples) -> bytes:
    wide = samples.astype(np.int32)
    magnitude = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 15
    code = np.where(wide < 0, 0x80, 0) | (exponent << 4) | mantissa
    return bytes((~code & 0xFF).astype(np.uint8).tobytes())


def _encode_alaw(samples: Samples) -> bytes:
    wide = samples.astype(np.int32) >> 3
    magnitude = np.where(wide < 0, -wide - 1, wide)
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    mantissa = (magnitude >> np.maximum(exponent, 1)) & 15
    code = np.where(wide < 0, 0, 0x80) | (exponent << 4) | mantissa
    return bytes((code ^ 0x55).astype(np.uint8).tobytes())
