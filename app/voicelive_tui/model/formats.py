"""The audio formats of a session, as its configuration names them (protocol.md section 6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from voicelive_common.audio_codecs import SILENT_SAMPLE

AudioCodec = Literal["pcm16", "g711_ulaw", "g711_alaw"]


@dataclass(frozen=True, slots=True)
class WireFormat:
    """Mono audio on the wire: little-endian 16-bit PCM, or 8-bit G.711."""

    codec: AudioCodec = "pcm16"
    rate_hz: int = 24_000

    @property
    def bytes_per_second(self) -> int:
        """How many bytes one second takes."""
        return self.rate_hz * (2 if self.codec == "pcm16" else 1)

    def duration_ms(self, size_bytes: int) -> float:
        """How long this many bytes sound."""
        return size_bytes * 1000 / self.bytes_per_second

    def silence(self, duration_ms: int) -> bytes:
        """This long nothing; in G.711 that is not zeros."""
        return SILENT_SAMPLE[self.codec] * (self.rate_hz * duration_ms // 1000)


_SIZED = re.compile(r"pcm16[-_](\d{4,5})hz")


def input_format(session: Mapping[str, Any]) -> WireFormat:
    """What the session's `input_audio_format` and `input_audio_sampling_rate` mean; unknown names
    count as pcm16."""
    codec = _codec(session.get("input_audio_format"))
    rate = session.get("input_audio_sampling_rate")
    if isinstance(rate, int) and not isinstance(rate, bool) and _is_rate(rate):
        return WireFormat(codec, rate)
    return WireFormat(codec, 24_000 if codec == "pcm16" else 8_000)


def output_format(session: Mapping[str, Any]) -> WireFormat:
    """What the session's `output_audio_format` means; `pcm16_16000hz` and the like name their
    rate."""
    name = session.get("output_audio_format")
    codec = _codec(name)
    if codec != "pcm16":
        return WireFormat(codec, 8_000)
    sized = _SIZED.fullmatch(name) if isinstance(name, str) else None
    return WireFormat("pcm16", int(sized[1]) if sized and _is_rate(int(sized[1])) else 24_000)


def _is_rate(rate_hz: int) -> bool:
    """Whether sound can have it: the service says what it likes, and a resampler takes it at its
    word."""
    return 1_000 <= rate_hz <= 384_000


def _codec(name: object) -> AudioCodec:
    match name:
        case "g711_ulaw":
            return "g711_ulaw"
        case "g711_alaw":
            return "g711_alaw"
        case _:
            return "pcm16"
