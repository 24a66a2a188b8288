"""Test signals as pcm16: a counter in which every lost, repeated or displaced sample is noticed."""

import struct
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

COUNTER_FRAMES = 32_000
"""The longest counter in which every sample differs and none is 0."""


def counter(frames: int, start: int = 1) -> bytes:
    """The samples start, start + 1, ...; all of them positive."""
    assert start > 0 and start + frames - 1 <= 32_767
    return struct.pack(f"<{frames}h", *range(start, start + frames))


def _samples(audio: bytes) -> NDArray[np.int16]:
    found: NDArray[np.int16] = np.frombuffer(audio[: len(audio) // 2 * 2], "<i2")
    return found


def samples(audio: bytes) -> list[int]:
    """The samples of pcm16 bytes, without half a sample at the end."""
    found: list[int] = _samples(audio).tolist()
    return found


def without_silence(audio: bytes) -> bytes:
    """The pcm16 from its first sample that is not 0 to its last one, including the silence between
    them."""
    marks = np.flatnonzero(_samples(audio))
    return audio[2 * marks[0] : 2 * (marks[-1] + 1)] if marks.size else b""


def write_wav(
    path: Path, audio: bytes, *, rate_hz: int = 24_000, channels: int = 1, width_bytes: int = 2
) -> Path:
    """Write a plain PCM file; returns its path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width_bytes)
        file.setframerate(rate_hz)
        file.writeframes(audio)
    return path


def sounding(audio: bytes) -> bytes:
    """The samples that are not 0."""
    found = _samples(audio)
    heard: bytes = found[found != 0].tobytes()
    return heard
