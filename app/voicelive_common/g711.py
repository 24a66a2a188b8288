"""G.711 both ways: 16-bit linear samples and the 8-bit codes of ITU-T G.711 mu-law and A-law."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

_BIAS: Final = 132
"""What mu-law adds so that every segment starts at a power of two."""


def _ulaw_values() -> Samples:
    """The sample that each of the 256 codes of mu-law stands for."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_values() -> Samples:
    """The sample that each of the 256 codes of A-law stands for."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(
        exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent - 1, 0)
    )
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _nearest_codes(values: Samples) -> npt.NDArray[np.uint8]:
    """For each of the 65,536 samples the code whose value is nearest, indexed by the sample's
    unsigned 16 bits."""
    order = np.argsort(values, kind="stable")
    ascending = values[order].astype(np.int32)
    samples = np.arange(-32768, 32768, dtype=np.int32)
    nearest = np.searchsorted((ascending[:-1] + ascending[1:]) / 2, samples, side="right")
    return np.asarray(np.roll(order[nearest].astype(np.uint8), 32768))


# Made at import: the first block of sound must not wait for them.
_VALUES: Final = {"g711_ulaw": _ulaw_values(), "g711_alaw": _alaw_values()}
_CODES: Final = {codec: _nearest_codes(values) for codec, values in _VALUES.items()}


def decode(codes: bytes, codec: str) -> Samples:
    """Samples of 8-bit codes, shape (len(codes),); `codec` is "g711_ulaw" or "g711_alaw"."""
    decoded: Samples = _VALUES[codec][np.frombuffer(codes, dtype=np.uint8)]
    return decoded


def encode(samples: Samples, codec: str) -> bytes:
    """8-bit codes of samples, shape (n,): for each sample the code whose value is nearest."""
    return _CODES[codec][samples.view(np.uint16)].tobytes()
