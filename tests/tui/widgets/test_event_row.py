"""One row of the event list."""

import re
from dataclasses import replace

import pytest
from voicelive_tui.model.events.gists.table import GISTS
from voicelive_tui.model.events.short_names import short_name
from voicelive_tui.tui.widgets.event_row import NAME_CELLS, WIDE, RowFacts, row_spans
from voicelive_tui.tui.widgets.spans import LOOKS, cells

from tests.tui.support.spans import text_of

ROW = RowFacts(59.812, 0.0105, "received", "audio.delta", "6.2 s, gap 210 ms", "agent", count=31)
CUT = replace(ROW, t_s=58.806, distance_s=2.5449, name="speech_stopped", gist="2.3 s", count=1)


LONGEST = max((short_name(type_name) for type_name in GISTS), key=len)


@pytest.mark.parametrize("width", range(24, 161))
def test_a_row_fits_any_width(width: int) -> None:
    for name in ("error", "transcription.delta", LONGEST, "x" * 400, "日本語" * 20):
        for gist in ("", "Done. The driver will ring.", "日本語 " * 40):
            for count in (1, 31, 1_234_567):
                row = replace(ROW, name=name, gist=gist, count=count, error=count == 1)
                spans = row_spans(row, width)
                assert cells(spans) <= width
                assert {look for _, look in spans} <= LOOKS | {""}


@pytest.mark.parametrize("width", [WIDE, 80, 160])
def test_a_wide_row_has_columns(width: int) -> None:
    assert text_of(row_spans(ROW, width)) == (
        " 0:59.812  +.010 < audio.delta x31      6.2 s, gap 210 ms"
    )
    assert text_of(row_spans(CUT, width)) == " 0:58.806 +2.544 < speech_stopped       2.3 s"


def test_a_narrow_row_has_tenths_and_the_gist_behind_the_name() -> None:
    assert text_of(row_spans(ROW, 47)) == " 0:59.8 +.01 < audio.delta x31  6.2 s, gap 210…"
    assert text_of(row_spans(CUT, 47)) == " 0:58.8 +2.5 < speech_stopped  2.3 s"


@pytest.mark.parametrize("width", range(40, 121))
def test_a_missing_reply_stands_at_the_end_of_the_gist_and_is_never_cut(width: int) -> None:
    asked = replace(CUT, direction="sent", name="item.truncate", gist="keep 2 100 of 6 800 ms")
    for row in (asked, replace(asked, gist="")):
        text = text_of(row_spans(replace(row, no_reply=True), width))
        assert text.endswith("! no reply") and len(text) <= width
    assert text_of(row_spans(replace(asked, no_reply=True), 80)).endswith(
        "keep 2 100 of 6 800 ms  ! no reply"
    )


def test_columns_stay_where_they_are_however_long_name_and_time_are() -> None:
    for t_s in (0, 59.9999, 754.5679, 6_000.5, 60_000):
        for distance_s in (0, 1, 12.3456, 123.456, 1_234.5, 12_345.6, 1e6, -3.25, -1e6):
            for name in ("error", "file_search.in_progress", "transcription.delta"):
                row = replace(ROW, t_s=t_s, distance_s=distance_s, name=name, from_mark=True)
                text = text_of(row_spans(row, 100))
                assert (text[17], text[19 + NAME_CELLS + 1 :]) == ("<", ROW.gist)


def test_a_long_name_keeps_its_beginning_its_end_and_its_count() -> None:
    row = replace(ROW, name="transcription.delta", count=1234)
    assert text_of(row_spans(row, 80))[19:39] == "transcr….delta x1234"


@pytest.mark.parametrize(
    ("t_s", "wide", "narrow"),
    [
        (0.058, " 0:00.058", " 0:00.0"),
        (59.9999, " 0:59.999", " 0:59.9"),
        (754.5679, " 12:34.56", "  12:34"),
        (6_000.5, " 100:00.5", " 100:00"),
    ],
)
def test_times_are_cut_and_not_rounded(t_s: float, wide: str, narrow: str) -> None:
    row = replace(ROW, t_s=t_s, distance_s=None)
    assert text_of(row_spans(row, 80))[:9] == wide
    assert text_of(row_spans(row, 47))[:7] == narrow


@pytest.mark.parametrize(
    ("distance_s", "wide", "narrow"),
    [
        (None, "      ", "    "),
        (0.0099, "      ", "    "),
        (0.01, " +.010", "+.01"),
        (0.9999, " +.999", "+.99"),
        (1.0, "+1.000", "+1.0"),
        (12.3456, "+12.34", "+12s"),
        (123.456, "+123.4", "+2m"),
        (1_234.5, "+1234s", "+20m"),
        (7_200.0, "+7200s", "+2h"),
    ],
)
def test_a_distance_counts_from_10_ms_on(distance_s: float | None, wide: str, narrow: str) -> None:
    row = replace(ROW, distance_s=distance_s)
    assert text_of(row_spans(row, 80))[10:16] == wide.rjust(6)
    assert text_of(row_spans(row, 47))[8:12] == narrow.rjust(4)


def test_a_distance_from_the_mark_is_signed_and_always_there() -> None:
    marked = replace(ROW, from_mark=True)
    for distance_s, shown in [(0.004, " +.004"), (0.0, " +.000"), (-2.5449, "-2.544")]:
        spans = row_spans(replace(marked, distance_s=distance_s), 80)
        assert (shown, "dim") in spans
    assert ("+2.544", "dim") in row_spans(replace(marked, distance_s=2.5449), 80)


def test_a_long_wait_is_marked() -> None:
    assert ("+2.544", "slow") in row_spans(CUT, 80)
    assert (" +.999", "dim") in row_spans(replace(CUT, distance_s=0.9999), 80)


def test_the_name_has_the_colour_of_who_acts() -> None:
    looks = {"you": "sent", "agent": "received", "tool": "call", "service": "", "machine": "local"}
    for actor, look in looks.items():
        row = replace(CUT, actor=actor)  # type: ignore[arg-type]
        assert ("speech_stopped", look) in row_spans(row, 80)


def test_an_error_is_marked_by_a_glyph_too() -> None:
    row = replace(CUT, name="error", gist="bad: No item.", error=True)
    spans = row_spans(row, 80)
    assert ("error", "bad") in spans and ("✗ bad: No item.", "bad") in spans
    assert text_of(row_spans(replace(row, gist=""), 80)).endswith("✗")


def test_a_warning_has_its_look() -> None:
    spans = row_spans(replace(CUT, name="warning", gist="! rate was ignored"), 80)
    assert ("! rate was ignored", "warn") in spans


def test_the_cursor_and_the_direction_have_glyphs() -> None:
    assert text_of(row_spans(replace(CUT, gutter="▸"), 80)).startswith("▸0:58.806")
    for direction, glyph in [("sent", ">"), ("received", "<"), ("local", "=")]:
        assert re.match(
            rf"..{{16}}{glyph} ", text_of(row_spans(replace(CUT, direction=direction), 80))
        )
