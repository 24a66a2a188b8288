"""The rows of the settings page and the help of a setting, at the widths of the page and of the
column."""

from dataclasses import replace
from typing import Any

import pytest
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.sections import Section
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.settings import REMOVED, Setting
from voicelive_tui.model.session.setting_effect import SettingEffect
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts, Status
from voicelive_tui.tui.widgets.setting_help import help_column, help_rows
from voicelive_tui.tui.widgets.setting_rows import (
    mark_of,
    page_lines,
    setting_columns,
    setting_spans,
    slider,
)
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of

VERSION = "2026-07-15"
THRESHOLD = Field(
    "session.turn_detection.threshold", ("number",), "the confidence from which audio is speech",
    low=0, high=1, step=0.05, defaults={"": 0.5},
)  # fmt: skip
SILENCE = Field(
    "session.turn_detection.silence_duration_ms", ("integer",), "the silence that ends a turn",
    low=0, high=60_000, step=100, label="silence ms", defaults={"": 500},
)  # fmt: skip
VOICE = Field("session.voice.name", ("string",), "the voice", changes="before an answer")
MODEL = Field("service.model", ("string",), "the model", changes="new connection")
WIDTHS = (47, 62, 79, 99)
REASON = "cannot_update_voice: the voice stays as it is once an answer was spoken"


def facts(field: Field, value: Any, **more: Any) -> SettingFacts:
    setting = Setting(field.key, field, value, more.pop("availability", ""))
    return SettingFacts(setting, **{"in_file": value, "in_force": value, **more})


def page(*each: SettingFacts) -> SettingsFacts:
    section = Section("turns", tuple(one.key for one in each))
    return SettingsFacts(((section, each),), VERSION, "support.toml")


def row(each: SettingFacts, width: int) -> str:
    return text_of(setting_spans(each, VERSION, setting_columns(width))).rstrip()


def test_a_row_is_that_of_the_design() -> None:
    threshold = facts(THRESHOLD, 0.5, in_file=0.3)
    assert row(threshold, 63) == ("   threshold       0.5  ├────●─────┤  0.5            ≠ file 0.3")
    assert row(threshold, 80) == (
        "   threshold       0.5  ├────●─────┤          0.5                    ≠ file 0.3"
    )
    assert row(threshold, 48) == "   threshold       0.5  ├────●─────┤  ≠ file 0.3"
    assert row(facts(MODEL, "gpt-4o"), 63) == (
        "   model           gpt-4o             gpt-4o         restart"
    )
    assert row(facts(SILENCE, 500), 63) == "   silence ms      500  ├──●───────┤  500"


def test_what_is_not_set_shows_its_default_and_what_there_is_not_says_so() -> None:
    assert row(facts(SILENCE, REMOVED), 63) == "   silence ms      500"
    used = facts(SILENCE, REMOVED, in_force=900)
    assert row(used, 48) == "   silence ms      900" and row(used, 63).split()[2:] == ["500", "900"]
    other = facts(SILENCE, REMOVED, availability="only with gpt-4o, gpt-4.1")
    assert row(other, 63) == "   silence ms      only with gpt-4o, gpt-4.1"
    assert "200, only with" in row(facts(SILENCE, 200, availability="only with gpt-4o"), 80)


@pytest.mark.parametrize(
    ("status", "reply_ms", "mark"),
    [
        ("refused", None, "✗ refused"), ("ignored", None, "! ignored"), ("waits", None, "waits"),
        ("sent", None, "sent"),
        ("changed", None, "! changed"), ("restart", None, "! restart"),
        ("applied", 38.4, "✓ in 38 ms"), ("applied", 1234.0, "✓ in 1.2 s"), ("", None, ""),
    ],
)  # fmt: skip
def test_each_status_has_a_mark_with_a_word(
    status: Status, reply_ms: float | None, mark: str
) -> None:
    assert mark_of(facts(SILENCE, 500, status=status, reply_ms=reply_ms))[0] == mark


def test_a_value_that_differs_from_the_file_is_marked_whatever_its_type() -> None:
    assert mark_of(facts(SILENCE, 500, in_file=REMOVED))[0] == "≠ file none"
    assert mark_of(facts(SILENCE, 1, in_file=True))[0] == "≠ file on"
    assert "≠ file 12000" in row(facts(SILENCE, 500, in_file=12000), 63)
    assert page(facts(SILENCE, 1, in_file=2), facts(THRESHOLD, 0.5)).differing == 1


def test_the_reason_stands_below_what_was_refused_with_the_ways_out() -> None:
    refused = facts(VOICE, "en-US-Andrew", in_force="en-US-Ava", status="refused", reason=REASON)
    lines = [text_of(line.spans) for line in page_lines(page(refused), 63, {}, {})]
    assert lines[0].startswith(" TURNS") and lines[0].endswith("in force")
    assert lines[1].rstrip().endswith("✗ refused")
    below = " ".join(line.strip() for line in lines[2:])
    assert below == f"✗ {REASON}. R restarts with it, Esc takes it back"


