"""Tests for what a window of a timeline shows, as values."""

from typing import Any

import pytest
from voicelive_tui.model.timeline.lanes import (
    ColumnSpan,
    HeardAnswer,
    HeardLatency,
    Lanes,
    lanes_of,
)
from voicelive_tui.model.timeline.loudness import dbfs_of
from voicelive_tui.model.timeline.window import ZOOMS, TimeWindow
from voicelive_tui.model.transcript.line import ToolCall, TranscriptLine

from tests.support.timeline_audio import TimelineJournal

PLAYED: dict[str, Any] = {"item_id": "a", "content_index": 0}


def line(item_id: str, t_s: float, **more: Any) -> TranscriptLine:
    return TranscriptLine(item_id, "agent", t_s, "", "final", 0, 0, **more)


def shown(
    say: TimelineJournal, *lines: TranscriptLine, now_s: float = 10.0, zoom: int = 2
) -> Lanes:
    """The lanes of the 40 columns that end now: 10 s at the usual zoom."""
    window = TimeWindow.ending_at(now_s - 0.01, zoom, 40)
    return lanes_of(say.timeline, lines, window, now_s)


def test_a_window_has_whole_columns_from_the_start_of_the_session() -> None:
    window = TimeWindow.ending_at(10.1, 2, 40)
    assert (window.column_s, window.first, window.last) == (0.25, 1, 40)
    assert (window.begin_s, window.end_s) == (0.25, 10.25)
    assert window.column_of(0.3) == 0 and window.column_of(0.0) == -1
    assert [window.time_of(tick) for tick in window.ticks()] == [5.0, 10.0]


def test_a_window_moves_as_little_as_it_must_to_show_a_time() -> None:
    window = TimeWindow.ending_at(20.0, 2, 40)
    assert window.showing(15.0) == window
    assert window.showing(5.0).column_of(5.0) == 0
    assert window.showing(30.0).column_of(30.0) == 39


@pytest.mark.parametrize("zoom", range(len(ZOOMS)))
def test_every_zoom_shows_the_same_loudest_moment(zoom: int) -> None:
    say = TimelineJournal()
    say.speaks(5.0, 0.2, -12.0)
    say("=", 9.0, "console.notice")
    you = shown(say, zoom=zoom, now_s=5.2).you
    assert dbfs_of(max(you)) == pytest.approx(-12.0, abs=0.5)


def test_what_waits_to_be_heard_is_not_shown() -> None:
    say = TimelineJournal()
    say.answers(8.0, "a", 5.0)
    say("=", 8.0, "console.playback_started", **PLAYED)
    agent = shown(say, now_s=9.0).agent
    assert [bool(level) for level in agent[-5:]] == [False, True, True, True, True]
    assert not any(shown(say, now_s=20.0).agent[-20:])


def test_an_answer_begins_at_its_first_sound_and_its_cut_is_behind_the_last() -> None:
    say = TimelineJournal()
    say.answers(2.0, "a", 5.0)
    say("=", 2.0, "console.playback_started", **PLAYED)
    say(
        "=", 4.0, "console.playback_stopped", **PLAYED,
        played_ms=2000, received_ms=5000, reason="user",
    )  # fmt: skip
    assert shown(say).answers == [HeardAnswer(8, 17)]


def test_a_latency_stands_at_the_first_sound() -> None:
    answer = line("a", 3.0, heard_at_s=3.0, heard_after_ms=742.4, slowest=True)
    assert shown(TimelineJournal(), answer).latencies == [HeardLatency(12, 742.4, True)]


def test_long_columns_show_levels_beginnings_and_cuts_only() -> None:
    say = TimelineJournal()
    say("<", 1.0, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=800)
    say("=", 2.0, "console.playback_started", **PLAYED)
    answer = line("a", 3.0, heard_at_s=3.0, heard_after_ms=742.4)
    coarse = shown(say, answer, zoom=4)
    assert (coarse.latencies, coarse.speech) == ([], [])
    assert len(coarse.answers) == 1


def test_speech_ends_with_the_voice_and_then_the_silence_is_waited_for() -> None:
    say = TimelineJournal()
    say.speaks(0.0, 4.0, -30.0)
    say("<", 1.5, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=1000)
    say("=", 3.0, "console.speech", on=False)
    say("<", 4.0, "input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=4000)
    (span,) = shown(say).speech
    assert (span.speech, span.waited) == (ColumnSpan(4, 12), ColumnSpan(12, 17))
    assert span.waited_ms == pytest.approx(1000)
    assert (span.open, span.false_start) == (False, False)


def test_speech_that_goes_on_reaches_to_now() -> None:
    say = TimelineJournal()
    say("<", 9.0, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=None)
    (span,) = shown(say).speech
    assert span.open and span.speech == ColumnSpan(36, 40) and span.waited is None


def test_speech_without_words_is_a_false_start() -> None:
    say = TimelineJournal()
    say("<", 1.0, "input_audio_buffer.speech_started", item_id="u", audio_start_ms=None)
    say("<", 2.0, "input_audio_buffer.speech_stopped", item_id="u", audio_end_ms=None)
    (span,) = shown(say, line("u", 1.0, mark="false_start")).speech
    assert span.false_start


def test_a_tool_runs_from_its_arguments_to_its_result() -> None:
    call = ToolCall("function_call", "get_parcel", "{}", "ok", 640.0, called_s=5.0)
    running = ToolCall("function_call", "slow", "{}", None, None, called_s=8.0)
    asked = ToolCall("mcp_approval_request", "sim.clock", "{}", None, None, called_s=9.0)
    announced = ToolCall("function_call", "soon", "", None, None)
    calls = (call, running, asked, announced)
    lines = [line(f"t{n}", 4.0 + n, call=each) for n, each in enumerate(calls)]
    first, second, third = shown(TimelineJournal(), *lines).tools
    assert (first.run, first.took_ms, first.failed, first.waits) == (
        ColumnSpan(20, 23), 640.0, False, False,
    )  # fmt: skip
    assert (second.run, second.took_ms) == (ColumnSpan(32, 40), None)
    assert third.waits


def test_an_answer_that_nobody_heard_is_as_long_as_it_would_have_lasted() -> None:
    unheard = line("a", 2.0, mark="unheard", received_ms=1500)
    assert shown(TimelineJournal(), unheard).unheard == [ColumnSpan(8, 14)]


def test_moments_of_the_axis() -> None:
    say = TimelineJournal()
    say("=", 0.0, "console.connected")
    say("=", 2.0, "console.closed", code=1011)
    say("=", 3.0, "console.connected", connection=2)
    say("<", 4.0, "error", error={"code": "x"})
    say("=", 6.0, "console.mark", note="")
    say("=", 5.0, "console.mark", note="sounds tired")
    say("=", 5.0, "console.mark", note="sounds very tired")
    lanes = shown(say)
    assert (lanes.away, lanes.sessions) == ([8, 12], [12])
    assert (lanes.errors, lanes.marks) == ([8, 16], [20, 24])


def test_what_is_muted_and_what_resembles_the_answer() -> None:
    say = TimelineJournal()
    say("=", 1.0, "console.muted", on=True)
    say("=", 2.0, "console.muted", on=False)
    say("=", 9.0, "console.muted", on=True)
    say("=", 4.0, "console.cut", item_id="a", echo=0.82, echo_delay_ms=140, before_ms=500)
    lanes = shown(say)
    assert lanes.muted == [ColumnSpan(4, 8), ColumnSpan(36, 40)]
    assert lanes.echoes == [ColumnSpan(14, 16)]
