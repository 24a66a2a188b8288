"""The effective configuration: defaults by version, updates by key, and refusals that change nothing."""

from typing import Any

import pytest
from voicelive_tui.simulator.api.handshake import API_VERSIONS, Opening
from voicelive_tui.simulator.api.schema import Refused
from voicelive_tui.simulator.dialogue.session import Progress, Session


def session(api_version: str = "2026-07-15", model: str = "gpt-4o", **opening: str) -> Session:
    return Session(Opening(api_version, model, **opening), "sess_1", 1_800_000_000)


def update(target: Session, changes: Any, **progress: bool) -> list[str]:
    return target.update(changes, Progress(**progress))


@pytest.mark.parametrize(
    ("api_version", "server_ms", "azure_ms"),
    [("2025-05-01-preview", 300, 300), ("2025-10-01", 300, 300), ("2026-04-10", 400, 420), ("2026-07-15", 400, 420)],
)
def test_the_padding_default_depends_on_the_version(api_version: str, server_ms: int, azure_ms: int) -> None:
    opened = session(api_version)
    assert opened["turn_detection"]["prefix_padding_ms"] == server_ms
    update(opened, {"turn_detection": {"type": "azure_semantic_vad"}})
    assert opened["turn_detection"]["prefix_padding_ms"] == azure_ms
    update(opened, {"turn_detection": {"type": "azure_semantic_vad", "prefix_padding_ms": 123}})
    assert opened["turn_detection"]["prefix_padding_ms"] == 123


def test_unset_fields_are_shown_as_null_and_new_ones_only_where_they_exist() -> None:
    new, old = session().wire(), session("2025-10-01").wire()
    assert new["avatar"] is None and new["input_audio_transcription"] is None and new["agent"] is None
    assert new["expires_at"] == 1_800_000_000
    assert "expires_at" not in old and "parallel_tool_calls" not in old and "metadata" not in old


def test_only_the_keys_present_change_and_null_is_not_absence() -> None:
    opened = session()
    update(opened, {"instructions": "be brief", "turn_detection": None})
    update(opened, {"temperature": 0.9})
    assert opened["instructions"] == "be brief"
    assert opened["turn_detection"] is None
    assert opened["temperature"] == 0.9
    assert opened["modalities"] == ["text", "audio"]


def test_nested_defaults_are_filled_in() -> None:
    opened = session()
    update(
        opened,
        {"turn_detection": {"type": "azure_semantic_vad", "end_of_utterance_detection": {"model": "semantic_detection_v1"}}},
    )
    assert opened["turn_detection"]["end_of_utterance_detection"] == {
        "model": "semantic_detection_v1",
        "threshold_level": "default",
        "timeout_ms": 1000,
    }


def test_end_of_utterance_is_spelled_by_version() -> None:
    levels = {"model": "semantic_detection_v1", "threshold_level": "low", "timeout_ms": 500}
    seconds = {"model": "semantic_detection_v1", "threshold": 0.1, "timeout": 1.5}
    at = "session.turn_detection.end_of_utterance_detection"

    def unknown(version: str, spelling: dict[str, Any]) -> list[str]:
        return update(
            session(version), {"turn_detection": {"type": "azure_semantic_vad", "end_of_utterance_detection": spelling}}
        )

    assert unknown("2026-07-15", levels) == [] and unknown("2025-05-01-preview", seconds) == []
    assert unknown("2026-07-15", seconds) == [f"{at}.threshold", f"{at}.timeout"]
    assert unknown("2025-05-01-preview", levels) == [f"{at}.threshold_level", f"{at}.timeout_ms"]


