"""Renders text with a voice for an output_audio_format: synthesis, volume, resampling, encoding.
Blocking; call it in a thread."""

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

_MOST_CACHED_BYTES = 64 * 1024 * 1024  # a quarter of an hour of pcm16 with its words and visemes
_MARK_BYTES = 200  # a Word with its text, a Viseme, and their numbers


def render(
    voice: Voice, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
) -> Rendered:
    """Render the whole text as audio for the wire, padded to a full millisecond."""
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
    """Renders with one voice and caches the newest results, so that sessions with the same text
    share its bytes. Any thread may call it; a lock serialises the rendering."""

    def __init__(self, voice: Voice, kept_bytes: int = _MOST_CACHED_BYTES) -> None:
        self._voice = voice
        self._most_bytes = kept_bytes
        self._cache = _Cache(kept_bytes)
        self._lock = threading.Lock()

    def render(
        self, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
    ) -> Rendered:
        """Like the function `render`, from the cache if possible."""
        key = (text, output_audio_format, prosody)
        if (kept := self.cached(*key)) is not None:
            return kept
        # Held while rendering: a thread that asks for the same text meanwhile finds it in the cache
        with self._lock:
            rendered = self.cached(*key)
            if rendered is None:
                rendered = render(self._voice, *key)
                self._cache.add(key, rendered)
            return rendered

    def cached(
        self, text: str, output_audio_format: str, prosody: Prosody = NEUTRAL_PROSODY
    ) -> Rendered | None:
        """The cached result, or None."""
        return self._cache.entries.get((text, output_audio_format, prosody))

    def clear_cache(self) -> None:
        """Empty the cache. This does not wait for a rendering in progress."""
        self._cache = _Cache(self._most_bytes)


class _Cache:
    """The newest results, up to `most_bytes`; the newest is kept, however large it is."""

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
    """The approximate size in bytes; it includes the voice's name, whose length the client
    chooses."""
    text, _, prosody = key
    marks = len(rendered.words) + len(rendered.visemes)
    return len(rendered.audio) + len(text) + len(prosody.voice_name) + marks * _MARK_BYTES


def _at_volume(samples: Samples, volume: float) -> Samples:
    if volume == 1.0:
        return samples
    return np.clip(np.round(samples * volume), -32768, 32767).astype(np.int16)


def _full_ms(frames: int, rate_hz: int) -> int:
    """The number of frames until the end of the millisecond that contains the last of `frames`."""
    return -(-frames * 1000 // rate_hz) * rate_hz // 1000


def _resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz or not len(samples):
        return samples
    resampled: Samples = soxr.resample(samples, from_hz, to_hz, quality="HQ")
    return resampled
