"""Finds the last voiced sample within the blocks in which a detector saw a voice end."""

from typing import Final

import numpy as np

from voicelive_tui.audio.dsp.pcm import Samples

STEP_MS: Final = 2
"""The resolution in which the end is found."""
BEFORE_MS, AFTER_MS = 20, 40
"""The end is looked for from so much before to so much after the detector's: it decides by whole
blocks, and takes a fading voice for silence before it is over."""
_ABOVE_NOISE: Final = 4.0
_OF_SPEECH: Final = 0.05
"""A voice is 12 dB above the noise of the pause after it, and at most 26 dB below its loudest
moment."""


def voice_end_ms(tail: Samples, rate_hz: int, detected_ms: int) -> float:
    """Return where the voice ends, in milliseconds from the beginning of the samples.

    tail: shape (frames,), the end of the voice and the pause after it. detected_ms: the end as the
    detector saw it, at least `BEFORE_MS` from the beginning and more than `AFTER_MS` before the
    end. It is returned when there is nothing louder than the pause around it.
    """
    step = rate_hz * STEP_MS // 1000
    steps = tail[: tail.size // step * step].reshape(-1, step).astype(np.float32)
    levels = np.sqrt(np.mean(steps * steps, axis=1))
    end = detected_ms // STEP_MS
    first, stop = end - BEFORE_MS // STEP_MS, end + AFTER_MS // STEP_MS
    noise, loudest = float(np.median(levels[stop:])), float(levels[first:end].max())
    voiced = np.flatnonzero(levels[first:stop] > max(noise * _ABOVE_NOISE, loudest * _OF_SPEECH))
    if not voiced.size:
        return float(detected_ms)
    # In the mean the voice ends in the middle of its last step.
    return (first + int(voiced[-1]) + 0.5) * step / rate_hz * 1000
