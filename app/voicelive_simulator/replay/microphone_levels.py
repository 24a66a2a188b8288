"""Measures the sound from the microphone in a way that depends neither on the size of chunks nor on
the silence between turns.

A block of 10 ms counts as sound when its level is above the recording's own threshold, which is
half-way between its quiet and its loud blocks. The same threshold applies to the live client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from voicelive_common import g711

from voicelive_simulator.api.session_fields import DEFAULT_RATE_HZ
from voicelive_simulator.sound.input_audio import InputFormat

BLOCK_MS = 10
_QUIETEST_DB = -90.0
_LOWEST_DB, _HIGHEST_DB = -60.0, -30.0  # of the threshold
_BLOCKS_AT_ONCE = 1000

Levels = npt.NDArray[np.float32]


def input_format(session: Mapping[str, Any], now: InputFormat) -> InputFormat:
    """The microphone's format after a session object was received; fields that it lacks keep their
    values (protocol.md 6 and 7)."""
    codec = session.get("input_audio_format")
    codec = codec if isinstance(codec, str) and codec in DEFAULT_RATE_HZ else now.codec
    rate = session.get("input_audio_sampling_rate")
    if isinstance(rate, bool) or not isinstance(rate, int) or not 1000 <= rate <= 192_000:
        rate = now.rate_hz if codec == now.codec else DEFAULT_RATE_HZ[codec]
    echo = session.get("input_audio_echo_cancellation", ...)
    channels = now.channels
    if echo is not ...:
        channels = 2 if isinstance(echo, dict) and echo.get("channels") == 2 else 1
    return InputFormat(codec, rate, channels)


class MicrophoneLevels:
    """Converts bytes from the microphone to the level of each complete block of 10 ms (dBFS, at
    least -90)."""

    def __init__(self) -> None:
        self.format = InputFormat()
        self._rest = b""

    def configure(self, audio_format: InputFormat) -> None:
        """Change the format. An incomplete block in the old format is dropped."""
        if audio_format != self.format:
            self.format, self._rest = audio_format, b""

    def feed(self, audio: bytes) -> Levels:
        audio = self._rest + audio
        samples = self.format.rate_hz * BLOCK_MS // 1000
        size = samples * self.format.frame_bytes
        whole = len(audio) // size * size
        self._rest = audio[whole:]
        step = size * _BLOCKS_AT_ONCE
        parts = [
            self._levels(audio[at : min(at + step, whole)], samples) for at in range(0, whole, step)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _levels(self, audio: bytes, samples: int) -> Levels:
        if self.format.codec == "pcm16":
            heard = np.frombuffer(audio, dtype="<i2")[:: self.format.channels]
        else:
            heard = g711.decode(audio, self.format.codec)[:: self.format.channels]
        scaled = heard.astype(np.float32).reshape(-1, samples) / 32768.0
        powers = np.mean(scaled * scaled, axis=1)
        levels: Levels = np.maximum(10.0 * np.log10(powers + 1e-12), _QUIETEST_DB).astype(
            np.float32
        )
        return levels


def threshold_db(levels: Levels) -> float:
    """The level above which a block of a recording with these levels counts as sound; -inf without
    levels."""
    if not len(levels):
        return -np.inf
    quiet, loud = np.percentile(levels, (10, 95))
    return float(np.clip((quiet + loud) / 2, _LOWEST_DB, _HIGHEST_DB))
