"""The audio formats of the API."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.pcm import from_codec
from voicelive_tui.model.formats import BLOCK_MS, AudioCodec, AudioFormat


@pytest.mark.parametrize(
    ("codec", "rate_hz"),
    [("pcm16", 24_000), ("pcm16", 16_000), ("g711_ulaw", 8_000), ("g711_alaw", 8_000)],
)
def test_silence_is_silent_and_as_long_as_it_should_be(codec: AudioCodec, rate_hz: int) -> None:
    samples = from_codec(AudioFormat(codec, rate_hz).silence(20), codec)
    assert samples.size == rate_hz // 50
    assert np.abs(samples).max() <= 8, "one step of A-law, which has no zero"


@pytest.mark.parametrize(
    ("fmt", "sample_bytes", "block_bytes"),
    [
        (AudioFormat(), 2, 960),
        (AudioFormat("pcm16", 16_000), 2, 640),
        (AudioFormat("g711_ulaw", 8_000), 1, 160),
        (AudioFormat("g711_alaw", 8_000), 1, 160),
    ],
)
def test_a_format_knows_the_sizes_of_its_samples_and_blocks(
    fmt: AudioFormat, sample_bytes: int, block_bytes: int
) -> None:
    assert (fmt.sample_bytes, fmt.block_bytes) == (sample_bytes, block_bytes)
    assert len(fmt.silence(BLOCK_MS)) == block_bytes
    assert fmt.duration_ms(block_bytes) == BLOCK_MS
    assert fmt.whole_bytes(block_bytes + sample_bytes - 1) == block_bytes
