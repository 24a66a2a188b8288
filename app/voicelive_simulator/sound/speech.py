"""Speech as values: samples with word times, and the same rendered for the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the white space after it, so that the words of an utterance join to its text.
    `duration_ms` does not include the pause after it."""

    text: str
    start_ms: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Viseme:
    """A pose of the mouth: from `start_ms` on it is `viseme_id` of Azure's table, 0 (silence) to
    21."""

    viseme_id: int
    start_ms: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """Mono samples at `rate_hz`, and the words and visemes in them."""

    samples: Samples
    rate_hz: int
    words: tuple[Word, ...]
    visemes: tuple[Viseme, ...] = ()


@dataclass(frozen=True, slots=True)
class Prosody:
    """How to speak: the voice's name, and factors of its usual rate (0.5 to 2), pitch (0.5 to 2)
    and volume (0 to 2)."""

    voice_name: str = ""
    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0


NEUTRAL_PROSODY = Prosody()


class Voice(Protocol):
    """Turns text into sound.

    The same text and prosody give the same samples, whatever was spoken before. The volume is
    applied by `render`. Blocking: call it in a thread; several threads may call it. `remark` is a
    sentence that the listener should hear, or "".
    """

    name: str
    remark: str

    def speak(self, text: str, prosody: Prosody = NEUTRAL_PROSODY) -> Utterance: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """An utterance in an output_audio_format: `rate_hz` frames per second of `frame_bytes` each,
    padded to a full millisecond."""

    audio: bytes
    rate_hz: int
    frame_bytes: int
    words: tuple[Word, ...]
    visemes: tuple[Viseme, ...] = ()

    def bytes_at(self, ms: int) -> int:
        """The byte offset of millisecond `ms`, in whole frames: not every rate has the same number
        of frames in each millisecond."""
        return ms * self.rate_hz // 1000 * self.frame_bytes

    @property
    def duration_ms(self) -> int:
        return -(-len(self.audio) // self.frame_bytes * 1000 // self.rate_hz)


@dataclass(frozen=True, slots=True)
class OutputFormat:
    rate_hz: int
    codec: str

    @property
    def frame_bytes(self) -> int:
        return 2 if self.codec == "pcm16" else 1


# The values of output_audio_format (protocol.md 6). From the sixth on they are undocumented but in
# use with Azure's voices.
OUTPUT_FORMATS = {
    "pcm16": OutputFormat(24000, "pcm16"),
    "pcm16_8000hz": OutputFormat(8000, "pcm16"),
    "pcm16_16000hz": OutputFormat(16000, "pcm16"),
    "g711_ulaw": OutputFormat(8000, "g711_ulaw"),
    "g711_alaw": OutputFormat(8000, "g711_alaw"),
    "pcm16_22050hz": OutputFormat(22050, "pcm16"),
    "pcm16_24000hz": OutputFormat(24000, "pcm16"),
    "pcm16_44100hz": OutputFormat(44100, "pcm16"),
    "pcm16_48000hz": OutputFormat(48000, "pcm16"),
}


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text, each with the white space after it (the first also with that before it):
    they join to the text again."""
    return tuple(re.findall(r"\s*\S+\s*|\s+", text))
