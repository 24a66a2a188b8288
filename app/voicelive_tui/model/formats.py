"""The audio formats of a session, and how its configuration names them (protocol.md section 6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from voicelive_common.audio_codecs import SILENT_SAMPLE

AudioCodec = Literal["pcm16", "g711_ulaw", "g711_alaw"]

BLOCK_MS: Final = 20
"""The length of one block of microphone audio. The workers around the devices keep the same
pace."""
BLOCK_S: Final = BLOCK_MS / 1000
BLOCKS_PER_S: Final = 1000 // BLOCK_MS


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """The format of mono audio on the wire: little-endian 16-bit PCM, or 8-bit G.711.

    Invariant: the console, the audio process and the journal all take the sizes of samples and
    blocks from here.
    """

    codec: AudioCodec = "pcm16"
    rate_hz: int = 24_000

    @property
    def sample_bytes(self) -> int:
        """The bytes of one sample."""
        return len(SILENT_SAMPLE[self.codec])

    @property
    def block_samples(self) -> int:
        """The samples of one block of `BLOCK_MS`."""
        return self.rate_hz // BLOCKS_PER_S

    @property
    def block_bytes(self) -> int:
        """The bytes of one block of `BLOCK_MS`."""
        return self.block_samples * self.sample_bytes

    def duration_ms(self, size_bytes: int) -> float:
        """The playing time of this many bytes, in milliseconds."""
        return size_bytes * 1000 / (self.rate_hz * self.sample_bytes)

    def whole_bytes(self, size_bytes: int) -> int:
        """The bytes of all whole samples among this many bytes."""
        return size_bytes - size_bytes % self.sample_bytes

    def silence(self, duration_ms: int) -> bytes:
        """Digital silence of this length. Its bytes are not zeros in G.711."""
        return SILENT_SAMPLE[self.codec] * (self.rate_hz * duration_ms // 1000)


_SIZED = re.compile(r"pcm16[-_](\d{4,5})hz")


def input_format(session: Mapping[str, Any]) -> AudioFormat:
    """The format that the session's `input_audio_format` and `input_audio_sampling_rate` name.
    Unknown names count as pcm16."""
    codec = _codec(session.get("input_audio_format"))
    rate = session.get("input_audio_sampling_rate")
    if isinstance(rate, int) and not isinstance(rate, bool) and is_usable_rate(rate):
        return AudioFormat(codec, rate)
    return AudioFormat(codec, 24_000 if codec == "pcm16" else 8_000)


def output_format(session: Mapping[str, Any]) -> AudioFormat:
    """The format that the session's `output_audio_format` names. A name such as `pcm16_16000hz`
    contains the sample rate."""
    name = session.get("output_audio_format")
    codec = _codec(name)
    if codec != "pcm16":
        return AudioFormat(codec, 8_000)
    sized = _SIZED.fullmatch(name) if isinstance(name, str) else None
    return AudioFormat(
        "pcm16", int(sized[1]) if sized and is_usable_rate(int(sized[1])) else 24_000
    )


def is_usable_rate(rate_hz: int) -> bool:
    """Whether a resampler can work at this rate. The figures of a service or a peer are not checked
    elsewhere."""
    return 1_000 <= rate_hz <= 384_000


def _codec(name: object) -> AudioCodec:
    match name:
        case "g711_ulaw":
            return "g711_ulaw"
        case "g711_alaw":
            return "g711_alaw"
        case _:
            return "pcm16"
