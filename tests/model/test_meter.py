"""Meter ballistics: attack at once, 20 dB in 1.7 s down, hold, clip light."""

import math

import pytest
from voicelive_tui.model.meter import FLOOR_DBFS, HOLD_S, SILENT, Meter


def test_a_new_meter_is_silent() -> None:
    assert Meter().level(0.0) == SILENT
    assert Meter().level(1000.0) == SILENT


def test_attack_is_instant_and_decay_is_20_db_in_1700_ms() -> None:
    meter = Meter()
    meter.feed(-10, -20, 0, 5.0)
    assert meter.level(5.0).shown_dbfs == -10
    assert meter.level(6.7).shown_dbfs == pytest.approx(-30)
    assert meter.level(100).shown_dbfs == FLOOR_DBFS


def test_a_softer_block_does_not_pull_the_bar_down() -> None:
    meter = Meter()
    meter.feed(-10, -20, 0, 5.0)
    meter.feed(-50, -55, 0, 5.85)
    assert meter.level(5.85).shown_dbfs == pytest.approx(-20)
    meter.feed(-12, -20, 0, 5.85)
    assert meter.level(5.85).shown_dbfs == -12


def test_the_mark_holds_and_then_falls() -> None:
    meter = Meter()
    meter.feed(-10, -20, 0, 5.0)
    meter.feed(-30, -40, 0, 5.5)
    assert meter.level(5.0 + HOLD_S).hold_dbfs == -10
    assert meter.level(5.0 + HOLD_S + 1.7).hold_dbfs == pytest.approx(-30)


def test_the_clip_light_needs_three_samples_in_a_row_and_stays_a_while() -> None:
    meter = Meter()
    meter.feed(0, -3, 2, 5.0)
    assert not meter.level(5.0).clipped
    meter.feed(0, -3, 3, 5.0)
    meter.feed(-40, -43, 0, 5.1)
    assert meter.level(5.2).clipped
    assert not meter.level(9.0).clipped


@pytest.mark.parametrize("odd", [-math.inf, math.nan, -200.0])
def test_digital_silence_and_nonsense_are_the_floor(odd: float) -> None:
    meter = Meter()
    meter.feed(odd, odd, 0, 1.0)
    assert meter.level(1.0) == SILENT


def test_levels_above_full_scale_stop_at_zero() -> None:
    meter = Meter()
    meter.feed(3.0, 1.0, 0, 1.0)
    assert (meter.level(1.0).shown_dbfs, meter.level(1.0).rms_dbfs) == (0, 0)


def test_an_old_block_says_nothing_about_now() -> None:
    meter = Meter()
    meter.feed(-10, -20, 0, 1.0)
    assert meter.level(1.1).rms_dbfs == -20
    assert meter.level(2.0).rms_dbfs == FLOOR_DBFS
