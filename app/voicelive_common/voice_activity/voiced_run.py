"""The run of speech that may become a turn, and the tests that tell a voice from a room's new
noise."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from voicelive_common.voice_activity.band_levels import BANDS, BLOCK_MS

# Measures the newest block, with a weight for each band; see PeriodicityMeter.strength.
Periodicity = Callable[[Sequence[float]], float]

# The periodicity that only a voice reaches: 0.51 with four equal bands, 0.9 with a single one,
# where noise is more periodic too.
VOICED, VOICED_PER_BAND = 1.03, -0.13
FALL_DB = 8.0  # of all bands together: syllables end, while a room's noise stays
ROOM_MS = 300  # a run that is neither periodic nor falling for so long is the room's noise


class VoicedRun:
    """A run of speech from its first block, `start`, on.

    `blocks` counts the blocks of speech minus those of pauses, `silent` the blocks since the last
    speech. The run is a voice as soon as one block is periodic, or the level falls as it does
    between syllables.
    """

    __slots__ = ("_before_db", "_peak_db", "blocks", "silent", "start", "voice")

    def __init__(self, start: int) -> None:
        self.start = start
        self.blocks = self.silent = 0
        self.voice = False
        self._peak_db = self._before_db = -math.inf

    def count(self, speech: bool) -> bool:
        """Count a block of speech up and any other down, so that a gap between syllables does no
        harm and clicks do not add up. Return False when the run has ended."""
        self.blocks += 1 if speech else -1
        self.silent = 0 if speech else self.silent + 1
        return self.blocks > 0

    def is_falling(self, levels_db: Sequence[float]) -> bool:
        """Whether this block and the one before are both far below the loudest two in a row. Two
        are needed: a switch's click is louder than its fan too, and a buzz beats with the
        blocks."""
        level_db = sum(levels_db) / BANDS
        self._peak_db = max(self._peak_db, min(level_db, self._before_db))
        fall_db = self._peak_db - max(level_db, self._before_db)
        self._before_db = level_db
        return fall_db > FALL_DB

    def is_room(self, block: int) -> bool:
        """Whether the run is the room's noise, at the end of block `block`."""
        return not self.voice and (block + 1 - self.start) * BLOCK_MS >= ROOM_MS


def is_voiced(above_db: Sequence[float], periodicity: Periodicity) -> bool:
    """Whether a block is periodic in the bands that are `above_db` above their noise; at least one
    of them is."""
    weights = [above * above for above in above_db]
    bands = sum(weights) ** 2 / sum(weight * weight for weight in weights)
    return periodicity(weights) > VOICED + VOICED_PER_BAND * bands
