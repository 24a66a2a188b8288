"""Audio formats as a session names them (protocol.md section 6), and the arithmetic of their bytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Codec = Literal["pcm16", "g711_ulaw", "g711_alaw"]

_SIZED_PCM = re.compile(r"pcm16(?:[_-](\d{4,6})hz)?")


@dataclass(frozen=True, slots=True)
class Format:
    """Mono audio; pcm16 is little-endian."""

    codec: Codec = "pcm16"
    rate_hz: int = 24_000

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample."""
        return 2 if self.codec == "pcm16" else 1

    def milliseconds(self, size_bytes: int) -> int:
        """Whole milliseconds in that many bytes, rounded down: never more than there are."""
        return size_bytes * 1000 // (self.rate_hz * self.frame_bytes)


def input_format(session: Mapping[str, Any]) -> Format | None:
    """What the service expects of the microphone; None if this version cannot send it (such as a stereo echo reference)."""
    echo = session.get("input_audio_echo_cancellation")
    if isinstance(echo, Mapping) and echo.get("channels") == 2:
        return None
    codec = _codec(session.get("input_audio_format") or "pcm16")
    if codec is None:
        return None
    rate_hz = session.get("input_audio_sampling_rate")
    default_hz = 24_000 if codec == "pcm16" else 8_000
    return Format(codec, rate_hz if type(rate_hz) is int and rate_hz > 0 else default_hz)


def output_format(session: Mapping[str, Any]) -> Format | None:
    """What the service sends as speech; None if it is nothing this version can play."""
    name = session.get("output_audio_format") or "pcm16"
    if not isinstance(name, str):
        return None
    sized = _SIZED_PCM.fullmatch(name)
    if sized:
        return Format("pcm16", int(sized[1] or 24_000))
    codec = _codec(name)
    return None if codec is None else Format(codec, 8_000)


def _codec(name: object) -> Codec | None:
    match name:
        case "pcm16" | "g711_ulaw" | "g711_alaw":
            return name
        case _:
            return None
