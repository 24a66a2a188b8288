"""What a user has changed in the settings of a tab, until the engine has it, and how it is taken
back."""

from typing import Any

from voicelive_tui.model.profile.settings import setting_at
from voicelive_tui.tui.edited_settings import EditedSettings

SILENCE = "session.turn_detection.silence_duration_ms"
THRESHOLD = "session.turn_detection.threshold"


def document(**detection: Any) -> dict[str, Any]:
    return {"session": {"turn_detection": {"type": "server_vad", **detection}}}


def test_a_change_that_the_engine_refused_is_given_up_each_time() -> None:
    edited, engines = EditedSettings(), document(silence_duration_ms=200)
    for refused in (1, 2):
        edited.change(engines, ((SILENCE, 300),))
        assert setting_at(edited.document(engines, refused - 1), SILENCE) == 300
        assert edited.document(engines, refused) is engines


def test_what_was_refused_or_dropped_is_not_taken_back_again() -> None:
    edited = EditedSettings()
    before = document(silence_duration_ms=200, threshold=0.5)
    edited.change(before, ((SILENCE, 300),))
    after = document(silence_duration_ms=300, threshold=0.5)
    edited.change(after, ((THRESHOLD, 7),))
    edited.forget_sent()
    assert edited.undo(after) == ((SILENCE, 200),)
    assert edited.undo(before) == ()


def test_a_number_written_otherwise_is_the_same_number() -> None:
    edited, engines = EditedSettings(), document(threshold=1)
    edited.change(engines, ((THRESHOLD, 1.0),))
    assert edited.document(engines, 0) is engines


def test_a_change_in_an_array_that_is_gone_is_left_out() -> None:
    edited, name = EditedSettings(), "session.tools.2.name"
    three = {"session": {"tools": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}}
    edited.change(three, ((name, "d"),))
    assert setting_at(edited.document(three, 0), name) == "d"
    one = {"session": {"tools": [{"name": "a"}]}}
    assert edited.undo(one) == ((name, "c"),)
    assert edited.document(one, 0) == one
