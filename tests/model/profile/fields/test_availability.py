"""Why a field or a value has no effect with a profile."""

from typing import Any

import pytest
from voicelive_tui.model.profile.fields.availability import unavailable, unavailable_value
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY

NEWEST = "2026-07-15"
TURNS = "session.turn_detection"
UTTERANCE = f"{TURNS}.end_of_utterance_detection"
HD_VOICE = {"type": "azure-standard", "name": "en-US-Ava:DragonHDLatestNeural"}
PLAIN_VOICE = {"type": "azure-standard", "name": "en-US-AvaNeural"}


def sentence(key: str, document: dict[str, Any], api_version: str = NEWEST) -> str:
    return unavailable(FIELDS_BY_KEY[key][0], document, api_version)


def value_sentence(key: str, value: str, model: str, api_version: str = NEWEST) -> str:
    document = {"service": {"model": model}}
    return unavailable_value(FIELDS_BY_KEY[key][0], value, document, api_version)


class TestVersion:
    @pytest.mark.parametrize(
        ("key", "api_version", "expected"),
        [
            ("session.metadata", "2025-10-01", "from 2026-04-10"),
            ("session.metadata", "2026-01-01-preview", "from 2026-04-10"),
            ("session.metadata", "2026-04-10", ""),
            ("session.metadata", "2026-06-01-preview", ""),
            ("session.metadata", "", ""),
            ("session.input_audio", "2025-05-01-preview", ""),
            ("session.input_audio", "2025-10-01", "only up to 2025-05-01-preview"),
            (f"{UTTERANCE}.timeout", NEWEST, "only up to 2025-05-01-preview"),
            (f"{UTTERANCE}.timeout_ms", "2025-05-01-preview", "from 2025-10-01"),
        ],
    )
    def test_a_field_names_the_versions_that_have_it(
        self, key: str, api_version: str, expected: str
    ) -> None:
        assert sentence(key, {}, api_version) == expected

    def test_so_does_a_value(self) -> None:
        smart = (f"{UTTERANCE}.model", "smart_end_of_turn_detection", "gpt-4o")
        assert value_sentence(*smart) == "only in 2026-06-01-preview"
        assert value_sentence(*smart, "2026-06-01-preview") == ""
        native = ("session.voice.type", "azure-realtime-native", "azure-realtime")
        assert value_sentence(*native, "2026-04-10") == "from 2026-06-01-preview"


class TestModel:
    @pytest.mark.parametrize(
        ("model", "expected"),
        [
            ("gpt-realtime", "only with text models such as gpt-4o"),
            ("gpt-4.1", ""),
            ("my-deployment", ""),
        ],
    )
    def test_a_table_and_its_fields_name_their_models(self, model: str, expected: str) -> None:
        document = {"service": {"model": model}}
        assert sentence(UTTERANCE, document) == expected
        assert sentence(f"{UTTERANCE}.timeout_ms", document) == expected
        assert sentence("session.interim_response.type", document) == expected

    @pytest.mark.parametrize(
        ("key", "value", "model", "expected"),
        [
            (f"{TURNS}.type", "semantic_vad", "gpt-4o", "only with gpt-realtime"),
            (f"{TURNS}.type", "semantic_vad", "gpt-realtime-mini", ""),
            (f"{TURNS}.type", "semantic_vad", "my-deployment", ""),
            (f"{TURNS}.type", "server_vad", "gpt-4o", ""),
            (
                "session.input_audio_noise_reduction.type",
                "near_field",
                "gpt-5",
                "only with gpt-realtime",
            ),
            (
                "session.input_audio_transcription.model",
                "whisper-1",
                "gpt-4o",
                "only with gpt-realtime",
            ),
        ],
    )
    def test_a_value_names_its_models(
        self, key: str, value: str, model: str, expected: str
    ) -> None:
        assert value_sentence(key, value, model) == expected

    def test_an_agent_brings_its_own_instructions(self) -> None:
        agent = {"service": {"query": {"agent-name": "desk"}}}
        assert sentence("session.instructions", agent) == "not with an agent"
        assert sentence("session.instructions", {}) == ""
        assert sentence(f"{UTTERANCE}.model", agent) == ""

    def test_the_simulator_judges_like_the_service(self) -> None:
        document = {"service": {"target": "simulator", "model": "gpt-realtime"}}
        assert sentence(UTTERANCE, document) == "only with text models such as gpt-4o"

    def test_the_session_never_takes_a_model(self) -> None:
        assert sentence("session.model", {}) == (
            "set by the address; change the model of the service"
        )


class TestVoice:
    @pytest.mark.parametrize(
        ("voice", "expected"),
        [
            ("alloy", "only with Azure voices"),
            ({"type": "openai", "name": "alloy"}, "only with Azure voices"),
            (HD_VOICE, ""),
            ({"type": "azure-realtime-native", "name": "ava"}, ""),
            (None, ""),
        ],
    )
    def test_word_times_need_one_of_azures(self, voice: Any, expected: str) -> None:
        document = {"session": {"voice": voice} if voice else {}}
        assert sentence("session.output_audio_timestamp_types", document) == expected

    @pytest.mark.parametrize(
        ("voice", "expected"),
        [
            (HD_VOICE, ""),
            (PLAIN_VOICE, "only with HD voices"),
            ({"type": "azure-standard"}, ""),
            ({"type": "azure-custom", "name": "ours"}, ""),
            ("alloy", "only with HD voices"),
        ],
    )
    def test_the_temperature_of_a_voice_needs_high_definition(
        self, voice: Any, expected: str
    ) -> None:
        assert sentence("session.voice.temperature", {"session": {"voice": voice}}) == expected


class TestVariant:
    @pytest.mark.parametrize(
        ("detection", "expected"),
        [
            ({"type": "semantic_vad"}, ""),
            ({"type": "server_vad"}, "only with semantic_vad"),
            ({"type": "of_tomorrow"}, "only with semantic_vad"),
            ({}, "only with semantic_vad"),
            ("none", "not while turn detection is off"),
        ],
    )
    def test_a_field_names_the_variants_that_have_it(self, detection: Any, expected: str) -> None:
        document = {
            "service": {"model": "gpt-realtime"},
            "session": {"turn_detection": detection},
        }
        assert sentence(f"{TURNS}.eagerness", document) == expected

    def test_one_name_stands_for_those_that_begin_with_it(self) -> None:
        assert sentence(f"{TURNS}.remove_filler_words", {}) == "only with azure_semantic_vad"

    def test_the_inner_table_needs_the_variant_of_the_outer_one(self) -> None:
        document = {"session": {"turn_detection": {"type": "semantic_vad"}}}
        assert sentence(f"{UTTERANCE}.model", document) == (
            "only with server_vad, azure_semantic_vad"
        )

    def test_what_differs_by_variant_is_there_for_each(self) -> None:
        for kind in ("server_vad", "azure_semantic_vad_en"):
            document = {"session": {"turn_detection": {"type": kind}}}
            assert sentence(f"{TURNS}.prefix_padding_ms", document) == ""

    def test_the_switch_of_a_table_that_is_off_stays(self) -> None:
        document = {"session": {"turn_detection": "none"}}
        assert sentence(f"{TURNS}.type", document) == ""
