"""One transcript entry as rows on the screen."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.events.cut_cause import (
    CutByCommand,
    CutByConnection,
    CutByDetection,
    CutByDevice,
    CutByEcho,
    CutByNoise,
    CutByService,
    CutByVoice,
    CutOffAir,
)
from voicelive_tui.model.transcript.line import Rule, ToolCall, TranscriptLine
from voicelive_tui.tui.limits import Limits
from voicelive_tui.tui.widgets.abridge import LONGEST_TEXT, MOST_BREAKS
from voicelive_tui.tui.widgets.spans import cells
from voicelive_tui.tui.widgets.transcript_lines import (
    Columns,
    estimated_height,
    margin,
    right_column,
    text_rows,
    word_end,
)

from tests.tui.support.spans import text_of


def line(**changes: Any) -> TranscriptLine:
    values: dict[str, Any] = {
        "item_id": "i",
        "who": "agent",
        "t_s": 43.1,
        "text": "hello",
        "state": "final",
        "first_n": 0,
        "last_n": 1,
    }
    return TranscriptLine(**{**values, **changes})


def shown(entry: TranscriptLine, columns: Columns, number: int = 1) -> list[str]:
    """The rows of an entry with their margins, without spaces at their ends."""
    return [
        text_of(
            [
                *margin(entry, columns, number, entry.t_s, first=not nth, cursor=False),
                *row,
            ]
        ).rstrip()
        for nth, row in enumerate(text_rows(entry, columns))
    ]


CUT = line(
    t_s=54.1,
    text="It is out for delivery, and the driver has eleven stops before yours.",
    state="interrupted",
    spoken_chars=38,
    heard_ms=2190,
    received_ms=6850,
    cause=CutByVoice(-24.2, 220),
    heard_after_ms=1920.9,
    slowest=True,
)
PARCEL = ToolCall("function_call", "get_parcel", '{"id": "4471"}', '{"state": "out for"}', 640.2)


def test_a_cut_answer_says_what_was_heard_and_why_the_rest_was_not() -> None:
    assert shown(CUT, Columns(51)) == [
        "   agent It is out for delivery, and the ▸ 1 920 ms",
        "         driver▌has eleven stops before yours.",
        "         ✗ heard 2.1 of 6.8 s: you spoke at -24",
        "           dBFS, 220 ms before the cut",
    ]
    looks = {look: text for row in text_rows(CUT, Columns(90)) for text, look in row}
    assert looks["unspoken"] == "has eleven stops before yours."


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"cause": CutByCommand()}, "✗ heard 2.1 of 6.8 s: you pressed x"),
        ({"cause": CutByService()}, "✗ heard 2.1 of 6.8 s: the service"),
        (
            {"cause": CutByService(quiet=True)},
            "✗ heard 2.1 of 6.8 s: the service, no sound at the microphone",
        ),
        (
            {"cause": CutByNoise(-17.6)},
            "✗ heard 2.1 of 6.8 s: the service, noise of -18 dBFS and no voice at the microphone",
        ),
        ({"cause": CutByDetection()}, "✗ heard 2.1 of 6.8 s: the service detected speech"),
        (
            {"cause": CutByEcho(0.824, 140)},
            "✗ heard 2.1 of 6.8 s: likely its own echo, 0.82 after 140 ms: "
            ", opens echo cancellation",
        ),
        ({"cause": CutByConnection()}, "✗ heard 2.1 s: the connection broke"),
        (
            {"cause": CutByDevice(), "state": "final"},
            "✗ heard 2.1 of 6.8 s: the device was lost",
        ),
        ({"cause": CutOffAir()}, "✗ heard 2.1 of 6.8 s: the session went off air"),
        ({"cause": CutByCommand(), "heard_ms": None}, "✗ cut: you pressed x"),
    ],
)
def test_every_cause_is_a_sentence(changes: dict[str, Any], cause: str) -> None:
    assert shown(replace(CUT, **changes), Columns(120))[-1].strip() == cause


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (line(who="you", text="Hi.", heard_after_ms=None), [" 1 you   Hi."]),
        (
            line(who="you", text="Hi.", mark="typed"),
            [" 1 you   Hi. typed"],
        ),
        (
            line(who="you", text="Hi.", mark="typed", state="waiting"),
            ["   you   Hi. waits"],
        ),
        (line(who="you", text="[speech, 1.2 s]"), [" 1 you   [speech, 1.2 s]"]),
        (line(who="you", text="[speech, 1.2 s]", mark="late"), [" 1 you   [speech, 1.2 s] ..."]),
        (
            line(who="you", text="[no speech, 0.3 s]", mark="false_start"),
            [" - you   [false start, 0.3 s]"],
        ),
        (
            line(who="you", text="not understood: too short", state="failed"),
            [" 1 you   ✗ not understood: too short"],
        ),
        (line(who="you", text="", state="partial"), [" 1 you   [speech] ..."]),
        (line(text="Hello.", mark="greeting"), ["   agent Hello. greeting"]),
        (line(text="Hello.", mark="unheard"), ["   agent ░ Hello. unheard"]),
        (
            line(text="(empty answer)", mark="empty", state="failed"),
            ["   agent (empty answer) ✗ EMPTY"],
        ),
        (line(text="Yes.", heard_after_ms=742.9), ["   agent Yes. 742 ms"]),
        (
            line(who="tool", text="", call=PARCEL),
            ['   tool  get_parcel(id="4471") ✓ 640 ms', '         {"state": "out for"}'],
        ),
        (
            line(
                who="tool",
                text="",
                state="partial",
                call=ToolCall("mcp_approval_request", "sim.clock", "{}", None, None),
            ),
            ["   mcp   sim.clock() waits"],
        ),
        (
            line(
                who="tool",
                text="",
                state="failed",
                call=ToolCall("mcp_call", "sim.fail", '{"a', "timeout", 9.0),
            ),
            ['   mcp   sim.fail({"a) ✗ failed', "         timeout"],
        ),
        (line(who="note", text="warning: slow"), ["   note  warning: slow"]),
        (line(who="note", text="error: no", state="failed"), ["   note  ✗ error: no"]),
    ],
)
def test_every_kind_of_line(entry: TranscriptLine, expected: list[str]) -> None:
    rows = shown(entry, Columns(40))
    assert [row[:9] + " ".join(row[9:].split()) for row in rows] == expected


@pytest.mark.parametrize(
    ("limit_ms", "slowest", "expected", "look"),
    [
        (742, False, "742 ms", ""),
        (741, False, "! 742 ms", "warn"),
        (742, True, "▸ 742 ms", "warn"),
        (741, True, "▸! 742 ms", "warn"),
    ],
)
def test_an_answer_over_the_limit_is_marked(
    limit_ms: float, slowest: bool, expected: str, look: str
) -> None:
    entry = line(heard_after_ms=742, slowest=slowest)
    assert right_column(entry, Limits(heard_ms=limit_ms)) == [(expected, look)]


def test_a_wide_screen_shows_the_times() -> None:
    assert shown(line(text="Hi.", heard_after_ms=742), Columns(60, number=3, time=6)) == [
        "    agent 0:43.1  Hi.                                 742 ms"
    ]
    coming = line(state="partial", received_ms=200)
    assert shown(coming, Columns(60, time=6)) == ["   agent 0:43.1+ hello"]


@pytest.mark.parametrize("width", range(40, 121, 5))
@pytest.mark.parametrize("time", [0, 6])
def test_no_row_is_wider_than_the_pane_and_the_right_column_ends_at_its_edge(
    width: int, time: int
) -> None:
    columns = Columns(width, time=time)
    entries = [
        CUT,
        line(text="明日の天気は " * 9, heard_after_ms=12),
        line(who="you", text="x" * 200),
    ]
    for entry in entries:
        rows = text_rows(entry, columns)
        assert all(columns.indent + cells(row) <= width for row in rows)
        if entry.heard_after_ms is not None:
            assert columns.indent + cells(rows[0]) == width


@pytest.mark.parametrize("text", ["明日の天気はどうですか", "שלום לכולם כאן", "👩‍👩‍👧 👍🏽 ok"])
def test_any_script_starts_on_the_speaker_s_row(text: str) -> None:
    first = shown(line(text=text * 5), Columns(30))[0]
    assert first.startswith(f"   agent {text[:1]}")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_line_between_connections_is_a_rule_over_the_whole_width(width: int) -> None:
    rule = Rule("session is new", 61.9, ": back after 1.5 s; 14 items carried over", ("It broke.",))
    entry = line(who="note", divides=True, rule=rule)
    rows = shown(entry, Columns(width))
    assert rows[0].startswith("   ─── session is new 1:01.9: back")
    assert rows[-2].endswith("─")
    assert rows[-1] == "       It broke."
    told = " ".join(" ".join(rows[:-1]).replace("─", " ").split())
    assert told == "session is new 1:01.9: back after 1.5 s; 14 items carried over"
    assert max(map(len, rows)) <= width


@given(st.text(), st.integers(0, 50))
def test_the_cut_is_never_inside_a_word(text: str, position: int) -> None:
    end = word_end(text, position)
    assert end <= max(position, 0) or end == len(text)
    assert end in (0, len(text)) or text[end].isspace()


def test_control_codes_and_markup_in_a_transcript_are_only_text() -> None:
    text = "\n".join(shown(line(text="\x1b[2J[bold]x[/bold]\x07"), Columns(80)))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text


@pytest.mark.parametrize("state", ["partial", "final", "interrupted", "failed"])
@pytest.mark.parametrize(
    "text",
    [".\n" * 10**6, "some words " * 10**5, "line\n" * 10**5],
    ids=["breaks", "words", "lines"],
)
def test_of_a_very_long_text_beginning_and_end_are_laid_out_and_a_note_between(
    text: str, state: str
) -> None:
    spoken = len(text) // 2 if state == "interrupted" else None
    long = line(text=f"first {text} last", state=state, spoken_chars=spoken)
    rows = [text_of(spans) for spans in text_rows(long, Columns(80))]
    assert len(rows) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert estimated_height(long, Columns(80)) < 2 * (LONGEST_TEXT // 60 + MOST_BREAKS)
    assert "first" in "".join(rows)
    assert "last" in "".join(rows)
    assert "left out here; w writes all" in " ".join(" ".join(rows).split())
