"""The comparison of a profile's file with what was asked for and what is in force."""

from typing import Any

import pytest
from voicelive_tui.model.events.session_settings import ABSENT
from voicelive_tui.model.profile.profile import parse_profile
from voicelive_tui.tui.setting_comparison import (
    as_toml,
    compare_settings,
    shown_setting,
    summary,
    worth_showing,
)

from tests.support.memory_journal import MemoryJournal
from tests.tui.support.tuned_session import FILE, tuned_journal


def deviations(journal: MemoryJournal, file_session: dict[str, Any]) -> dict[str, str]:
    compared = compare_settings(journal.view.settings, file_session)
    return {each.key.removeprefix("session."): each.deviation for each in compared}


def test_every_setting_that_is_named_anywhere_is_compared_once_and_in_the_file_s_order() -> None:
    compared = compare_settings(tuned_journal().view.settings, FILE)
    keys = [each.key.removeprefix("session.") for each in compared]
    assert keys == [
        "turn_detection.type",
        "turn_detection.threshold",
        "turn_detection.silence_duration_ms",
        "turn_detection.remove_filler_words",
        "voice.type",
        "voice.name",
        "voice.rate",
        "input_audio_echo_cancellation.type",
        "instructions",
        "modalities",
        "id",
        "temperature",
        "avatar",
        "expires_at",
    ]


def test_each_setting_says_why_it_is_not_the_same_everywhere() -> None:
    assert {key: why for key, why in deviations(tuned_journal(), FILE).items() if why} == {
        "turn_detection.threshold": "differs",
        "turn_detection.remove_filler_words": "added",
        "voice.name": "refused",
        "voice.rate": "differs",
        "input_audio_echo_cancellation.type": "ignored",
        "temperature": "added",
        "expires_at": "added",
    }


def test_the_summary_counts_them() -> None:
    compared = compare_settings(tuned_journal().view.settings, FILE)
    assert summary(compared) == "2 differ from the file, 1 is ignored, 1 was refused"
    assert summary(compared[:1]) == "All is in force as the file has it"


def test_the_summary_counts_what_the_service_has_not_answered() -> None:
    journal = MemoryJournal()
    session = {"temperature": 0.8, "instructions": "Be brief."}
    journal("<", 0.1, "session.created", session={})
    journal(">", 0.2, "session.update", session=session)
    compared = compare_settings(journal.view.settings, session)
    assert {each.deviation for each in compared} == {"waiting"}
    assert summary(compared) == "2 wait for an answer"
    assert summary(compared[:1]) == "1 waits for an answer"
    journal("<", 0.3, "session.updated", session=session)
    answered = compare_settings(journal.view.settings, session)
    assert summary(answered) == "All is in force as the file has it"


def test_what_changed_during_the_session_is_worth_showing_and_what_is_the_same_is_not() -> None:
    compared = compare_settings(tuned_journal().view.settings, FILE)
    shown = {each.key for each in worth_showing(compared, set())}
    assert "session.turn_detection.silence_duration_ms" not in shown
    assert {"session.instructions", "session.modalities", "session.voice.name"} <= shown
    silence = "session.turn_detection.silence_duration_ms"
    assert silence in {each.key for each in worth_showing(compared, {silence})}


def test_a_file_that_has_a_voice_as_text_is_compared_with_the_object_in_force() -> None:
    journal = MemoryJournal()
    voice = {"type": "openai", "name": "alloy"}
    journal("<", 0.1, "session.created", session={"voice": voice})
    assert deviations(journal, {"voice": "alloy"}) == {"voice": ""}
    assert deviations(journal, {"voice": "echo"}) == {"voice": "differs"}


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("threshold", 0.5, "0.5"),
        ("remove_filler_words", False, "false"),
        ("avatar", None, "null"),
        ("voice", {"type": "openai", "name": "alloy"}, "alloy"),
        ("type", "server_echo_cancellation", "server"),
        ("instructions", "Be brief.", "9 characters"),
        ("modalities", ["text", "audio"], "text, audio"),
        ("tools", [{"type": "function", "name": "get_parcel"}], "1 item: get_parcel"),
        ("expires_at", 1_800_000_000, "08:00:00 UTC"),
        ("absent", ABSENT, ""),
    ],
)
def test_a_value_is_shown_close_to_its_json(path: str, value: object, text: str) -> None:
    assert shown_setting((path,), value) == text


def test_the_settings_in_force_are_a_profile_s_table_when_they_are_copied() -> None:
    journal = tuned_journal()
    profile, problems = parse_profile(as_toml(journal.view.settings), slug="copied", path="")
    assert profile is not None
    assert not problems
    session = dict(profile.session)
    assert session["turn_detection"]["threshold"] == 0.5
    assert session["voice"]["name"] == "en-US-AvaNeural"
    assert "id" not in session
    assert "input_audio_echo_cancellation" not in session


def test_turn_detection_that_was_switched_off_is_copied_as_none() -> None:
    journal = MemoryJournal()
    journal(">", 0.1, "session.update", session={"turn_detection": None})
    journal("<", 0.2, "session.updated", session={"turn_detection": None, "avatar": None})
    assert as_toml(journal.view.settings) == '[session]\nturn_detection = "none"\n'


def test_no_secret_is_shown_or_copied() -> None:
    journal = MemoryJournal()
    tool = {
        "type": "mcp",
        "server_label": "sim",
        "server_url": "https://h/mcp?code=hunter2",
        "authorization": "Bearer hunter2-hunter2",
        "headers": {"x-api-key": "hunter2"},
    }
    session = {"tools": [tool]}
    journal(">", 0.1, "session.update", session=session)
    journal("<", 0.2, "session.updated", session=session)
    assert "hunter2" not in as_toml(journal.view.settings)
    shown = [
        shown_setting(each.path, each.asked)
        for each in compare_settings(journal.view.settings, session)
    ]
    assert "hunter2" not in " ".join(shown)
