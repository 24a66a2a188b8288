"""The rows of the page with the settings in force, at several widths."""

from dataclasses import dataclass

import pytest
from voicelive_tui.tui.setting_comparison import compare_settings, worth_showing
from voicelive_tui.tui.widgets.in_force_rows import (
    configuration_rows,
    heading_row,
    hidden_row,
    inaction_rows,
    setting_rows,
    turns_of,
)
from voicelive_tui.tui.widgets.spans import cells

from tests.tui.support.spans import text_of
from tests.tui.support.tuned_session import FILE, tuned_journal

SILENCE = "session.turn_detection.silence_duration_ms"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that was accepted and does not act."""

    key: str
    sentence: str
    cure: str


def rows(width: int) -> list[str]:
    """The page's rows about settings."""
    settings = tuned_journal().view.settings
    shown = worth_showing(compare_settings(settings, FILE), {SILENCE})
    found = [heading_row(settings, width), *setting_rows(shown, width)]
    return [text_of(row.spans).rstrip() for row in found]


def test_the_rows_are_those_of_the_design() -> None:
    assert [row[:88].rstrip() for row in rows(99)] == [
        "   key                        file                 asked 0:58.9         in force 0:47.1",
        "   turn_detection",
        " ≠   .threshold               0.3                  0.5                  0.5            ≠",
        "     .silence_duration_ms     500                  500                  500",
        " +   .remove_filler_words                                               false          +",
        " ✗ voice.name                 en-US-AvaNeural      en-US-AndrewNeural   en-US-AvaNeur… ✗",
        " ≠   .rate                    1.0                  1.05                 1.05           ≠",
        " ! echo_cancellation          server               server               null           !",
        "   instructions               28 characters        28 characters        28 characters",
        "   modalities                 text, audio          text, audio          text, audio",
        " + temperature                                                          0.8            +",
        " + session.expires_at                                                   08:00:00 UTC   +",
    ]


@pytest.mark.parametrize("width", [60, 79, 80, 98, 99, 139, 140, 200])
def test_every_row_fits_and_says_its_state_in_full(width: int) -> None:
    settings = tuned_journal().view.settings
    found = list(setting_rows(compare_settings(settings, FILE), width))
    assert all(cells(row.spans) <= width for row in found)
    texts = [text_of(row.spans) for row in found]
    for state in ("≠ file", "+ added", "✗ refused", "! ignored"):
        assert any(text.endswith(state) for text in texts)


def test_a_setting_deep_inside_is_below_the_names_of_its_objects() -> None:
    file = {
        "turn_detection": {
            "type": "server_vad",
            "end_of_utterance_detection": {"model": "semantic_detection_v1", "timeout_ms": 1000},
        }
    }
    settings = tuned_journal().view.settings
    compared = [each for each in compare_settings(settings, file) if each.file != each.asked]
    found = [text_of(row.spans)[:36].rstrip() for row in setting_rows(compared, 100)][:6]
    assert "   turn_detection" in found
    at = found.index("     .end_of_utterance_detection")
    assert [line.split()[1] for line in found[at + 1 : at + 3]] == [".model", ".timeout_ms"]


def test_each_configuration_says_what_changed_how_long_it_took_and_what_became_of_it() -> None:
    found = configuration_rows(tuned_journal().view.configurations, {3: "turn 2"}, 100)
    assert [text_of(row.spans).rstrip() for row in found] == [
        "    0:00.4  session.created    defaults of the service",
        "    0:00.5  session.update     9 keys   38 ms   1 ignored",
        "    0:31.2  session.update     silence 1200 to 500   38 ms   applied",
        "    0:47.1  session.update     threshold 0.3 to 0.5, rate 1.0 to 1.05   38 ms   applied"
        "   turn 2",
        "    0:58.9  session.update     voice Ava to Andrew   refused: cannot_update_voice",
    ]


def test_a_configuration_leads_to_its_event_and_a_setting_to_its_field() -> None:
    journal = tuned_journal()
    configurations = journal.view.configurations
    found = list(configuration_rows(configurations, {}, 100))
    assert [row.n for row in found] == [each.n for each in configurations]
    settings = setting_rows(compare_settings(journal.view.settings, FILE), 100)
    assert next(row.key for row in settings if row.leads_on) == "session.turn_detection.type"


def test_what_does_not_act_is_said_with_its_cure_and_without_secrets() -> None:
    seen = Seen("session.voice", "the voice of https://user:pw@host/ is mute", "Take another one")
    found = list(inaction_rows([seen], 80))
    texts = [text_of(row.spans) for row in found]
    assert texts[0].startswith(" !  the voice of https://")
    assert texts[1] == "    Take another one"
    assert "pw@" not in " ".join(texts)
    assert {row.key for row in found} == {"session.voice"}


def test_what_is_hidden_is_counted() -> None:
    assert text_of(hidden_row(27, "a").spans).strip() == (
        "27 more are the same in all three: a shows them"
    )
    assert text_of(hidden_row(1, "f6").spans).strip() == (
        "1 more is the same in all three: f6 shows them"
    )


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([4], "turn 4"), ([1, 2, 3], "turns 1 to 3"), ([1, 3, 9], "3 turns, 1 to 9")],
)
def test_turns_are_named_by_their_numbers(numbers: list[int], text: str) -> None:
    assert turns_of(numbers) == text


def test_short_lists_and_times_fit_on_a_screen_of_80_columns() -> None:
    found = rows(79)
    assert "asked 0:58.9 in force 0:47.1" in found[0]
    assert next(row for row in found if "modalities" in row).count("text, audio") == 3
