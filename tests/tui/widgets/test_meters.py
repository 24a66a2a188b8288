"""The meters and the evidence beside them as text, and which of their cells are painted again."""

from collections.abc import Iterator
from dataclasses import replace
from math import pi, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region
from voicelive_tui.model.meter import FLOOR_DBFS, SILENT, Level, Meter
from voicelive_tui.model.session.recording_status import RecordingStatus
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    SessionSnapshot,
    SessionState,
    SessionView,
    SoundLink,
)
from voicelive_tui.tui.widgets.meters import (
    MeterRow,
    bar_spans,
    echo_word,
    evidence,
    meter_sizes,
    meter_state,
    meter_states,
)
from voicelive_tui.tui.widgets.spans import Spans, cells

from tests.tui.support.paint_recorder import PaintRecorder
from tests.tui.support.spans import text_of

AUDIO = AudioStatus(input_name="headset", output_name="headset", running=True)
FULL, HALF = "\u2588", "\u258c"


def bar(level: Level, cells_of_bar: int) -> Spans:
    state = meter_state(level, ("mic", ""), 5, cells_of_bar)
    return bar_spans(state.bar, state.halves, state.held)


def test_a_meter_fills_by_zone_and_marks_the_held_peak() -> None:
    spans = bar(Level(shown_dbfs=-29, hold_dbfs=-12), 60)
    assert spans[0] == (FULL * 30, "meter-faint")
    assert [name for _, name in spans] == ["meter-faint", "meter-low", "", "meter-hold", ""]
    assert cells(spans) == 60
    assert bar(SILENT, 20) == ((" " * 20, ""),)
    assert [name for _, name in bar(Level(0, 0, 0), 60)] == [
        "meter-faint",
        "meter-low",
        "meter-mid",
        "meter-high",
    ]


@given(
    st.floats(FLOOR_DBFS, 0.0), st.floats(FLOOR_DBFS, 0.0), st.integers(min_value=1, max_value=90)
)
def test_every_cell_of_a_bar_has_its_zone(shown: float, hold: float, length: int) -> None:
    spans = bar(Level(shown, shown, hold), length)
    assert cells(spans) == length
    painted = "".join(text for text, _ in spans)
    halves = round((1 - shown / FLOOR_DBFS) * length * 2)
    assert painted.count(FULL) * 2 + painted.count(HALF) == halves
    held_at = (round((1 - hold / FLOOR_DBFS) * length * 2) + 1) // 2
    assert painted.count("▏") == (held_at > (halves + 1) // 2)
    looks = [look for text, look in spans for cell in text if cell in (FULL, HALF)]
    order = ["meter-faint", "meter-low", "meter-mid", "meter-high"]
    assert looks == sorted(looks, key=order.index)


@pytest.mark.parametrize(
    ("columns", "length"), [(80, 10), (99, 10), (100, 16), (120, 22), (160, 30), (220, 30)]
)
def test_the_meters_have_their_length_by_the_width_of_the_screen(columns: int, length: int) -> None:
    assert meter_sizes(columns).bar == length


def test_both_meters_and_the_evidence_fit_at_every_width() -> None:
    view = SessionView(dropped_blocks=999, underruns=99)
    recorded = RecordingStatus(wanted=True, problem="The disk is full.")
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, recording=recorded, view=view)
    for columns in range(80, 221):
        room = columns - meter_sizes(columns).both
        shown = text_of(evidence(session, room))
        assert len(shown) <= room
        assert shown.endswith("rec NO ")
        assert "drops 999" in shown and "gaps 99" in shown


SITUATIONS: dict[str, dict[str, Any]] = {
    "silent": {},
    "loud": {"mic": Level(-1, -1, -0.4, True), "assistant": Level(-20, -20, -10)},
    "muted": {"muted": True, "mic": Level(-1, -1, -1, True)},
    "off air": {"on_air": None},
    "no devices": {"audio": AudioStatus()},
    "long names": {"audio": AudioStatus("名前" * 40, "x" * 80, host="studio")},
}


@pytest.mark.parametrize("columns", [80, 100, 120, 160])
def test_a_meter_never_changes_its_place_its_length_or_its_scale(columns: int) -> None:
    sizes = meter_sizes(columns)
    for name, changes in SITUATIONS.items():
        snapshot = EngineSnapshot(**{"on_air": "k", "audio": AUDIO, **changes})
        mic, agent = (state.spans() for state in meter_states(snapshot, sizes))
        assert cells(mic) == sizes.meter(sizes.mic), name
        assert cells(agent) == sizes.meter(sizes.agent), name
        assert cells(mic[:3]) == sizes.mic + 2, name
        end = "!" if name == "loud" else "│"
        assert mic[-2][0] == end, name
        assert cells(mic[-1:]) == 7, name


