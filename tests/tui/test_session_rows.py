"""The rows of recorded sessions: columns for each width, filter, order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_common.printable import printable
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.prices import ModelPrices, PriceTable
from voicelive_tui.model.turns.token_usage import TokenUsage
from voicelive_tui.tui.session_rows import (
    PREVIEW_ROWS,
    columns_for,
    columns_with,
    heading,
    in_order,
    matching,
    orders,
    preview_rows,
    session_row,
    total,
    when,
)
from voicelive_tui.tui.widgets.spans import Spans, cells

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC).astimezone()
SUPPORT = RecordedSession(
    Path("/s/2026-11-29T12-41-07_support"),
    "support",
    started=NOW - timedelta(minutes=5),
    ended=NOW,
    length_s=62.5,
    turns=5,
    cut=1,
    errors=0,
    p50_ms=742.0,
    p95_ms=1920.9,
    size_bytes=1_100_000,
    model="gpt-4o",
    service="simulator",
)
BROKEN = RecordedSession(
    Path("/s/2026-11-20T14-02-00_party"), "party", problem="events.jsonl: it is empty"
)


def text(spans: Spans) -> str:
    """The spans without their looks."""
    return "".join(each for each, _ in spans)


@pytest.mark.parametrize(("width", "count"), [(79, 4), (99, 6), (199, 6)])
def test_columns_go_from_the_right_but_the_size_stays(width: int, count: int) -> None:
    assert len(columns_for(width)) == count
    assert text(heading("when", width)).rstrip().endswith("size")


def test_a_row_has_the_figures_below_their_headings() -> None:
    row, names = text(session_row(SUPPORT, 99, NOW)), text(heading("when", 99))
    assert row.split()[3:] == ["1:02", "5", "1", "742", "1", "920", "0", "1.1", "MB"]
    assert row.index("1:02") + 4 == names.index("length") + 6
    assert len(row) == len(names) == 99


def test_with_prices_the_cost_has_a_column() -> None:
    prices = PriceTable("2026-11-01", "$", {"gpt-4o": ModelPrices(input_text=10)})
    columns = columns_with(prices)
    used = replace(SUPPORT, usage=(("gpt-4o", TokenUsage(7_000, 0, 7_000)),))
    unknown = replace(SUPPORT, title="other", usage=(("new", TokenUsage(7_000, 0, 7_000)),))
    assert "$0.07" in text(session_row(used, 99, NOW, columns))
    assert "$" not in text(session_row(unknown, 99, NOW, columns))
    assert "cost est" in text(heading("when", 99, columns))
    assert "cost est" not in text(heading("when", 99))
    assert orders(columns)[-2:] == ("cost est", "size")
    assert in_order([unknown, used], "cost est", columns) == [used, unknown]


def test_what_is_wrong_stands_in_the_place_of_unknown_figures() -> None:
    row = session_row(BROKEN, 99, NOW)
    assert "events.jsonl: it is empty" in text(row)
    assert ("bad" in [look for _, look in row]) and text(row).endswith("0 bytes")
    running = replace(SUPPORT, running=True, turns=None, problem="")
    assert "being recorded" in text(session_row(running, 99, NOW))


def said_line(who: Literal["you", "agent"], text: str) -> TranscriptLine:
    return TranscriptLine("i", who, 1.0, text, "final", 0, 1, heard_after_ms=1_742.0)


def test_what_was_said_last_stands_below_the_facts() -> None:
    said = [said_line("you", "Where is my parcel?"), said_line("agent", "On its way.")]
    *_, you, agent = [text(row) for row in preview_rows(SUPPORT, 60, NOW, said)]
    assert you.split() == ["you", "Where", "is", "my", "parcel?", "1", "742", "ms"]
    assert you.index("Where") == agent.index("On its way.")


@given(
    title=st.text(max_size=60),
    problem=st.text(max_size=60),
    width=st.integers(60, 200),
    length_s=st.none() | st.floats(0, 1e6),
)
def test_no_row_is_wider_than_the_page(
    title: str, problem: str, width: int, length_s: float | None
) -> None:
    session = replace(SUPPORT, title=title, problem=problem, length_s=length_s)
    assert cells(session_row(session, width, NOW)) <= max(width, 60)
    said = [said_line(who, problem) for who in ("you", "agent", "you", "agent")]
    preview = preview_rows(session, width, NOW, said)
    assert len(preview) <= PREVIEW_ROWS
    for row in preview:
        assert cells(row) <= width
        assert all(printable(part) == part for part, _ in row)


def test_days_are_told_as_people_do() -> None:
    local = NOW.replace(hour=12, minute=41, second=7)
    assert when(local, NOW) == "today   12:41:07"
    assert when(local - timedelta(days=1), NOW) == "yesterday  12:41"
    assert when(datetime(2026, 11, 22, 12, 0).astimezone(), NOW) == "22 Nov     12:00"
    assert when(datetime(2025, 1, 2, 12, 0).astimezone(), NOW) == " 2 Jan 2025"
    assert when(None, NOW) == ""


def test_every_word_of_the_filter_must_be_there() -> None:
    both = [SUPPORT, BROKEN]
    assert matching(both, "") == both
    assert matching(both, "SUPP gpt-4o") == [SUPPORT]
    assert matching(both, "2026-11-20") == [BROKEN]
    assert matching(both, "empty") == [BROKEN]
    assert matching(both, "support empty") == []


def test_each_order_puts_the_largest_first_and_the_unknown_last() -> None:
    small = replace(SUPPORT, title="a", turns=1, length_s=1.0, size_bytes=1, p50_ms=1.0)
    for order in ("length", "turns", "p50 ms", "size"):
        assert in_order([BROKEN, small, SUPPORT], order)[0] is SUPPORT
    assert in_order([BROKEN, small, SUPPORT], "turns")[-1] is BROKEN
    assert [each.title for each in in_order([SUPPORT, BROKEN, small], "profile")] == [
        "a",
        "party",
        "support",
    ]
    assert all(len(in_order([SUPPORT, BROKEN], order)) == 2 for order in orders())


def test_the_total_counts_sessions_and_bytes() -> None:
    assert total([SUPPORT, BROKEN]) == "2 sessions, 1.1 MB"
