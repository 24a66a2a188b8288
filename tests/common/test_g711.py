"""G.711 against the fixed points of the recommendation."""

import numpy as np
import pytest
from voicelive_common import g711


@pytest.mark.parametrize(
    ("codec", "code", "sample"),
    [
        ("g711_ulaw", 0xFF, 0),
        ("g711_ulaw", 0x80, 32124),
        ("g711_ulaw", 0x00, -32124),
        ("g711_alaw", 0xD5, 8),
        ("g711_alaw", 0xAA, 32256),
        ("g711_alaw", 0x2A, -32256),
    ],
)
def test_known_codes(codec: str, code: int, sample: int) -> None:
    assert g711.decode(bytes([code]), codec)[0] == sample
    assert g711.encode(np.array([sample], dtype=np.int16), codec) == bytes([code])


@pytest.mark.parametrize("codec", ["g711_ulaw", "g711_alaw"])
def test_every_sample_comes_back_within_its_step(codec: str) -> None:
    samples = np.arange(-32768, 32768, dtype=np.int32)
    back = g711.decode(g711.encode(samples.astype(np.int16), codec), codec).astype(np.int32)
    error = np.abs(back - samples)
    assert np.all(error <= np.maximum(np.abs(samples) / 16, 16) + (np.abs(samples) > 32100) * 700)
