"""The audio formats of the API."""

import numpy as np
import pytest
from voicelive_tui.audio.dsp.pcm import from_codec
from voicelive_tui.model.formats import AudioCodec, WireFormat


@pytest.mark.parametrize(
    ("codec", "rate_hz"),
    [("pcm16", 24_000), ("pcm16", 16_000), ("g711_ulaw", 8_000), ("g711_alaw", 8_000)],
)
def test_silence_is_silent_and_as_long_as_it_should_be(codec: AudioCodec, rate_hz: int) -> None:
    samples = from_codec(WireFormat(codec, rate_hz).silence(20), codec)
    assert samples.size == rate_hz // 50
    assert np.abs(samples).max() <= 8, "one step of A-law, which has no zero"
