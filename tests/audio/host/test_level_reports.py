"""Neighbouring blocks share one report, in which no loud block is lost."""

import math

import pytest
from voicelive_tui.audio.dsp.pcm import SILENCE, LevelReading
from voicelive_tui.audio.host.level_reports import LevelReports
from voicelive_tui.audio.ipc.messages import AudioMessage, Levels


def test_a_report_has_the_highest_peak_the_mean_power_and_the_longest_run() -> None:
    posted: list[AudioMessage] = []
    reports = LevelReports("mic", posted.append)
    reports.feed(LevelReading(-3.0, -10.0, 4))
    assert posted == []
    reports.feed(LevelReading(-20.0, -10.0, 0))
    (report,) = posted
    assert isinstance(report, Levels)
    assert (report.source, report.peak_dbfs, report.full_scale) == ("mic", -3.0, 4)
    assert report.rms_dbfs == pytest.approx(-10.0)


def test_silence_stays_silence_and_half_of_it_takes_three_decibels_from_the_rest() -> None:
    posted: list[AudioMessage] = []
    reports = LevelReports("agent", posted.append)
    for reading in (SILENCE, SILENCE, LevelReading(-6.0, -9.0, 0), SILENCE):
        reports.feed(reading)
    silent, half = posted
    assert silent == Levels("agent", -math.inf, -math.inf, 0)
    assert isinstance(half, Levels)
    assert half.rms_dbfs == pytest.approx(-12.01, abs=0.01)
