"""One report stands for 40 ms, in which no loud sample is lost."""

import math

import numpy as np
import pytest
from voicelive_tui.audio.host.level_reports import level_report
from voicelive_tui.audio.ipc.messages import Levels

STEP = 960


def test_a_report_has_the_highest_peak_the_mean_power_and_the_longest_run() -> None:
    samples = np.full(STEP, 3_277, np.int16)
    samples[:4] = 32_767
    samples[700:702] = -32_768
    report = level_report("mic", samples)
    power = ((samples.astype(float) / 32_768) ** 2).mean()
    assert (report.source, report.peak_dbfs, report.full_scale) == ("mic", 0.0, 4)
    assert report.rms_dbfs == pytest.approx(10 * math.log10(power))


def test_silence_stays_silence_and_half_of_it_takes_three_decibels_from_the_rest() -> None:
    loud = np.full(STEP, 8_000, np.int16)
    half = loud.copy()
    half[STEP // 2 :] = 0
    silence = Levels("agent", -math.inf, -math.inf, 0)
    assert level_report("agent", half[STEP // 2 :]) == silence
    assert level_report("agent", half[:0]) == silence
    full_dbfs, half_dbfs = (level_report("agent", each).rms_dbfs for each in (loud, half))
    assert full_dbfs - half_dbfs == pytest.approx(3.01, abs=0.01)