PROBLEM = Problem(
    "", None, None, "", "error", "the service takes 0 to 1", "write 0.3", by_service=True
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "value",
    ["", "en-US-Ava:DragonHDLatestNeural", "漢字" * 30, "a" * 500, 10**9, 1.7e308, -1.7e308],
)
def test_no_line_is_wider_than_the_page(width: int, value: Any) -> None:
    for field in (SILENCE, THRESHOLD, VOICE, MODEL):
        for status in ("", "refused", "applied"):
            each = facts(field, value, in_file=f"{value}x", status=status, reason=REASON * 3)
            shown = page(each, replace(each, in_force="x" * 90, warning=REASON))
            wrong = replace(each, problem=PROBLEM)
            below = {0: tuple(help_rows(each, VERSION, width) + help_rows(wrong, VERSION, width))}
            for line in page_lines(shown, width, {}, below):
                assert cells(line.spans) <= width, text_of(line.spans)


def test_what_check_finds_stands_in_the_help_with_its_cure() -> None:
    wrong = replace(facts(THRESHOLD, 30), problem=PROBLEM)
    for text in (
        "\n".join(text_of(line) for line in help_rows(wrong, VERSION, 120)),
        " ".join(text_of(line).strip() for line in help_column(wrong, VERSION, 36, 40, {})),
    ):
        assert "the service takes 0 to 1 (write 0.3)" in text


def test_what_the_service_warns_of_stands_below_the_setting() -> None:
    warning = "unsupported_field: rate was ignored"
    for status, mark in (("", "! warning"), ("applied", "! warning"), ("ignored", "! ignored")):
        warned = facts(SILENCE, 500, status=status, reply_ms=38.4, warning=warning)
        lines = [text_of(line.spans).strip() for line in page_lines(page(warned), 63, {}, {})]
        assert lines[1].endswith(mark) and lines[2:] == [f"! {warning}"]
        for text in (
            "\n".join(text_of(line) for line in help_rows(warned, VERSION, 80)),
            " ".join(text_of(line).strip() for line in help_column(warned, VERSION, 36, 40, {})),
        ):
            assert f"! the service warns: {warning}" in text
    refused = facts(VOICE, "en-US-Andrew", status="refused", reason=REASON, warning=warning)
    lines = [text_of(line.spans) for line in page_lines(page(refused), 63, {}, {})]
    assert REASON[:20] in lines[2] and not any(warning in line for line in lines)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (
            SettingEffect(47.138, 2, 0, 3, 2),
            [" Since 0:47.1: 2 turns, 0 false", " starts (before: 3 turns, 2)"],
        ),
        (SettingEffect(605.0, 1, 1, 0, 0), [" Since 10:05.0: 1 turn, 1 false", " start"]),
        (None, []),
    ],
)
def test_the_help_counts_what_came_since_the_change(
    effect: SettingEffect | None, words: list[str]
) -> None:
    each = facts(THRESHOLD, 0.5, at_s=47.1, reply_ms=38, effect=effect)
    lines = [text_of(line).rstrip() for line in help_column(each, VERSION, 36, 26, {})]
    at = next((n for n, line in enumerate(lines) if "Since" in line), len(lines))
    assert lines[at : at + 2] == words


@pytest.mark.parametrize("height", [5, 12, 24, 44])
def test_the_help_fits_into_its_column(height: int) -> None:
    each = facts(THRESHOLD, 0.5, in_file=0.3, status="applied", reply_ms=38, at_s=47.15)
    lines = help_column(each, VERSION, 36, height, {})
    assert len(lines) <= height and all(cells(line) <= 36 for line in lines)


def test_the_help_says_what_it_does_its_limits_and_its_values() -> None:
    each = facts(THRESHOLD, 0.5, in_file=0.3, status="applied", reply_ms=38, at_s=47.15)
    text = "\n".join(text_of(line).rstrip() for line in help_column(each, VERSION, 36, 26, {}))
    for words in (
        " turn_detection.threshold", " The confidence from which audio is\n speech.",
        " 0.0 to 1.0 in steps of 0.05", " default 0.5 (2026-07-15)", " changes at once",
        " file        0.3", " asked       0.5     0:47.1", " in force    0.5     0:47.1, 38 ms",
        "── this page ─", "u undo", "/ find",
    ):  # fmt: skip
        assert words in text, text
    assert "default 0.5" in "".join(text_of(line) for line in help_rows(each, VERSION, 80))


@pytest.mark.parametrize(("number", "at"), [(0, 0), (0.5, 4), (1, 9), (7, 9), (-3, 0)])
def test_the_slider_shows_the_place_in_the_range(number: float, at: int) -> None:
    text = text_of(slider(THRESHOLD, number, 0.5))
    assert len(text) == 12 and text.index("●") == at + 1
