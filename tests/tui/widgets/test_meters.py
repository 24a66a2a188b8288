"""The level meters as text, and which of their cells are painted again."""

from collections.abc import Iterator
from dataclasses import replace
from math import pi, sin
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region
from voicelive_tui.model.meter import FLOOR_DBFS, SILENT, Level, Meter
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionView
from voicelive_tui.tui.formatting import dbfs
from voicelive_tui.tui.widgets.meters import MeterBar, bar_spans, echo_word, scale
from voicelive_tui.tui.widgets.spans import cells


def test_a_meter_fills_by_zone_and_marks_the_held_peak() -> None:
    spans = bar_spans(Level(shown_dbfs=-30, hold_dbfs=-12), 60)
    assert spans[0] == ("■" * 30, "meter-low")
    assert [name for _, name in spans] == ["meter-low", "meter-off", "meter-hold", "meter-off"]
    assert cells(spans) == 60
    assert bar_spans(SILENT, 20) == [("─" * 20, "meter-off")]
    assert [name for _, name in bar_spans(Level(0, 0, 0), 60)] == [
        "meter-low",
        "meter-mid",
        "meter-high",
    ]


@pytest.mark.parametrize("bar", range(1, 90))
def test_the_scale_never_outgrows_its_bar_and_keeps_labels_apart(bar: int) -> None:
    shown = scale(bar)
    assert len(shown) <= bar
    if bar >= 12:
        assert shown.split()[0] == "-60"
        assert shown.split()[-1] == "0"


def test_echo_cancellation_is_named_as_the_service_confirmed_it() -> None:
    def session(effective: dict[str, object]) -> SessionSnapshot:
        return SessionSnapshot("k", "k", view=SessionView(effective=effective))

    assert (
        echo_word(session({"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}}))
        == "server"
    )
    assert echo_word(session({"input_audio_echo_cancellation": None})) == "off"
    assert echo_word(session({})) == "-"


@given(
    st.floats(FLOOR_DBFS, 0.0), st.floats(FLOOR_DBFS, 0.0), st.integers(min_value=1, max_value=90)
)
def test_every_cell_of_a_bar_has_its_zone(shown: float, hold: float, bar: int) -> None:
    spans = bar_spans(Level(shown, shown, hold), bar)
    assert cells(spans) == bar
    painted = "".join(text for text, _ in spans)
    filled = round((1 - shown / FLOOR_DBFS) * bar)
    assert painted.count("■") == filled
    assert painted.startswith("■" * filled)
    assert painted.count("┃") == (round((1 - hold / FLOOR_DBFS) * bar) > filled)
    looks = [look for text, look in spans for _ in text][:filled]
    assert looks == sorted(looks, key=["meter-low", "meter-mid", "meter-high"].index)


class PaintedMeter(MeterBar):
    """A meter that keeps what it asked to be painted."""

    def __init__(self) -> None:
        super().__init__("mic")
        self.asked: list[Region] = []
        self.whole = 0

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> "PaintedMeter":
        self.asked += regions
        self.whole += not regions
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class MeterApp(App[None]):
    """An app with nothing but a meter."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield PaintedMeter()

    @property
    def meter(self) -> PaintedMeter:
        return self.query_one(PaintedMeter)


def speech_levels() -> Iterator[Level]:
    """The levels of four seconds of syllables at the console's rate, one of them clipped."""
    meter = Meter()
    for step in range(48):
        now_s = step / 12
        peak_dbfs = -40 + 39.9 * abs(sin(2 * pi * 1.3 * now_s))
        meter.feed(peak_dbfs, peak_dbfs - 3, 5 if step == 20 else 0, now_s)
        yield meter.level(now_s)


def painted_cells(meter: MeterBar) -> list[tuple[str, object]]:
    """Character and style of each cell of the bar's row."""
    return [(char, part.style) for part in meter.render_line(0) for char in part.text]


async def test_a_step_of_a_meter_paints_from_its_first_changed_cell_to_its_last() -> None:
    async with MeterApp().run_test(size=(60, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        meter, label = pilot.app.meter, ("mic", "")
        meter.sync(SILENT, label)
        await pilot.pause()
        for level in speech_levels():
            before, meter.whole = painted_cells(meter), 0
            meter.asked.clear()
            moved = meter.sync(level, label)
            pairs = zip(before, painted_cells(meter), strict=True)
            changed = [cell for cell, (old, new) in enumerate(pairs) if old != new]
            assert moved == bool(changed)
            assert meter.whole == 0
            assert meter.asked == (
                [Region(changed[0], 0, changed[-1] + 1 - changed[0], 1)] if changed else []
            )


async def test_no_step_is_lost_when_the_beats_come_as_fast_as_the_levels() -> None:
    async with MeterApp().run_test(size=(60, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        meter = pilot.app.meter
        for level in speech_levels():
            meter.sync(level, ("mic", ""))
            await pilot.pause()
            shown = meter.render_lines(Region(0, 0, 60, 1))[0].text
            assert shown[-10:-5] == dbfs(level.hold_dbfs)
            assert shown.count("■") == round((1 - level.shown_dbfs / FLOOR_DBFS) * 44)
            assert shown.endswith("CLIP") == level.clipped


async def test_the_same_level_paints_nothing() -> None:
    async with MeterApp().run_test(size=(60, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        meter = pilot.app.meter
        for level in speech_levels():
            meter.sync(level, ("mic", ""))
            meter.asked.clear()
            meter.whole = 0
            assert not meter.sync(level, ("mic", ""))
            assert not meter.sync(replace(level), ("mic", ""))
            assert not meter.asked and not meter.whole
