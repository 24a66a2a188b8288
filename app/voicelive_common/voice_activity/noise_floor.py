"""Tracks the noise floor of one band: minimum statistics over two seconds, block by block."""

from __future__ import annotations

from voicelive_common.voice_activity.band_levels import BLOCK_MS

SECTION_BLOCKS = 200 // BLOCK_MS
SECTIONS = 10
SMOOTHING = 0.7
QUIETEST_DB = -70.0  # a room that becomes audible after digital silence must not count as speech
# Per block while the floor is held: a long vowel must not become the floor.
RISE_DB = 3.0 * BLOCK_MS / 1000


class NoiseFloor:
    """The minimum of the smoothed levels of the last 1.8 to 2 seconds: a window of sections, of
    which the newest is still open."""

    __slots__ = ("_count", "_floor_db", "_open_db", "_sections", "_smooth_db", "_window_db")

    def __init__(self) -> None:
        self._smooth_db = 0.0  # louder than any level, so the first level replaces it at once
        self._sections: list[float] = []
        self._window_db = self._open_db = 0.0
        self._count = 0
        self._floor_db = QUIETEST_DB

    def restart(self) -> None:
        """Forget the past: the next level is the room's."""
        self._sections, self._count = [], 0

    def follow(self, level_db: float, *, held: bool) -> float:
        """Return the floor in dB, this block included. While `held`, which means that someone
        speaks, the floor rises only slowly."""
        smooth = (
            level_db
            if level_db < self._smooth_db
            else SMOOTHING * self._smooth_db + (1 - SMOOTHING) * level_db
        )
        self._smooth_db = smooth
        if not self._count or smooth < self._open_db:
            self._open_db = smooth
        self._count += 1
        floor = (
            self._open_db
            if not self._sections or self._open_db < self._window_db
            else self._window_db
        )
        if self._count == SECTION_BLOCKS:
            self._sections = [*self._sections, self._open_db][1 - SECTIONS :]
            self._window_db, self._count = min(self._sections), 0
        if floor < QUIETEST_DB:
            floor = QUIETEST_DB
        if held and floor > self._floor_db + RISE_DB:
            floor = self._floor_db + RISE_DB
        self._floor_db = floor
        return floor