def test_unknown_fields_are_named_and_left_out() -> None:
    opened = session()
    unknown = update(opened, {"colour": 1, "voice": {"type": "openai", "name": "coral", "mood": "glad"}})
    assert unknown == ["session.colour", "session.voice.mood"]
    assert "colour" not in opened.wire()
    assert opened["voice"] == {"type": "openai", "name": "coral"}


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ([], "session", "invalid_type"),
        ({"model": "gpt-5"}, "session.model", "invalid_value"),
        ({"modalities": ["audio"]}, "session.modalities", "invalid_value"),
        ({"modalities": ["text", "smell"]}, "session.modalities[1]", "invalid_value"),
        ({"modalities": None}, "session.modalities", "invalid_type"),
        ({"voice": "nobody"}, "session.voice", "invalid_value"),
        ({"voice": 7}, "session.voice", "invalid_type"),
        ({"voice": {"type": "azure-standard"}}, "session.voice.name", "missing_required_parameter"),
        ({"voice": {"name": "en-US-AvaNeural"}}, "session.voice.type", "missing_required_parameter"),
        ({"instructions": 5}, "session.instructions", "invalid_type"),
        ({"input_audio_format": "mp3"}, "session.input_audio_format", "invalid_value"),
        ({"input_audio_sampling_rate": 22050}, "session.input_audio_sampling_rate", "invalid_value"),
        (
            {"input_audio_format": "g711_ulaw", "input_audio_sampling_rate": 24000},
            "session.input_audio_sampling_rate",
            "invalid_value",
        ),
        ({"output_audio_format": "pcm16-8000hz"}, "session.output_audio_format", "invalid_value"),
        ({"turn_detection": {"type": "none"}}, "session.turn_detection.type", "invalid_value"),
        ({"turn_detection": {"type": "server_vad", "threshold": 1.5}}, "session.turn_detection.threshold", "invalid_value"),
        (
            {"turn_detection": {"type": "server_vad", "silence_duration_ms": "5"}},
            "session.turn_detection.silence_duration_ms",
            "invalid_type",
        ),
        (
            {"turn_detection": {"type": "server_vad", "create_response": 1}},
            "session.turn_detection.create_response",
            "invalid_type",
        ),
        ({"turn_detection": {"type": "semantic_vad"}}, "session.turn_detection.type", "invalid_value"),
        ({"input_audio_noise_reduction": {"type": "near_field"}}, "session.input_audio_noise_reduction.type", "invalid_value"),
        ({"input_audio_transcription": {"model": "whisper-1"}}, "session.input_audio_transcription.model", "invalid_value"),
        ({"input_audio_transcription": {}}, "session.input_audio_transcription.model", "missing_required_parameter"),
        ({"temperature": True}, "session.temperature", "invalid_type"),
        ({"temperature": 3}, "session.temperature", "invalid_value"),
        ({"max_response_output_tokens": 0}, "session.max_response_output_tokens", "invalid_value"),
        ({"tools": [{"type": "function"}]}, "session.tools[0].name", "missing_required_parameter"),
        ({"metadata": {str(n): "x" for n in range(17)}}, "session.metadata", "invalid_value"),
        ({"reasoning_effort": "extreme"}, "session.reasoning_effort", "invalid_value"),
    ],
)
def test_a_bad_value_is_refused_with_its_path_and_changes_nothing(changes: Any, param: str, code: str) -> None:
    opened = session()
    before = opened.wire()
    with pytest.raises(Refused) as refused:
        update(opened, changes if isinstance(changes, list) else {"instructions": "changed", **changes})
    assert (refused.value.param, refused.value.code) == (param, code)
    assert opened.wire() == before


def test_what_only_native_models_take() -> None:
    opened = session(model="gpt-realtime")
    update(
        opened,
        {
            "turn_detection": {"type": "semantic_vad", "eagerness": "high"},
            "input_audio_noise_reduction": {"type": "far_field"},
            "input_audio_transcription": {"model": "whisper-1"},
            "voice": "marin",
        },
    )
    assert opened.endpointing.silence_duration_ms == 300
    assert opened["voice"] == "marin"


def test_the_voice_is_final_once_it_was_heard() -> None:
    opened = session()
    same = opened["voice"]
    update(opened, {"voice": same}, audio_out=True)
    with pytest.raises(Refused) as refused:
        update(opened, {"voice": {"type": "azure-standard", "name": "en-US-EmmaNeural"}}, audio_out=True)
    assert refused.value.code == "cannot_update_voice"


def test_transcription_is_implicit_for_cascaded_models_only() -> None:
    assert session().transcribes
    native = session(model="gpt-realtime")
    assert not native.transcribes
    update(native, {"input_audio_transcription": {"model": "whisper-1"}})
    assert native.transcribes


