"""Level meters: peak and RMS in dBFS with PPM-style ballistics, peak hold and a clip light."""

from dataclasses import dataclass

FLOOR_DBFS = -60.0


@dataclass(frozen=True, slots=True)
class Level:
    """The state of a meter. All levels are in dBFS and never below `FLOOR_DBFS`.

    shown_dbfs: the bar, with instant attack and a decay of 20 dB in 1.7 s. rms_dbfs: the RMS of the
    last block. hold_dbfs: the peak mark. clipped: whether three or more full-scale samples in a row
    came in the last `CLIP_LIGHT_S`.
    """

    shown_dbfs: float = FLOOR_DBFS
    rms_dbfs: float = FLOOR_DBFS
    hold_dbfs: float = FLOOR_DBFS
    clipped: bool = False


SILENT = Level()

DECAY_DB_PER_S = 20 / 1.7
HOLD_S = 1.0
CLIP_RUN = 3
"""The number of full-scale samples in a row that light the clip light. Three is the common choice;
IEC 60268-10 defines no clip light."""
CLIP_LIGHT_S = 3.0
STALE_S = 0.3
"""The age at which a block no longer counts for the RMS."""


class Meter:
    """The ballistics of one meter: instant attack, a decay of 20 dB in 1.7 s, a peak mark held for
    a second, a clip light.

    Times are seconds of any one monotonic clock. The decay is that of a peak programme
    meter of type I (measurements.md 5).
    """

    def __init__(self) -> None:
        self._shown_dbfs = FLOOR_DBFS
        self._shown_at_s = 0.0
        self._hold_dbfs = FLOOR_DBFS
        self._hold_at_s = 0.0
        self._rms_dbfs = FLOOR_DBFS
        self._fed_at_s = -STALE_S
        self._clipped_until_s = 0.0

    def feed(self, peak_dbfs: float, rms_dbfs: float, full_scale: int, now_s: float) -> None:
        """Process the levels of a block in dBFS (-inf for digital silence) and its longest run of
        full-scale samples."""
        peak = _bounded(peak_dbfs)
        if peak >= self._decayed(now_s):
            self._shown_dbfs, self._shown_at_s = peak, now_s
        if peak >= self._held(now_s):
            self._hold_dbfs, self._hold_at_s = peak, now_s
        self._rms_dbfs, self._fed_at_s = _bounded(rms_dbfs), now_s
        if full_scale >= CLIP_RUN:
            self._clipped_until_s = now_s + CLIP_LIGHT_S

    def level(self, now_s: float) -> Level:
        """Return the state of the meter at this time."""
        return Level(
            shown_dbfs=self._decayed(now_s),
            rms_dbfs=self._rms_dbfs if now_s - self._fed_at_s < STALE_S else FLOOR_DBFS,
            hold_dbfs=self._held(now_s),
            clipped=now_s < self._clipped_until_s,
        )

    def _decayed(self, now_s: float) -> float:
        return max(
            FLOOR_DBFS, self._shown_dbfs - DECAY_DB_PER_S * max(0.0, now_s - self._shown_at_s)
        )

    def _held(self, now_s: float) -> float:
        """The peak mark stays for `HOLD_S` and then falls like the bar."""
        falling_s = max(0.0, now_s - self._hold_at_s - HOLD_S)
        return max(FLOOR_DBFS, self._hold_dbfs - DECAY_DB_PER_S * falling_s)


def _bounded(dbfs: float) -> float:
    # NaN compares false with everything, so it becomes the floor too.
    return min(dbfs, 0.0) if dbfs > FLOOR_DBFS else FLOOR_DBFS
