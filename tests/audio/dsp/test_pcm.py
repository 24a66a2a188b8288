"""Sample arithmetic against figures from the standards."""

import math

import numpy as np
import pytest
from voicelive_tui.audio.dsp.pcm import from_codec, measure, to_codec
from voicelive_tui.audio.dsp.resample import Decoder, Resampler
from voicelive_tui.model.formats import AudioCodec, AudioFormat


def sine(
    amplitude: float, frames: int = 4_800, hz: float = 1_000.0, rate_hz: int = 24_000
) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    """A tone."""
    wave = np.rint(amplitude * np.sin(2 * np.pi * hz * np.arange(frames) / rate_hz))
    return wave.astype(np.int16)


def test_a_full_scale_sine_peaks_at_0_and_has_an_rms_of_minus_3() -> None:
    reading = measure(sine(32_767))
    assert reading.peak_dbfs == pytest.approx(0.0, abs=0.01)
    assert reading.rms_dbfs == pytest.approx(-3.01, abs=0.01)


def test_half_the_amplitude_is_6_db_less() -> None:
    assert measure(sine(16_384)).peak_dbfs == pytest.approx(-6.02, abs=0.01)


def test_digital_silence_is_minus_infinity() -> None:
    assert measure(np.zeros(480, np.int16)) == (-math.inf, -math.inf, 0)
    assert measure(np.zeros(0, np.int16)) == (-math.inf, -math.inf, 0)


def test_the_longest_run_of_full_scale_samples_is_counted_both_ways_round() -> None:
    samples = np.array([0, 32_767, -32_768, 32_767, 5, 32_767, 32_767, 0], np.int16)
    assert measure(samples).full_scale == 3


# From ITU-T G.711: code words and their values, 14 and 13 bits scaled to 16.
@pytest.mark.parametrize(
    ("codec", "code", "value"),
    [
        ("g711_ulaw", 0x00, -32_124),
        ("g711_ulaw", 0x80, 32_124),
        ("g711_ulaw", 0xFF, 0),
        ("g711_ulaw", 0xFE, 8),
        ("g711_ulaw", 0xF0, 120),
        ("g711_alaw", 0x2A, -32_256),
        ("g711_alaw", 0xAA, 32_256),
        ("g711_alaw", 0xD5, 8),
        ("g711_alaw", 0x55, -8),
    ],
)
def test_g711_code_words(codec: AudioCodec, code: int, value: int) -> None:
    assert from_codec(bytes([code]), codec).tolist() == [value]
    assert to_codec(np.array([value], np.int16), codec) == bytes([code])


def test_an_equal_rate_changes_nothing() -> None:
    tone = sine(8_000)
    assert (Resampler(24_000, 24_000).feed(tone) == tone).all()


@pytest.mark.parametrize(
    ("from_hz", "to_hz"), [(44_100, 24_000), (24_000, 48_000), (16_000, 24_000), (24_000, 8_000)]
)
def test_a_tone_keeps_pitch_length_and_level_at_another_rate_in_pieces(
    from_hz: int, to_hz: int
) -> None:
    tone = sine(8_000, frames=from_hz, rate_hz=from_hz)
    resampler = Resampler(from_hz, to_hz)
    pieces = [resampler.feed(tone[at : at + 441]) for at in range(0, tone.size, 441)]
    heard = np.concatenate([*pieces, resampler.feed(tone[:0], last=True)])
    assert heard.size == to_hz
    spectrum = np.abs(np.fft.rfft(heard.astype(np.float64)))
    assert int(spectrum.argmax()) == 1_000
    assert measure(heard).rms_dbfs == pytest.approx(measure(tone).rms_dbfs, abs=0.1)


def test_a_part_is_decoded_piece_by_piece() -> None:
    tone = sine(8_000).tobytes()
    decoder = Decoder(AudioFormat(), 24_000)
    heard = b"".join(decoder.feed(tone[at : at + 76]) for at in range(0, len(tone), 76))
    assert heard + decoder.finish() == tone


def test_half_a_sample_costs_no_more_than_itself() -> None:
    decoder = Decoder(AudioFormat(), 24_000)
    assert decoder.feed(b"\x01\x02\x03") + decoder.feed(b"\x04\x05") == b"\x01\x02\x04\x05"


def test_a_g711_part_is_heard_at_the_rate_of_the_device() -> None:
    decoder = Decoder(AudioFormat("g711_ulaw", 8_000), 24_000)
    heard = decoder.feed(b"\xff" * 800) + decoder.finish()
    assert len(heard) == 2 * 2_400
