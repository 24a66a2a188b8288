"""Renders text in a voice for an output_audio_format: synthesis, resampling, coding. Blocking, for a thread."""

from __future__ import annotations

import numpy as np
import soxr

from voicelive_tui.simulator.sound import g711
from voicelive_tui.simulator.sound.speech import OUTPUT_FORMATS, Rendered, Samples, Voice


def render(voice: Voice, text: str, output_audio_format: str) -> Rendered:
    """The whole text as wire audio, padded to a full millisecond."""
    wire = OUTPUT_FORMATS[output_audio_format]
    spoken = voice.speak(text)
    samples = _resample(spoken.samples, spoken.rate_hz, wire.rate_hz)
    samples = np.pad(samples, (0, _full_ms(len(samples), wire.rate_hz) - len(samples)))
    audio = samples.astype("<i2").tobytes() if wire.codec == "pcm16" else g711.encode(samples, wire.codec)
    return Rendered(audio, wire.rate_hz, wire.frame_bytes, spoken.words, spoken.visemes)


def _full_ms(frames: int, rate_hz: int) -> int:
    """Frames until the millisecond in which the last of `frames` lies is over."""
    return -(-frames * 1000 // rate_hz) * rate_hz // 1000


def _resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz or not len(samples):
        return samples
    resampled: Samples = soxr.resample(samples, from_hz, to_hz, quality="HQ")
    return resampled
