"""Reports levels to the console. The console draws about twelve times a second, so not every block
needs a message of its own."""

import math
from collections.abc import Callable
from typing import Literal

from voicelive_tui.audio.dsp.pcm import LevelReading
from voicelive_tui.audio.ipc.messages import AudioMessage, Levels

BLOCKS_PER_REPORT = 2


class LevelReports:
    """Combines the readings of two successive blocks: the highest peak, the mean power, the longest
    run."""

    def __init__(
        self, source: Literal["mic", "agent"], post: Callable[[AudioMessage], None]
    ) -> None:
        self._source = source
        self._post = post
        self._readings: list[LevelReading] = []

    def feed(self, reading: LevelReading) -> None:
        """Add one block's reading. Every second call sends a report."""
        self._readings.append(reading)
        if len(self._readings) < BLOCKS_PER_REPORT:
            return
        readings, self._readings = self._readings, []
        power = sum(10 ** (one.rms_dbfs / 10) for one in readings) / len(readings)
        rms_dbfs = 10 * math.log10(power) if power else -math.inf
        peak_dbfs = max(one.peak_dbfs for one in readings)
        self._post(
            Levels(self._source, peak_dbfs, rms_dbfs, max(one.full_scale for one in readings))
        )
