"""Detects speech in the microphone's audio, as the service should.

The module uses no clock: the caller gives the time of each block.
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from voicelive_common.voice_activity.band_levels import (
    BANDS,
    BLOCK_MS,
    QUIETEST_DB,
    SUPPORTED_RATES_HZ,
    BandMeter,
)
from voicelive_common.voice_activity.detector import (
    Endpointing,
    SpeechStarted,
    SpeechStopped,
    VoiceActivity,
)
from voicelive_common.voice_activity.periodicity import PeriodicityMeter

from voicelive_tui.audio.dsp.pcm import Samples
from voicelive_tui.audio.dsp.voice_end import BEFORE_MS, voice_end_ms

PAUSE_MS = 500
"""The silence that ends speech; a shorter one is a pause in it."""
_FAINTEST_RMS = 20.0
"""Below it, at -64 dBFS, a block is taken as silence without a closer look."""
_LEAST_POWER = 1.0
_FULL_SCALE_DB = 20 * math.log10(32_768)
_LOOK_BACK = 50
"""The blocks after which at the latest speech that has begun is certain."""
_SILENCE = (QUIETEST_DB,) * BANDS


@dataclass(frozen=True, slots=True)
class SpeechChange:
    """Speech began or ended at `at_s`, which is in the past when it is certain. The end is that of
    the last voiced sample. level_dbfs: the loudest block of it so far."""

    on: bool
    at_s: float
    level_dbfs: float


class SpeechDetector:
    """Takes blocks of 20 ms at `rate_hz`, one of `SUPPORTED_RATES_HZ`."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._tail: deque[Samples] = deque(maxlen=(BEFORE_MS + PAUSE_MS) // BLOCK_MS)
        self._bands = BandMeter(rate_hz)
        self._periodicity = PeriodicityMeter(self._bands.narrow_samples)
        self._activity = VoiceActivity()
        self._activity.configure(Endpointing(prefix_padding_ms=0, silence_duration_ms=PAUSE_MS))
        self._powers: deque[float] = deque(maxlen=_LOOK_BACK)
        """The mean squares of the last blocks."""
        self._loudest = 0.0

    @property
    def speaking(self) -> bool:
        """Whether speech began and has not ended."""
        return self._activity.speaking

    def feed(self, block: Samples, end_s: float) -> SpeechChange | None:
        """Take the next block, shape (frames,), which ended at `end_s`."""
        self._tail.append(block)
        wide = block.astype(np.float32)
        power = float(wide.dot(wide)) / wide.size
        self._powers.append(power)
        self._loudest = max(self._loudest, power)
        if power < _FAINTEST_RMS**2:
            mark = self._activity.feed(_SILENCE, self._periodicity.strength)
        else:
            narrow = self._bands.narrow(wide)
            self._periodicity.add(narrow)
            levels_db = self._bands.levels_db(narrow)
            mark = self._activity.feed(levels_db, self._periodicity.strength)
        match mark:
            case SpeechStarted(audio_start_ms=at_ms):
                began = (self._activity.position_ms - at_ms) // BLOCK_MS
                self._loudest = max(list(self._powers)[-began:], default=power)
                return SpeechChange(True, self._time_of(at_ms, end_s), self.level_dbfs)
            case SpeechStopped(audio_end_ms=at_ms):
                return SpeechChange(
                    False, self._voice_end(at_ms - PAUSE_MS, end_s), self.level_dbfs
                )
            case _:
                return None

    @property
    def level_dbfs(self) -> float:
        """The loudest block of the speech so far, or of what came after the last one."""
        return 10 * math.log10(max(self._loudest, _LEAST_POWER)) - _FULL_SCALE_DB

    def _voice_end(self, position_ms: int, end_s: float) -> float:
        """When the last voiced sample was heard. position_ms: where the detector saw the end."""
        tail = np.concatenate(self._tail)
        tail_ms = len(self._tail) * BLOCK_MS
        detected_ms = tail_ms - (self._activity.position_ms - position_ms)
        return end_s - (tail_ms - voice_end_ms(tail, self._rate_hz, detected_ms)) / 1000

    def _time_of(self, position_ms: int, end_s: float) -> float:
        return end_s - (self._activity.position_ms - position_ms) / 1000


def detector_for(rate_hz: int) -> SpeechDetector | None:
    """Return a detector for audio at this rate; None for a rate that none can take."""
    return SpeechDetector(rate_hz) if rate_hz in SUPPORTED_RATES_HZ else None