def test_a_meter_that_measures_nothing_says_so_in_a_word() -> None:
    sizes = meter_sizes(100)

    def figures(**changes: Any) -> list[str]:
        snapshot = EngineSnapshot(**{"on_air": "k", "audio": AUDIO, **changes})
        return [state.figure.strip() for state in meter_states(snapshot, sizes)]

    assert figures(mic=Level(-51, -51, -50.6)) == ["-51 dB", "-60 dB"]
    assert figures(muted=True) == ["muted", "-60 dB"]
    assert figures(on_air=None) == ["off", "off"]
    assert figures(audio=AudioStatus(input_name="headset")) == ["-60 dB", "off"]


def test_a_muted_microphone_says_so_in_place_of_its_name() -> None:
    mic, _ = meter_states(EngineSnapshot(on_air="k", audio=AUDIO, muted=True), meter_sizes(100))
    assert mic.label == ("MUTED", "warn")
    remote = replace(AUDIO, host="laptop")
    mic, _ = meter_states(EngineSnapshot(on_air="k", audio=remote), meter_sizes(120))
    assert mic.label[0].rstrip() == "mic laptop:headset"
    there = replace(remote, link=SoundLink("laptop", muted=True))
    mic, _ = meter_states(EngineSnapshot(on_air="k", audio=there), meter_sizes(120))
    assert (mic.label[0].rstrip(), mic.figure.strip()) == ("MUTED laptop:head…", "muted")
    file = AudioStatus(input_name="/home/ada/question.wav", input_is_file=True)
    mic, _ = meter_states(EngineSnapshot(on_air="k", audio=file), meter_sizes(120))
    assert mic.label[0].rstrip() == "mic question.wav"


LINKED = replace(AUDIO, host="server", link=SoundLink("laptop", "ssh", 23))


@pytest.mark.parametrize(
    ("columns", "lost_for", "muted", "labels", "figures"),
    [
        (80, "", False, ["mic", "agent"], ["-60 dB", "-60 dB"]),
        (80, "12 s", False, ["mic", "agent"], ["lost", "lost"]),
        (80, "12 s", True, ["MUTED", "agent"], ["lost", "lost"]),
        (120, "", False, ["mic laptop:headset", "agent hea…"], ["-60 dB", "-60 dB"]),
        (120, "12 s", False, ["mic lost", "agent lost"], ["12 s", "12 s"]),
        (120, "1:40", True, ["MUTED lost", "agent lost"], ["1:40", "1:40"]),
        (120, "11:02:03", False, ["mic lost", "agent lost"], ["lost", "lost"]),
    ],
)
def test_over_a_link_the_machine_is_named_and_a_loss_is_counted(
    columns: int, lost_for: str, muted: bool, labels: list[str], figures: list[str]
) -> None:
    snapshot = EngineSnapshot(on_air="k", audio=LINKED, muted=muted)
    sizes = meter_sizes(columns)
    meters = meter_states(snapshot, sizes, lost_for)
    assert [meter.label[0].rstrip() for meter in meters] == labels
    assert [meter.figure.strip() for meter in meters] == figures
    assert [cells(meter.spans()) for meter in meters] == [
        sizes.meter(sizes.mic), sizes.meter(sizes.agent),
    ]  # fmt: skip


def test_without_a_session_on_air_nothing_is_lost() -> None:
    meters = meter_states(EngineSnapshot(audio=LINKED), meter_sizes(120), "12 s")
    assert [meter.figure.strip() for meter in meters] == ["off", "off"]


