"""G.711 in both directions: between 16-bit linear samples and the 8-bit codes of ITU-T G.711 mu-law
and A-law."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

_BIAS: Final = 132
"""The offset that mu-law adds so that every segment starts at a power of two."""


def _ulaw_values() -> Samples:
    """The sample values of the 256 mu-law codes, shape (256,)."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_values() -> Samples:
    """The sample values of the 256 A-law codes, shape (256,)."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(
        exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent - 1, 0)
    )
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _nearest_codes(values: Samples) -> npt.NDArray[np.uint8]:
    """The code whose value is nearest to each of the 65,536 samples, shape (65536,), indexed by the
    sample's bits as an unsigned number."""
    order = np.argsort(values, kind="stable")
    ascending = values[order].astype(np.int32)
    samples = np.arange(-32768, 32768, dtype=np.int32)
    nearest = np.searchsorted((ascending[:-1] + ascending[1:]) / 2, samples, side="right")
    return np.asarray(np.roll(order[nearest].astype(np.uint8), 32768))


# Built at import, so that the first block of sound does not wait for them.
_VALUES: Final = {"g711_ulaw": _ulaw_values(), "g711_alaw": _alaw_values()}
_CODES: Final = {codec: _nearest_codes(values) for codec, values in _VALUES.items()}


def decode(codes: bytes, codec: str) -> Samples:
    """Decode 8-bit codes to samples, shape (len(codes),); `codec` is "g711_ulaw" or "g711_alaw"."""
    decoded: Samples = _VALUES[codec][np.frombuffer(codes, dtype=np.uint8)]
    return decoded


def encode(samples: Samples, codec: str) -> bytes:
    """Encode samples, shape (n,), as 8-bit codes: for each sample the code whose value is
    nearest."""
    return _CODES[codec][samples.view(np.uint16)].tobytes()
