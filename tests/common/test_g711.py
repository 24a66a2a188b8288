"""G.711 against the fixed points of the recommendation."""

import numpy as np
import pytest
from voicelive_common import g711
from voicelive_common.audio_codecs import SILENT_SAMPLE


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


@pytest.mark.parametrize("codec", ["g711_ulaw", "g711_alaw"])
def test_every_sample_takes_the_code_with_the_nearest_value(codec: str) -> None:
    every = np.arange(-32_768, 32_768).astype(np.int16)
    values = g711.decode(bytes(range(256)), codec).astype(np.int32)
    wanted = np.abs(values[None, :] - every.astype(np.int32)[::97, None]).min(axis=1)
    got = np.abs(
        g711.decode(g711.encode(every, codec), codec).astype(np.int32) - every.astype(np.int32)
    )
    assert (got[::97] == wanted).all()


@pytest.mark.parametrize("codec", ["g711_ulaw", "g711_alaw"])
def test_a_silent_sample_is_the_smallest_that_the_codec_has(codec: str) -> None:
    assert (
        g711.decode(SILENT_SAMPLE[codec], codec)[0]
        == np.abs(g711.decode(bytes(range(256)), codec)).min()
    )
