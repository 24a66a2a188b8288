"""The facts of a tab's settings while its session runs."""

from typing import Any

import pytest
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.setting_facts import SettingFacts
from voicelive_tui.tui.settings_of_tab import TabSettings, facts_of

from tests.support.memory_journal import MemoryJournal

DEFAULTS = {"turn_detection": {"type": "server_vad", "silence_duration_ms": 500}}
SILENCE = "session.turn_detection.silence_duration_ms"


def session(**asked: Any) -> MemoryJournal:
    """A session whose first update is not answered yet."""
    journal = MemoryJournal()
    journal("=", 0.1, "console.connected", service="simulator")
    journal("<", 0.4, "session.created", session=DEFAULTS)
    journal(">", 0.5, "session.update", event_id="e1", session=asked)
    return journal


def facts(journal: MemoryJournal, key: str, **asked: Any) -> SettingFacts:
    snapshot = SessionSnapshot("k", "k", SessionState.CONNECTED, view=journal.view)
    document = {"session": asked}
    tab = TabSettings(document, document, "k.toml", "2026-07-15", snapshot)
    return next(each for each in facts_of(tab).settings if each.key == key)


@pytest.mark.parametrize(("model", "fits"), [("", False), ("gpt-realtime", True)])
def test_a_setting_is_judged_with_the_model_of_the_environment(model: str, fits: bool) -> None:
    document = {"session": {"voice": "marin", "input_audio_transcription": "none"}}
    tab = TabSettings(document, document, "k.toml", "2026-07-15", default_model=model)
    voice = next(each for each in facts_of(tab).settings if each.key == "session.voice.type")
    assert (voice.problem is None) is fits


def test_an_update_that_the_service_never_answers_stays_sent() -> None:
    asked = {"turn_detection": {"type": "server_vad", "silence_duration_ms": 900}}
    journal = session(**asked)
    assert facts(journal, SILENCE, **asked).status == "sent"
    journal("<", 0.6, "session.updated", session={**DEFAULTS, **asked})
    assert facts(journal, SILENCE, **asked).status == ""
    journal(">", 1.0, "session.update", event_id="e2", session=asked)
    journal("<", 1.1, "session.updated", session=None)
    assert facts(journal, SILENCE, **asked).in_force == 900


@pytest.mark.parametrize(
    ("key", "asked", "message"),
    [
        ("session.temperature", {"temperature": 3}, "outside the range"),
        ("session.modalities", {"modalities": ["text", "sound"]}, "not a known value"),
        ("session.voice.type", {"voice": "alloy"}, "OpenAI's voices"),
        ("session.voice.name", {"voice": "alloy"}, ""),
        ("session.voice.type", {"voice": {"type": "azure-standard"}}, "`name` is missing"),
        ("session.turn_detection.type", {"turn_detection": "none"}, ""),
    ],
)
def test_a_setting_has_what_check_finds_in_it(
    key: str, asked: dict[str, Any], message: str
) -> None:
    problem = facts(MemoryJournal(), key, **asked).problem
    assert message in problem.message if problem is not None else message == ""


def test_a_none_that_is_not_null_is_followed_like_any_value() -> None:
    journal = session(tool_choice="none")
    shown = facts(journal, "session.tool_choice", tool_choice="none")
    assert (shown.status, shown.at_s) == ("sent", 0.5)
    journal("<", 0.6, "session.updated", session={**DEFAULTS, "tool_choice": "auto"})
    assert facts(journal, "session.tool_choice", tool_choice="none").status == "changed"
