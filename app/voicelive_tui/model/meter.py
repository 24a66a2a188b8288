"""Level meters: peak and RMS in dBFS with PPM-style ballistics, peak hold and a clip light."""

from dataclasses import dataclass

FLOOR_DBFS = -60.0


@dataclass(frozen=True, slots=True)
class Level:
    """What a meter shows now. All levels in dBFS, never below `FLOOR_DBFS`.

    shown_dbfs: the bar, instant attack and 20 dB per 1.7 s decay; rms_dbfs: of the last block; hold_dbfs: the peak mark;
    clipped: latched while three or more full-scale samples in a row were seen in the last seconds.
    """

    shown_dbfs: float = FLOOR_DBFS
    rms_dbfs: float = FLOOR_DBFS
    hold_dbfs: float = FLOOR_DBFS
    clipped: bool = False


SILENT = Level()