@pytest.mark.parametrize(
    ("echo", "code"),
    [
        ({"channels": 2}, "invalid_ec_channels_requires_client"),
        ({"reference_source": "client"}, "invalid_ec_reference_channels"),
    ],
)
def test_the_echo_reference_has_two_valid_forms(echo: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        update(session(), {"input_audio_echo_cancellation": {"type": "server_echo_cancellation", **echo}})
    assert refused.value.code == code


def test_the_echo_reference_is_pcm16_and_final() -> None:
    both = {"type": "server_echo_cancellation", "reference_source": "client", "channels": 2}
    with pytest.raises(Refused) as refused:
        update(session(), {"input_audio_echo_cancellation": both, "input_audio_format": "g711_ulaw"})
    assert refused.value.code == "invalid_ec_channels_format"
    opened = session()
    update(opened, {"input_audio_echo_cancellation": both})
    assert opened.input_channels == 2
    with pytest.raises(Refused) as refused:
        update(opened, {"input_audio_echo_cancellation": None}, audio_in=True)
    assert refused.value.code == "change_in_ec_channels_not_allowed"


def test_g711_brings_its_rate_and_pcm16_its_own_back() -> None:
    opened = session()
    update(opened, {"input_audio_format": "g711_alaw"})
    assert opened["input_audio_sampling_rate"] == 8000
    update(opened, {"input_audio_format": "pcm16"})
    assert opened["input_audio_sampling_rate"] == 24000


def test_agent_mode_shows_the_agent_and_takes_no_instructions() -> None:
    opened = session(model="", agent="helper", project="p")
    assert opened.wire()["agent"]["name"] == "helper"
    with pytest.raises(Refused):
        update(opened, {"instructions": "be someone else"})


SMART = {"model": "smart_end_of_turn_detection"}


@pytest.mark.parametrize(
    ("api_version", "changes", "taken"),
    [
        ("2025-05-01-preview", {"turn_detection": {"type": "none"}}, True),
        ("2025-10-01", {"turn_detection": {"type": "none"}}, False),
        ("2026-04-10", {"voice": {"type": "azure-realtime-native", "name": "ava"}}, False),
        ("2026-07-15", {"voice": {"type": "azure-realtime-native", "name": "ava"}}, True),
        ("2025-10-01", {"voice": {"type": "avatar-voice-sync", "model": "MAI-Voice-1"}}, False),
        ("2026-04-10", {"voice": {"type": "avatar-voice-sync", "model": "MAI-Voice-1"}}, True),
        (
            "2026-06-01-preview",
            {"turn_detection": {"end_of_utterance_detection": {"model": "smart_end_of_turn_detection"}}},
            True,
        ),
        ("2026-07-15", {"turn_detection": {"end_of_utterance_detection": {"model": "smart_end_of_turn_detection"}}}, False),
    ],
)
def test_kinds_exist_in_their_versions_only(api_version: str, changes: Any, taken: bool) -> None:
    opened = session(api_version, "azure-realtime")
    if taken:
        update(opened, changes)
        return
    with pytest.raises(Refused, match="Supported values are"):
        update(opened, changes)


def test_the_first_preview_switches_detection_off_by_type_and_always_answers() -> None:
    opened = session("2025-05-01-preview")
    assert "create_response" not in opened["turn_detection"]
    assert update(opened, {"turn_detection": {"type": "server_vad", "create_response": False}}) == [
        "session.turn_detection.create_response"
    ]
    update(opened, {"turn_detection": {"type": "none"}})
    assert opened.wire()["turn_detection"] is None


# Fields of ResponseSession by the api-version that brought them (protocol.md 1.3 and 6).
FIRST_SHOWN = {
    "2025-05-01-preview": {
        "id", "object", "model", "agent", "modalities", "animation", "voice", "instructions", "input_audio_sampling_rate",
        "input_audio_format", "output_audio_format", "turn_detection", "input_audio_noise_reduction",
        "input_audio_echo_cancellation", "avatar", "input_audio_transcription", "output_audio_timestamp_types", "tools",
        "tool_choice", "temperature", "max_response_output_tokens",
    },
    "2025-10-01": set(),
    "2026-01-01-preview": {"reasoning_effort", "interim_response"},
    "2026-04-10": {"include", "metadata"},
    "2026-06-01-preview": {"parallel_tool_calls"},
    "2026-07-15": {"expires_at"},
    "2026-07-31-preview": set(),
}  # fmt: skip


def test_each_version_shows_its_fields_and_takes_them_back() -> None:
    expected: set[str] = set()
    for version in API_VERSIONS:
        expected |= FIRST_SHOWN[version]
        opened = session(version)
        assert set(opened.wire()) == expected
        own = {"id", "object", "agent", "expires_at"} & expected
        assert set(update(opened, opened.wire())) == {f"session.{name}" for name in own}
