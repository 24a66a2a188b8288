"""Tests for the cells of the timeline: every glyph that a lane or the axis may have."""

from collections.abc import Sequence
from typing import Any

import pytest
from voicelive_tui.model.timeline.lanes import (
    ColumnSpan,
    HeardAnswer,
    HeardLatency,
    Lanes,
    SpeechSpan,
    ToolRun,
)
from voicelive_tui.model.timeline.loudness import CLIPPED, level_of
from voicelive_tui.model.timeline.window import TimeWindow
from voicelive_tui.tui.formatting import time_text
from voicelive_tui.tui.timeline_rows import (
    FOUR_LANES,
    LABEL_CELLS,
    TWO_LANES,
    Lane,
    axis_row,
    lane_rows,
)

from tests.support.step_count import steps

COLUMNS = 24


def lanes(you: Sequence[int] = (), agent: Sequence[int] = (), **more: Any) -> Lanes:
    window = TimeWindow.ending_at(64.9, 2, COLUMNS)
    return Lanes(
        window,
        bytes(you).ljust(COLUMNS, b"\0"),
        bytes(agent).ljust(COLUMNS, b"\0"),
        more.pop("answers", ()),
        more.pop("echoes", ()),
        **more,
    )


def lane(shown: Lanes, name: Lane, cursor: int | None = None) -> str:
    """The drawn columns of a lane, without blanks at the end."""
    names = FOUR_LANES if name in ("tools", "vad") else TWO_LANES
    rows = dict(zip(names, lane_rows(shown, names, cursor), strict=True))
    return rows[name].glyphs[LABEL_CELLS:].rstrip()


@pytest.mark.parametrize(
    ("dbfs", "glyph"),
    [(-60, ""), (-54.5, ""), (-54, "▁"), (-48, "▂"), (-42, "▃"), (-36, "▄"), (-30, "▅"),
     (-24, "▆"), (-18, "▇"), (-12, "█"), (0, "█")],
)  # fmt: skip
def test_an_eighth_stands_for_six_decibels(dbfs: float, glyph: str) -> None:
    assert lane(lanes([level_of(dbfs)]), "you") == glyph


def test_what_was_not_measured_is_blank() -> None:
    assert lane(lanes([0]), "you") == ""


def test_clipping_is_a_mark_that_needs_no_colour() -> None:
    row = lane_rows(lanes([CLIPPED]), TWO_LANES, None)[0]
    assert (row.glyphs[LABEL_CELLS], row.looks[LABEL_CELLS]) == ("!", "clip")


def test_the_silence_waited_and_the_latency_above_the_first_sound() -> None:
    loud = level_of(-24)
    shown = lanes(
        [loud] * 4,
        [0] * 8 + [loud] * 4,
        waited=[ColumnSpan(4, 6)],
        answers=[HeardAnswer(7, None)],
        latencies=[HeardLatency(7, 742.4, False)],
    )
    assert lane(shown, "you") == "▆▆▆▆·· 742"
    assert lane(shown, "agent") == "       ▸▆▆▆▆"


def test_a_latency_is_left_out_where_the_user_speaks() -> None:
    shown = lanes([0] * 8 + [level_of(-24)], latencies=[HeardLatency(7, 742.4, False)])
    assert lane(shown, "you") == "        ▆"


def test_milliseconds_are_cut_and_stand_apart_from_a_sent_text() -> None:
    """The transcript says 371 ms, too; `i371` would be read as one word."""
    shown = lanes(typed=[3], latencies=[HeardLatency(4, 371.9, False)])
    assert lane(shown, "you") == "   i 371"


def test_the_slowest_latency_is_marked() -> None:
    row = lane_rows(lanes(latencies=[HeardLatency(0, 1920.0, True)]), TWO_LANES, None)[0]
    assert set(row.looks[LABEL_CELLS : LABEL_CELLS + 4]) == {"slow"}


def test_a_cut_is_a_cross_in_error_colour() -> None:
    shown = lanes(agent=[level_of(-24)] * 3, answers=[HeardAnswer(0, 3)])
    row = lane_rows(shown, TWO_LANES, None)[1]
    assert row.glyphs[LABEL_CELLS:].rstrip() == "▸▆▆✗"
    assert row.looks[LABEL_CELLS + 3] == "bad"


def test_typed_echo_muted_and_unheard() -> None:
    loud = [level_of(-24)] * 3
    shown = lanes(
        loud,
        typed=[20],
        echoes=[ColumnSpan(1, 5)],
        muted=[ColumnSpan(8, 15)],
        unheard=[ColumnSpan(4, 7)],
    )
    assert lane(shown, "you") == "▆≈≈     ───m───     i"
    assert lane(shown, "agent") == "    ░░░"


def run(begin: int, end: int, name: str = "get_parcel", **more: Any) -> ToolRun:
    facts = {"took_ms": 640.0, "failed": False, "waits": False, **more}
    return ToolRun(ColumnSpan(begin, end), name, **facts)


