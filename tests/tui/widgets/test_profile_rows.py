"""The rows of the list of profiles fit every width, and the mark stands under the error."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from voicelive_tui.engine.config.profile_store import ProfileEntry
from voicelive_tui.engine.service.listed_profiles import ListedProfile
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.profile.problem import Fault, Problem
from voicelive_tui.model.profile.profile import Profile, fault_of, parse_profile
from voicelive_tui.tui.widgets.fault_lines import fault_lines
from voicelive_tui.tui.widgets.profile_rows import (
    ProfileRow,
    cells_of,
    day_and_time,
    heading,
    matching,
    preview,
    row_spans,
    sorted_rows,
    state_of,
)
from voicelive_tui.tui.widgets.spans import Spans, cells

TODAY = date(2026, 3, 1)
WARNING = Problem("x", 1, 1, "", "warning", "odd")
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def row(slug: str = "desk", *, model: str = "gpt-4o", tabs: tuple[int, ...] = ()) -> ProfileRow:
    entry = ProfileEntry(slug, f"/p/{slug}.toml", Profile(slug, slug, "about parcels"))
    return ProfileRow(ListedProfile(entry, model=model, talks_to="the simulator"), tabs)


def faulty(text: str) -> ProfileRow:
    _, problems = parse_profile(text, slug="party", path="/p/party.toml")
    entry = ProfileEntry("party", "/p/party.toml", None, problems, fault=fault_of(text, problems))
    return ProfileRow(ListedProfile(entry))


def text_of(lines: list[Spans]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@settings(max_examples=60, deadline=None)
@given(slug=NAMES, model=NAMES, line=NAMES, width=st.integers(40, 220))
def test_no_row_is_wider_than_the_screen(slug: str, model: str, line: str, width: int) -> None:
    for each in (row(slug, model=model, tabs=(1, 2, 3)), faulty(f"{line}\nkey =\n")):
        assert cells(row_spans(each, width, chosen=True)) <= width
        for drawn in preview(each, width, {}, TODAY):
            assert cells(drawn) <= width
    assert cells(heading(width, 2)) <= width


@pytest.mark.parametrize(
    ("sessions", "last"),
    [
        ([], ""),
        ([RecordedSession(Path("a"), "desk")], "1 session"),
        (
            [
                RecordedSession(Path("a"), "desk", datetime(2025, 3, 1, 12).astimezone()),
                RecordedSession(Path("b"), "desk"),
            ],
            "2 sessions, the last 1 Mar 2025 12:00",
        ),
        (
            [RecordedSession(Path("a"), "desk", p50_ms=1741.6)],
            "1 session, the last with p50 1 741 ms",
        ),
    ],
)
def test_the_recorded_sessions_of_a_profile_are_in_a_line(
    sessions: list[RecordedSession], last: str
) -> None:
    lines = text_of(preview(row(), 100, {}, TODAY, sessions))
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith(" used")] == (
        [last] if last else []
    )


def test_a_value_that_is_as_long_as_a_file_may_be_is_not_shown_as_a_whole() -> None:
    long = "\x1b" * 1_000_000
    entry = ProfileEntry("desk", "/p/desk.toml", Profile("desk", "desk"))
    listed = ListedProfile(entry, long, long, long, long, long, detection=long, tools=(long,))
    assert sum(map(len, cells_text(ProfileRow(listed)))) < 50_000
    assert sum(map(len, text_of(preview(ProfileRow(listed), 100, {}, TODAY)))) < 50_000


def cells_text(shown: ProfileRow) -> list[str]:
    return [text for text, _ in cells_of(shown)]


def test_80_columns_show_whom_it_talks_to_and_the_state() -> None:
    names = "".join(text for text, _ in heading(79, None)).split("  ")
    assert [name.strip() for name in names if name.strip()] == [
        "name", "model", "voice", "talks to", "state"
    ]  # fmt: skip
    drawn = "".join(text for text, _ in row_spans(row(tabs=(1, 3)), 79, chosen=False))
    assert "the simulator" in drawn and "open in 1" in drawn


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"problems": (WARNING, WARNING)}, "2 warnings"),
        ({"hides": ("the starter",)}, "hides starter"),
        ({"hides": ("/q/desk.toml",)}, "hides other"),
        ({"starter": True}, "starter"),
        ({}, "ok"),
    ],
)
def test_the_state_says_what_matters_most(changes: dict[str, object], state: str) -> None:
    entry = ProfileEntry("desk", "/p/desk.toml", Profile("desk"), **changes)  # type: ignore[arg-type]
    assert state_of(ProfileRow(ListedProfile(entry)))[0] == state
    assert state_of(ProfileRow(ListedProfile(entry, trusted=False)))[0] == "! untrusted"
    assert state_of(ProfileRow(ListedProfile(entry, trusted=False), (2, 4)))[0] == "open in 2, 4"


def test_words_find_rows_and_a_column_sorts_them() -> None:
    rows = [row("b", model="gpt-4.1"), row("a", model="gpt-realtime")]
    assert matching(rows, "GPT parcels") == rows and matching(rows, "gpt real") == rows[1:]
    assert matching(rows, "nothing") == []
    assert sorted_rows(rows, 0) == rows[::-1] and sorted_rows(rows, None) == rows


@pytest.mark.parametrize(
    ("line", "under"),
    [
        ("key = 1 x", "x"),
        ("\tkey = 1 x", "x"),
        ('"日本" = 1 x', "x"),
        ("a" * 200 + " = 1 x", "x"),
        ("key = 1 x " + "b" * 200, "x"),
    ],
    ids=["plain", "tab", "wide", "long before", "long after"],
)
def test_the_mark_stands_under_the_error(line: str, under: str) -> None:
    problem = Problem("p", 12, line.index(under, 5) + 1, "", "error", "no")
    shown, mark = text_of(fault_lines(Fault(problem, line, problem.column)))
    before = shown[: shown.rindex(f" {under}") + 1]
    assert cell_len(before) == mark.index("^") and cell_len(shown) <= 60


def test_without_a_known_place_there_is_no_mark() -> None:
    problem = Problem("p", 12, None, "", "error", "no")
    assert len(fault_lines(Fault(problem, "key = 1"))) == 1
    assert fault_lines(Fault(Problem("p", None, None, "", "error", "no"))) == []


def test_the_preview_of_a_broken_profile_has_line_reason_and_keys() -> None:
    shown = "\n".join(text_of(preview(faulty("[session\n"), 99, {"profile.edit": "f4"}, TODAY)))
    assert "── party, line 1, column 9 " in shown and "[session" in shown and "✗ this is" in shown
    assert "Enter opens its tab, f4 the editor there" in shown


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 1, 12, 41), "today 12:41"),
        (datetime(2026, 2, 28, 16, 40), "yesterday 16:40"),
        (datetime(2026, 1, 22, 9, 30), "22 Jan 09:30"),
        (datetime(2025, 11, 22, 9, 30), "22 Nov 2025 09:30"),
    ],
)
def test_a_moment_is_said_as_people_do(moment: datetime, text: str) -> None:
    assert day_and_time(moment, TODAY) == text
