"""Measures speech from block levels alone: duration, level, noise, clipping."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

from voicelive_common.voice_activity.band_levels import BLOCK_MS

from voicelive_simulator.sound.echo import Echo

SILENCE_DBFS = -96.0  # the smallest step of 16-bit audio; no lower level is reported
CLIP_RUN = 3


def dbfs(power: float) -> float:
    """Convert the power of samples in -1..1 to dB relative to full scale (0 dBFS is a full-scale
    square wave), at least SILENCE_DBFS."""
    return max(SILENCE_DBFS, 10.0 * math.log10(power)) if power > 0.0 else SILENCE_DBFS


@dataclass(frozen=True, slots=True)
class Measurement:
    """The measurement of one turn.

    `level_dbfs` is the mean level of its speech (of everything when there was none), `noise_dbfs`
    that of its noise, None when there was only speech; `clipped` counts full-scale samples in runs
    of three or more. The speech begins `speech_start_ms` into the turn; `echo` is set when the
    client sends a reference of what it plays.
    """

    audio_ms: int
    speech_ms: int
    level_dbfs: float
    noise_dbfs: float | None
    clipped: int
    speech_start_ms: int = 0
    echo: Echo | None = None

    @property
    def snr_db(self) -> float | None:
        return None if self.noise_dbfs is None else self.level_dbfs - self.noise_dbfs

    @property
    def transcript(self) -> str:
        """The transcript of a recogniser without a model: the measured figures."""
        kind = "speech" if self.speech_ms else "no speech"
        seconds = (self.speech_ms or self.audio_ms) / 1000
        return f"[{kind}, {seconds:.1f} s, {self.level_dbfs:.0f} dBFS]"


class BlockLog:
    """The levels of the blocks in the input buffer. When it reaches twice `most` blocks, the older
    half is dropped, but still counts as time."""

    def __init__(self, most: int = 600_000 // BLOCK_MS) -> None:
        self._most = most
        self._power = array("f")
        self._clipped = array("H")
        self._speech = bytearray()
        self._first = 0

    @property
    def end(self) -> int:
        """The index after the last block, counted from the session's start."""
        return self._first + len(self._speech)

    def add(self, power: float, clipped: int, speech: bool) -> None:
        self._power.append(power)
        self._clipped.append(min(clipped, 65535))
        self._speech.append(speech)
        if len(self._speech) >= 2 * self._most:
            self.forget(self.end - self._most)

    def forget(self, before: int) -> None:
        """Drop the blocks before this one."""
        count = min(max(0, before - self._first), len(self._speech))
        del self._power[:count], self._clipped[:count], self._speech[:count]
        self._first += count

    def measure(self, start: int, end: int) -> Measurement:
        """Measure the blocks from `start` to `end`; dropped ones count as time only."""
        low, high = max(0, start - self._first), max(0, end - self._first)
        power, flags = self._power[low:high], self._speech[low:high]
        spoken = [p for p, flag in zip(power, flags, strict=True) if flag]
        noise = sorted(p for p, flag in zip(power, flags, strict=True) if not flag)
        level = sum(spoken) / len(spoken) if spoken else (sum(noise) / len(noise) if noise else 0.0)
        speech_blocks = flags.rfind(1) - flags.find(1) + 1 if spoken else 0
        return Measurement(
            audio_ms=(end - start) * BLOCK_MS,
            speech_ms=speech_blocks * BLOCK_MS,
            level_dbfs=dbfs(level),
            # The lower quartile: blocks next to speech contain its decay, which is not the room's
            # noise.
            noise_dbfs=dbfs(noise[len(noise) // 4]) if noise else None,
            clipped=sum(self._clipped[low:high]),
            speech_start_ms=(max(0, self._first - start) + flags.find(1)) * BLOCK_MS
            if spoken
            else 0,
        )
