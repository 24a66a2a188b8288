"""The effective configuration: updates by field, and rules that involve several fields, the model
or earlier events."""

from typing import Any

import pytest
from voicelive_simulator.api.errors import Refused
from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.session_fields import OUTPUT_FORMATS
from voicelive_simulator.api.session_rules import SessionProgress
from voicelive_simulator.dialogue.state.session import SessionConfig
from voicelive_simulator.sound.speech import OUTPUT_FORMATS as RENDERED_FORMATS


def session(
    api_version: str = "2026-07-15", model: str = "gpt-4o", **opening: Any
) -> SessionConfig:
    return SessionConfig(Opening(api_version, model, **opening), "sess_1", 1_800_000_000)


def update(target: SessionConfig, changes: Any, **progress: bool) -> list[str]:
    return target.update(changes, SessionProgress(**progress)).unknown


def test_only_the_keys_present_change_and_null_is_not_absence() -> None:
    opened = session()
    update(opened, {"instructions": "be brief", "turn_detection": None})
    update(opened, {"temperature": 0.9})
    assert opened["instructions"] == "be brief"
    assert opened["turn_detection"] is None
    assert opened["temperature"] == 0.9
    assert opened["modalities"] == ["text", "audio"]


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
    assert opened["turn_detection"]["eagerness"] == "high"
    assert opened["voice"] == "marin"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"modalities": ["audio"]}, "'text' must be among them"),
        ({"modalities": []}, "'text' must be among them"),
        ({"voice": "en-US-AvaNeural"}, '{"type": "azure-standard", "name": "en-US-AvaNeural"}'),
        ({"voice": "x" * 100_000}, "'alloy'"),
    ],
)
def test_a_refusal_says_what_to_send_instead(changes: Any, says: str) -> None:
    with pytest.raises(Refused) as refused:
        update(session(), changes)
    assert says in str(refused.value) and len(str(refused.value)) < 400


def test_the_voice_is_final_once_it_was_heard() -> None:
    opened = session()
    same = opened["voice"]
    update(opened, {"voice": same}, audio_out=True)
    with pytest.raises(Refused) as refused:
        update(
            opened,
            {"voice": {"type": "azure-standard", "name": "en-US-EmmaNeural"}},
            audio_out=True,
        )
    assert refused.value.code == "cannot_update_voice"


def test_transcription_is_implicit_for_cascaded_models_only() -> None:
    assert session().transcribes
    native = session(model="gpt-realtime")
    assert not native.transcribes
    update(native, {"input_audio_transcription": {"model": "whisper-1"}})
    assert native.transcribes


def test_the_echo_reference_is_pcm16_and_final() -> None:
    both = {"type": "server_echo_cancellation", "reference_source": "client", "channels": 2}
    with pytest.raises(Refused) as refused:
        update(
            session(), {"input_audio_echo_cancellation": both, "input_audio_format": "g711_ulaw"}
        )
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
    assert opened.to_json()["agent"]["name"] == "helper"
    with pytest.raises(Refused):
        update(opened, {"instructions": "be someone else"})


def test_agent_mode_round_trips_without_a_model() -> None:
    opened = session(model="", agent="helper", project="p")
    assert opened.to_json()["model"] is None
    update(opened, opened.to_json())
    with pytest.raises(Refused) as refused:
        update(opened, {"model": "gpt-4o"})
    assert refused.value.param == "session.model"


def test_an_agent_has_interim_responses() -> None:
    opened = session(model="", agent="helper", project="p")
    assert update(opened, {"interim-response": {"type": "static-interim-response"}}) == []
    assert opened["interim_response"]["type"] == "static_interim_response"


def test_the_own_spelling_counts_when_both_are_there() -> None:
    opened = session()
    both = {"interim-response": {"type": "static-interim-response"}, "interim_response": None}
    assert update(opened, both) == ["session.interim-response"]
    assert opened["interim_response"] is None


