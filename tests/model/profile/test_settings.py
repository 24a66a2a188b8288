"""Settings of a document by their dotted keys."""

import pytest
from voicelive_tui.model.profile.settings import REMOVED, setting_at, with_setting

DOCUMENT = {"session": {"turn_detection": {"type": "server_vad", "threshold": 0.5}, "voice": "ash"}}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("session.turn_detection.threshold", 0.5),
        ("session.voice", "ash"),
        ("session.voice.name", None),
        ("service.model", None),
    ],
)
def test_a_setting_is_found_by_its_key(key: str, value: object) -> None:
    assert setting_at(DOCUMENT, key) == value


def test_a_setting_is_changed_in_a_copy() -> None:
    changed = with_setting(DOCUMENT, "session.turn_detection.threshold", 0.6)
    assert changed["session"]["turn_detection"] == {"type": "server_vad", "threshold": 0.6}
    assert setting_at(DOCUMENT, "session.turn_detection.threshold") == 0.5
    assert changed["session"]["voice"] == "ash"


def test_tables_that_are_missing_are_made() -> None:
    assert with_setting({}, "service.model", "gpt-5") == {"service": {"model": "gpt-5"}}
    changed = with_setting(DOCUMENT, "session.voice.name", "en-US-Ava")
    assert changed["session"]["voice"] == {"name": "en-US-Ava"}


@pytest.mark.parametrize("key", ["session.temperature", "name"])
def test_what_was_added_can_be_removed_again(key: str) -> None:
    assert with_setting(with_setting(DOCUMENT, key, 1), key, REMOVED) == DOCUMENT


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert with_setting(DOCUMENT, "session.nothing.here", REMOVED) == DOCUMENT