@pytest.mark.parametrize(
    ("tool", "two", "four"),
    [
        (run(0, 3), "╰─╯", "╰─╯ get_parcel 640"),
        (run(0, 1), "╰╯", "╰╯ get_parcel 640"),
        (run(0, 3, failed=True), "╰─✗", "╰─✗ get_parcel 640"),
        (run(0, 4, took_ms=None), "╰───", "╰─── get_parcel"),
        (run(0, 4, took_ms=None, waits=True), "╰??", "╰?? get_parcel"),
        (run(11, 13), "           ╰╯", "           ╰╯ get_parcel"),
        (run(13, 15), "             ╰╯", "             ╰╯get_parce"),
        (run(0, 3, "鞄 get\x1b"), "╰─╯", "╰─╯ ? get\\x1b 640"),
    ],
)
def test_a_tool_is_a_span_with_its_name_where_there_is_room(
    tool: ToolRun, two: str, four: str
) -> None:
    assert lane(lanes(tools=[tool]), "agent") == two
    assert lane(lanes(tools=[tool]), "tools") == four


def test_the_name_of_a_tool_ends_before_the_next_one() -> None:
    assert lane(lanes(tools=[run(0, 3), run(10, 12)]), "tools") == "╰─╯get_par╰╯ get_parcel"


@pytest.mark.parametrize(
    ("span", "drawn"),
    [
        (SpeechSpan(ColumnSpan(0, 9), 2.2, False, False, ColumnSpan(9, 11), 500.0),
         "├ 2.2 s ┤··500"),
        (SpeechSpan(ColumnSpan(0, 6), 1.5, False, False, None, 0.0), "├────┤"),
        (SpeechSpan(ColumnSpan(0, 6), 1.5, True, False, None, 0.0), "├─────"),
        (SpeechSpan(ColumnSpan(0, 3), 0.5, False, True, None, 0.0), "├─╳"),  # noqa: RUF001
    ],
)  # fmt: skip
def test_the_services_view_of_speech(span: SpeechSpan, drawn: str) -> None:
    assert lane(lanes(speech=[span]), "vad") == drawn


def test_a_stretch_that_began_hours_ago_costs_no_more_than_what_is_shown() -> None:
    def work(begin: int) -> int:
        spans = [ColumnSpan(begin, COLUMNS)]
        speech = SpeechSpan(spans[0], 0.5, True, False, None, 0.0)
        shown = lanes(speech=[speech], muted=spans, unheard=spans, waited=spans)
        assert lane(shown, "vad").endswith("─" * 10)
        return steps(lambda: lane_rows(shown, FOUR_LANES, None))

    assert work(-700_000) < 1.5 * work(-2)


def test_the_link_to_the_devices_was_away_in_the_lanes_of_who_was_heard() -> None:
    away = lanes(link_away=[2, 5])
    assert [lane(away, name).rstrip() for name in FOUR_LANES] == ["  ╎  ╎", "  ╎  ╎", "", ""]


def test_the_connection_was_away_in_every_lane() -> None:
    for name in FOUR_LANES:
        assert lane(lanes(away=[2, 5]), name) == "  ╎  ╎"


def test_the_cursor_is_a_column_over_all_lanes() -> None:
    rows = lane_rows(lanes([level_of(-24)]), FOUR_LANES, 0)
    assert [row.glyphs[LABEL_CELLS] for row in rows] == ["▆", "│", "│", "│"]
    assert {row.looks[LABEL_CELLS] for row in rows} == {"time-cursor"}


def test_the_axis_has_ticks_marks_and_its_end() -> None:
    row = axis_row(lanes(errors=[10], marks=[11], sessions=[12]), None, None, "now 1:04.9")
    assert row.glyphs[LABEL_CELLS:] == "    ┴1:00 ◇◆┃ now 1:04.9"


def test_the_cursors_time_stands_on_the_axis_before_everything_else() -> None:
    row = axis_row(lanes(), 2, 59.75, "End follows")
    assert " ▲0:59.7 " in row.glyphs and row.glyphs.endswith("End follows")
    at_end = axis_row(lanes(), COLUMNS - 1, 64.75, "End follows")
    assert at_end.glyphs.endswith("▲1:04.7") and "follows" not in at_end.glyphs


def test_no_time_on_the_axis_is_cut_by_the_cursors() -> None:
    for cursor in range(3, 14):
        row = axis_row(lanes(), cursor, 59.75, "now").glyphs
        assert "┴1:00" in row or ("┴" not in row and ":00" not in row)
    marked = axis_row(lanes(marks=[6]), None, None, "now").glyphs
    assert marked[LABEL_CELLS:].rstrip() == "      ◆              now".rstrip()


@pytest.mark.parametrize(
    ("at_s", "text"), [(0.0, "0:00"), (59.99, "0:59"), (3600.0, "1:00:00"), (3725.0, "1:02:05")]
)
def test_times_are_cut(at_s: float, text: str) -> None:
    assert time_text(at_s, tenths=False) == text


def test_every_cell_of_a_row_has_one_look() -> None:
    shown = lanes([level_of(-20)] * 5, answers=[HeardAnswer(3, 6)], latencies=[])
    for row in (*lane_rows(shown, FOUR_LANES, 4), axis_row(shown, 4, 1.0, "now")):
        assert len(row.glyphs) == len(row.looks) == LABEL_CELLS + COLUMNS
        assert "".join(text for text, _ in row.spans()) == row.glyphs


def test_only_changed_cells_differ() -> None:
    before = lane_rows(lanes([level_of(-20)] * 3), TWO_LANES, None)[0]
    after = lane_rows(lanes([level_of(-20)] * 5), TWO_LANES, None)[0]
    assert after.changed_cells(before) == (LABEL_CELLS + 3, LABEL_CELLS + 5)
    assert before.changed_cells(before) is None