def test_a_field_without_a_name_is_no_other_field_by_mistake() -> None:
    assert update(session(), {"": 0, "turn_detection": {"": 0}}) == [
        "session.",
        "session.turn_detection.",
    ]


def test_a_tool_choice_names_a_tool_that_is_there_by_then() -> None:
    opened = session()
    update(
        opened,
        {
            "tool_choice": {"type": "function", "name": "f"},
            "tools": [{"type": "function", "name": "f"}],
        },
    )
    update(opened, {"tool_choice": "f"})
    update(opened, {"tools": []})
    assert opened["tool_choice"] == "f", "only a choice that is made is checked"


def test_an_odd_output_format_and_an_openai_voice_exclude_each_other() -> None:
    opened = session(model="gpt-realtime")
    azure = {"type": "azure-standard", "name": "en-US-AvaNeural"}
    update(opened, {"voice": azure, "output_audio_format": "pcm16_48000hz"})
    with pytest.raises(Refused) as refused:
        update(opened, {"voice": "marin"})
    assert refused.value.param == "session.output_audio_format"
    update(opened, {"voice": "marin", "output_audio_format": "pcm16"})


@pytest.mark.parametrize(
    ("voice", "output_audio_format", "param"),
    [
        ("alloy", None, "response.voice"),
        ({"type": "azure-realtime-native", "name": "ava"}, None, "response.voice.type"),
        (None, "pcm16_48000hz", None),
        ({"type": "azure-standard", "name": "n"}, "pcm16_22050hz", None),
    ],
)
def test_a_response_s_voice_is_one_that_the_model_has(
    voice: object, output_audio_format: str | None, param: str | None
) -> None:
    opened = session()
    if param is None:
        opened.check_output(voice, output_audio_format)
        return
    with pytest.raises(Refused) as refused:
        opened.check_output(voice, output_audio_format)
    assert refused.value.param == param


def test_what_the_documents_advise_against_is_taken_with_a_remark() -> None:
    reference = {
        "input_audio_echo_cancellation": {
            "type": "server_echo_cancellation",
            "reference_source": "client",
            "channels": 2,
        }
    }
    [remark] = session().update(reference, SessionProgress()).remarks
    assert (remark.code, "features=client_ec_reference:true" in remark.message) == (
        "missing_feature",
        True,
    )
    assert (
        session(features=("client_ec_reference",)).update(reference, SessionProgress()).remarks
        == []
    )
    heard = {"input_audio_transcription": {"model": "azure-speech"}}
    assert session().update(heard, SessionProgress()).remarks == []
    [remark] = session(model="gpt-realtime").update(heard, SessionProgress()).remarks
    assert remark.param == "session.input_audio_transcription.model"


def test_word_times_and_visemes_that_will_not_come_get_a_remark() -> None:
    wish = {"output_audio_timestamp_types": ["word"], "animation": {"outputs": ["viseme_id"]}}
    opened = session(model="gpt-realtime")
    remarks = opened.update(wish, SessionProgress()).remarks
    assert [remark.param for remark in remarks] == [
        "session.output_audio_timestamp_types",
        "session.animation",
    ]
    assert opened.update({"temperature": 0.7}, SessionProgress()).remarks == []
    assert (
        opened.update(
            {"voice": {"type": "azure-standard", "name": "en-US-AvaNeural"}}, SessionProgress()
        ).remarks
        == []
    )
    assert (
        len(opened.update({"voice": {"type": "openai", "name": "ash"}}, SessionProgress()).remarks)
        == 2
    )
    assert session().update(wish, SessionProgress()).remarks == []
    assert (
        session(model="gpt-realtime")
        .update({"animation": {"outputs": ["blendshapes"]}}, SessionProgress())
        .remarks
        == []
    )


def test_the_two_tables_of_output_formats_are_one() -> None:
    """The formats by their names in the API, and their sound."""
    assert tuple(RENDERED_FORMATS) == OUTPUT_FORMATS