async def test_the_count_of_a_lost_link_is_drawn_although_no_level_moves() -> None:
    lost = replace(LINKED, link=SoundLink("laptop", lost_s=10.0))
    async with MeterApp().run_test(size=(120, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        row = pilot.app.meters
        for now_s, age in ((11.5, "1 s"), (12.5, "2 s")):
            row.sync(EngineSnapshot(on_air="k", audio=lost), None, now_s)
            assert f"{age} " in row.text


def test_echo_cancellation_is_named_as_the_service_confirmed_it() -> None:
    def session(effective: dict[str, object]) -> SessionSnapshot:
        return SessionSnapshot("k", "k", view=SessionView(effective=effective))

    assert (
        echo_word(session({"input_audio_echo_cancellation": {"type": "server_echo_cancellation"}}))
        == "server"
    )
    assert echo_word(session({"input_audio_echo_cancellation": None})) == "off"
    assert echo_word(session({})) == ""


@pytest.mark.parametrize(
    ("state", "recording", "words"),
    [
        (SessionState.OFF, RecordingStatus(), ""),
        (SessionState.CONNECTING, RecordingStatus(), "drops 0  gaps 0 "),
        (SessionState.CONNECTED, RecordingStatus(wanted=True), "drops 0  gaps 0  rec on "),
        (SessionState.CONNECTED, RecordingStatus(), "drops 0  gaps 0  rec off "),
        (SessionState.RECORDED, RecordingStatus(), "drops 0  gaps 0 "),
    ],
    ids=str,
)
def test_the_evidence_says_whether_the_session_is_recorded(
    state: SessionState, recording: RecordingStatus, words: str
) -> None:
    assert text_of(evidence(SessionSnapshot("k", "k", state, recording=recording), 40)) == words


class PaintedMeters(PaintRecorder, MeterRow):
    """A row of meters that keeps what it asked to be painted."""


class MeterApp(App[None]):
    """An app with nothing but the row of the meters."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield PaintedMeters()

    @property
    def meters(self) -> PaintedMeters:
        return self.query_one(PaintedMeters)


def speech_levels() -> Iterator[EngineSnapshot]:
    """The levels of four seconds of syllables at the console's rate, one of them clipped. The agent
    speaks in the last two."""
    meter = Meter()
    for step in range(48):
        now_s = step / 12
        peak_dbfs = -40 + 39.9 * abs(sin(2 * pi * 1.3 * now_s))
        meter.feed(peak_dbfs, peak_dbfs - 3, 5 if step == 20 else 0, now_s)
        level = meter.level(now_s)
        agent = level if step >= 24 else SILENT
        yield EngineSnapshot(on_air="k", audio=AUDIO, mic=level, assistant=agent)


def painted_cells(row: MeterRow) -> list[tuple[str, object]]:
    """Character and style of each cell of the row."""
    return [(char, part.style) for part in row.render_line(0) for char in part.text]


async def test_a_step_of_a_meter_paints_from_its_first_changed_cell_to_its_last() -> None:
    async with MeterApp().run_test(size=(80, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        row = pilot.app.meters
        row.sync(EngineSnapshot(on_air="k", audio=AUDIO), None, 0.0)
        await pilot.pause()
        agent_at = 1 + 5 + 1 + 10 + 1 + 7
        for snapshot in speech_levels():
            before = painted_cells(row)
            row.asked.clear()
            moved = row.show_levels(snapshot, 0.0)
            pairs = zip(before, painted_cells(row), strict=True)
            changed = [cell for cell, (old, new) in enumerate(pairs) if old != new]
            parts = [
                [cell for cell in changed if cell < agent_at],
                [cell for cell in changed if cell >= agent_at],
            ]
            assert moved == bool(changed)
            assert row.asked == [
                Region(part[0], 0, part[-1] + 1 - part[0], 1) for part in parts if part
            ]


async def test_no_step_is_lost_when_the_beats_come_as_fast_as_the_levels() -> None:
    async with MeterApp().run_test(size=(80, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        row = pilot.app.meters
        for snapshot in speech_levels():
            row.sync(snapshot, None, 0.0)
            await pilot.pause()
            shown = row.render_lines(Region(0, 0, 80, 1))[0].text[:25]
            assert shown.endswith(f"{round(snapshot.mic.hold_dbfs)} dB")
            halves = round((1 - snapshot.mic.shown_dbfs / FLOOR_DBFS) * 20)
            assert shown.count(FULL) * 2 + shown.count(HALF) == halves
            assert ("!" in shown) == snapshot.mic.clipped


async def test_the_same_level_paints_nothing() -> None:
    async with MeterApp().run_test(size=(80, 2)) as pilot:
        assert isinstance(pilot.app, MeterApp)
        row = pilot.app.meters
        for snapshot in speech_levels():
            row.sync(snapshot, None, 0.0)
            row.asked.clear()
            assert not row.show_levels(snapshot, 0.0)
            assert not row.show_levels(replace(snapshot, mic=replace(snapshot.mic)), 0.0)
            assert not row.asked
