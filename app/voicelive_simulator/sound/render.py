"""Renders text in a voice for an output_audio_format: synthesis, volume, resampling, coding.
Blocking, for a thread."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
import soxr
from voicelive_common import g711

from voicelive_simulator.sound.speech import (
    NEUTRAL_PROSODY,
    OUTPUT_FORMATS,
    Prosody,
    Rendered,
    Samples,
    Voice,
)

_KEPT_BYTES = 64 * 1024 * 1024  # a quarter of an hour of pcm16 with its words and visemes
_MARK_BYTES = 200  # a Word with its text, a Viseme, and their numbers


def render(
    voice: Voice, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
) -> Rendered:
    """The whole text as wire audio, padded to a full millisecond."""
    wire = OUTPUT_FORMATS[output_audio_format]
    spoken = voice.speak(text, prosody)
    samples = _resample(_at_volume(spoken.samples, prosody.volume), spoken.rate_hz, wire.rate_hz)
    samples = np.pad(samples, (0, _full_ms(len(samples), wire.rate_hz) - len(samples)))
    audio = (
        samples.astype("<i2").tobytes()
        if wire.codec == "pcm16"
        else g711.encode(samples, wire.codec)
    )
    return Rendered(audio, wire.rate_hz, wire.frame_bytes, spoken.words, spoken.visemes)


_Key = tuple[str, str, Prosody]


class Renderer:
    """Renders with one voice, and keeps what it rendered last: sessions that say the same share its
    bytes. For any thread."""

    def __init__(self, voice: Voice, kept_bytes: int = _KEPT_BYTES) -> None:
        self._voice = voice
        self._most_bytes = kept_bytes
        self._kept = _Kept(kept_bytes)
        self._lock = threading.Lock()

    def render(
        self, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
    ) -> Rendered:
        """Like `render`."""
        key = (text, output_audio_format, prosody)
        if (kept := self.kept(*key)) is not None:
            return kept
        with self._lock:  # while it renders: who asks for the same text meanwhile finds it
            rendered = self.kept(*key)
            if rendered is None:
                rendered = render(self._voice, *key)
                self._kept.add(key, rendered)
            return rendered

    def kept(
        self, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
    ) -> Rendered | None:
        """What `render` would return at once."""
        return self._kept.entries.get((text, output_audio_format, prosody))

    def forget(self) -> None:
        """Keep nothing of what was rendered so far. Waits for no rendering."""
        self._kept = _Kept(self._most_bytes)


class _Kept:
    """What was rendered last, up to `most_bytes`; the newest stays, however large it is."""

    def __init__(self, most_bytes: int) -> None:
        self.entries: OrderedDict[_Key, Rendered] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0

    def add(self, key: _Key, rendered: Rendered) -> None:
        self.entries[key] = rendered
        self._bytes += _size(key, rendered)
        while self._bytes > self._most_bytes and len(self.entries) > 1:
            self._bytes -= _size(*self.entries.popitem(last=False))


def _size(key: _Key, rendered: Rendered) -> int:
    """Bytes, about; a client chooses the voice's name, and how long it is."""
    text, _, prosody = key
    marks = len(rendered.words) + len(rendered.visemes)
    return len(rendered.audio) + len(text) + len(prosody.voice_name) + marks * _MARK_BYTES


def _at_volume(samples: Samples, volume: float) -> Samples:
    if volume == 1.0:
        return samples
    return np.clip(np.round(samples * volume), -32768, 32767).astype(np.int16)


def _full_ms(frames: int, rate_hz: int) -> int:
    """Frames until the millisecond in which the last of `frames` lies is over."""
    return -(-frames * 1000 // rate_hz) * rate_hz // 1000


def _resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz or not len(samples):
        return samples
    resampled: Samples = soxr.resample(samples, from_hz, to_hz, quality="HQ")
    return resampled
