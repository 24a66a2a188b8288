"""The changes that one new value needs around it."""

import functools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.profile.complete_changes import changes_for
from voicelive_tui.model.profile.fields.field_table import CHILDREN
from voicelive_tui.model.profile.fields.sections import SECTIONS
from voicelive_tui.model.profile.settings import REMOVED, settings_of, with_setting

NEWEST = "2026-07-15"
TURNS = "session.turn_detection"


def changed(document: dict[str, Any], key: str, value: Any) -> Any:
    """The session after a value of the form has been set."""
    for each, new in changes_for(document, key, value, NEWEST):
        document = with_setting(document, each, new)
    return document.get("session", {})


def with_turns(detection: Any) -> dict[str, Any]:
    return {"session": {"turn_detection": detection}}


def with_voice(voice: Any) -> dict[str, Any]:
    return {"session": {"voice": voice}}


def test_a_value_in_its_table_is_all_that_changes() -> None:
    document = with_turns({"type": "server_vad"})
    assert changes_for(document, f"{TURNS}.threshold", 0.4, NEWEST) == (
        (f"{TURNS}.threshold", 0.4),
    )


class TestMissingTable:
    @pytest.mark.parametrize("document", [{}, with_turns("none")], ids=["missing", "off"])
    def test_its_variant_is_stated(self, document: dict[str, Any]) -> None:
        assert changed(document, f"{TURNS}.threshold", 0.4) == {
            "turn_detection": {"type": "server_vad", "threshold": 0.4}
        }

    def test_the_variant_is_one_that_has_the_field(self) -> None:
        assert changed({}, f"{TURNS}.eagerness", "low") == {
            "turn_detection": {"type": "semantic_vad", "eagerness": "low"}
        }

    def test_so_are_those_of_the_tables_around_it(self) -> None:
        assert changed({}, f"{TURNS}.end_of_utterance_detection.timeout_ms", 900) == {
            "turn_detection": {
                "type": "server_vad",
                "end_of_utterance_detection": {"model": "semantic_detection_v1", "timeout_ms": 900},
            }
        }

    @pytest.mark.parametrize(
        ("model", "transcriber"), [("gpt-4o", "azure-speech"), ("gpt-realtime", "whisper-1")]
    )
    def test_the_variant_fits_the_model(self, model: str, transcriber: str) -> None:
        document = {"service": {"model": model}}
        assert changed(document, "session.input_audio_transcription.language", "en") == {
            "input_audio_transcription": {"model": transcriber, "language": "en"}
        }

    def test_what_the_variant_requires_comes_with_it(self) -> None:
        voice = changed({}, "session.voice.rate", "1.1")["voice"]
        assert voice == {
            "type": "azure-standard",
            "name": "en-US-Ava:DragonHDLatestNeural",
            "rate": "1.1",
        }

    def test_a_new_tool_has_a_type(self) -> None:
        assert changed({"session": {"tools": []}}, "session.tools.0.name", "clock") == {
            "tools": [{"type": "function", "name": "clock"}]
        }


class TestVariant:
    def test_what_the_new_one_does_not_have_goes(self) -> None:
        detection = {"type": "azure_semantic_vad", "threshold": 0.4, "create_response": True}
        assert changed(with_turns(detection), f"{TURNS}.type", "semantic_vad") == {
            "turn_detection": {"type": "semantic_vad", "create_response": True}
        }

    def test_what_both_have_stays(self) -> None:
        detection = {"type": "azure_semantic_vad", "prefix_padding_ms": 250}
        assert changed(with_turns(detection), f"{TURNS}.type", "server_vad") == {
            "turn_detection": {"type": "server_vad", "prefix_padding_ms": 250}
        }

    def test_a_name_that_the_new_one_does_not_have_is_replaced(self) -> None:
        voice = {"type": "azure-standard", "name": "en-US-AvaNeural", "rate": "1.1"}
        assert changed(with_voice(voice), "session.voice.type", "openai") == {
            "voice": {"type": "openai", "name": "alloy"}
        }

    def test_one_that_this_version_does_not_know_changes_nothing_else(self) -> None:
        detection = {"type": "server_vad", "threshold": 0.4}
        assert changed(with_turns(detection), f"{TURNS}.type", "of_tomorrow") == {
            "turn_detection": {"type": "of_tomorrow", "threshold": 0.4}
        }

    def test_none_switches_the_table_off(self) -> None:
        detection = {"type": "server_vad", "threshold": 0.4}
        assert changed(with_turns(detection), f"{TURNS}.type", "none") == {"turn_detection": "none"}

    def test_removing_it_removes_the_table(self) -> None:
        detection = {"type": "server_vad", "threshold": 0.4}
        assert changed(with_turns(detection), f"{TURNS}.type", REMOVED) == {}

    def test_removing_that_of_a_tool_leaves_the_tool(self) -> None:
        document = {"session": {"tools": [{"type": "function", "name": "clock"}]}}
        assert changed(document, "session.tools.0.type", REMOVED) == {"tools": [{"name": "clock"}]}


class TestName:
    @pytest.mark.parametrize(
        ("name", "value", "voice"),
        [
            ("name", "ash", "ash"),
            (
                "type",
                "azure-standard",
                {"type": "azure-standard", "name": "en-US-Ava:DragonHDLatestNeural"},
            ),
            ("rate", "1.1", {"type": "openai", "name": "alloy", "rate": "1.1"}),
        ],
    )
    def test_a_voice_that_is_one_becomes_a_table_where_it_has_to(
        self, name: str, value: str, voice: Any
    ) -> None:
        assert changed(with_voice("alloy"), f"session.voice.{name}", value) == {"voice": voice}

    @pytest.mark.parametrize("document", [{}, {"session": {"tool_choice": "auto"}}])
    def test_the_choice_of_one_tool_says_what_it_is(self, document: dict[str, Any]) -> None:
        assert changed(document, "session.tool_choice.name", "clock") == {
            "tool_choice": {"type": "function", "name": "clock"}
        }


_KEYS = st.sampled_from([key for section in SECTIONS for key in section.keys if "*" not in key])
_TABLE_KEYS = st.sampled_from([key for key in CHILDREN if key and "*" not in key])
_VALUES = st.sampled_from([1, 0.5, True, "none", "alloy", "server_vad", "x", [], ["x"], {}])
_DOCUMENTS = st.lists(st.tuples(_KEYS | _TABLE_KEYS, _VALUES), max_size=5).map(
    lambda values: functools.reduce(
        lambda document, each: with_setting(document, *each),
        [(key, value) for key, value in values if key not in ("service", "session", "audio")],
        {"service": {"model": "gpt-4o"}},
    )
)


@given(_DOCUMENTS, _KEYS, st.sampled_from(["none", "ash", "server_vad", "x"]))
def test_what_a_form_sets_is_what_it_then_shows(
    document: dict[str, Any], key: str, value: str
) -> None:
    """Whatever else the document has: the service alone decides about `[session]`."""
    for each, new in changes_for(document, key, value, NEWEST):
        document = with_setting(document, each, new)
    shown = {each.key: each for _, settings in settings_of(document, NEWEST) for each in settings}
    assert shown[key].value == value
