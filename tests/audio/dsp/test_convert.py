"""Recorded sound in another format: its length, its content, and silence."""

import itertools

import numpy as np
import pytest
from voicelive_tui.audio.dsp.convert import convert
from voicelive_tui.audio.dsp.pcm import Samples, from_codec, to_codec
from voicelive_tui.model.formats import AudioFormat

FORMATS = (
    AudioFormat("pcm16", 24_000),
    AudioFormat("pcm16", 16_000),
    AudioFormat("g711_ulaw", 8_000),
    AudioFormat("g711_alaw", 8_000),
)
PAIRS = list(itertools.permutations(FORMATS, 2))
SECONDS = 0.5


def tone(rate_hz: int) -> Samples:
    """Half a second of 440 Hz."""
    times = np.arange(round(rate_hz * SECONDS)) / rate_hz
    wave: Samples = np.rint(8_000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)
    return wave


@pytest.mark.parametrize(("given", "wanted"), PAIRS)
def test_a_tone_is_the_same_tone_in_another_format(given: AudioFormat, wanted: AudioFormat) -> None:
    converted = convert(to_codec(tone(given.rate_hz), given.codec), given, wanted)
    assert wanted.duration_ms(len(converted)) == SECONDS * 1000
    heard = from_codec(converted, wanted.codec).astype(float)
    expected = tone(wanted.rate_hz).astype(float)
    assert np.corrcoef(heard, expected)[0, 1] > 0.99
    assert np.std(heard) == pytest.approx(np.std(expected), rel=0.05)


@pytest.mark.parametrize(("given", "wanted"), PAIRS)
def test_silence_stays_silence_and_nothing_stays_nothing(
    given: AudioFormat, wanted: AudioFormat
) -> None:
    converted = from_codec(convert(given.silence(200), given, wanted), wanted.codec)
    quietest = np.abs(from_codec(wanted.silence(20), wanted.codec)).max()
    assert np.abs(converted.astype(int)).max() <= max(quietest, 16)
    assert convert(b"", given, wanted) == b""


def test_half_a_sample_at_the_end_is_dropped() -> None:
    pcm, ulaw = FORMATS[0], FORMATS[2]
    assert len(convert(bytes(961), pcm, ulaw)) == 160
