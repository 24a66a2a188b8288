"""Converts recorded sound from one format of a session into another."""

import numpy as np

from voicelive_tui.audio.dsp.pcm import from_codec, to_codec
from voicelive_tui.audio.dsp.resample import Resampler
from voicelive_tui.model.formats import AudioFormat


def convert(audio: bytes, audio_format: AudioFormat, wanted: AudioFormat) -> bytes:
    """Return the sound in the wanted format; its length in time stays. Half a sample at the end is
    dropped."""
    whole = audio[: audio_format.whole_bytes(len(audio))]
    samples = from_codec(whole, audio_format.codec)
    resampler = Resampler(audio_format.rate_hz, wanted.rate_hz)
    converted = resampler.feed(samples, last=True)
    length = round(samples.size * wanted.rate_hz / audio_format.rate_hz)
    missing = max(0, length - converted.size)
    return to_codec(np.pad(converted, (0, missing))[:length], wanted.codec)
