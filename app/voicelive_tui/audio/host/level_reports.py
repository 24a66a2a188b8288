"""Measures the levels that the console shows, 25 times a second. The console draws about twelve
times a second, so not every block of 20 ms needs a report of its own."""

from typing import Literal

from voicelive_tui.audio.dsp.pcm import Samples, measure
from voicelive_tui.audio.ipc.messages import Levels

REPORTS_PER_S = 25
REPORT_S = 1 / REPORTS_PER_S


def level_report(source: Literal["mic", "agent"], samples: Samples) -> Levels:
    """Measure the audio since the last report, shape (frames,); none at all counts as silence."""
    reading = measure(samples)
    return Levels(source, reading.peak_dbfs, reading.rms_dbfs, reading.full_scale)
