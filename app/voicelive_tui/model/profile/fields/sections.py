"""The sections of a form, with the keys of their settings in order; every setting is in one."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Section:
    """One section. keys: dotted, with `*` for an element of an array."""

    title: str
    keys: tuple[str, ...]


def _in(table: str, names: str) -> tuple[str, ...]:
    """Return the keys of names in a table."""
    return tuple(f"{table}.{name}" for name in names.split())


SECTIONS: Final = (
    Section(
        "service",
        (
            *_in("service", "model api_version target url auth query headers"),
            "session.model",
        ),
    ),
    Section(
        "voice",
        _in(
            "session.voice",
            "type name rate temperature style pitch volume locale prefer_locales model endpoint_id "
            "custom_lexicon_url custom_text_normalization_url",
        ),
    ),
    Section(
        "turns",
        _in(
            "session.turn_detection",
            "type threshold silence_duration_ms prefix_padding_ms speech_duration_ms eagerness "
            "create_response interrupt_response auto_truncate appended_text_after_truncation "
            "remove_filler_words languages speech_duration_assistant_speaking_ms",
        )
        + _in(
            "session.turn_detection.end_of_utterance_detection",
            "model threshold_level timeout_ms threshold timeout",
        ),
    ),
    Section(
        "transcription",
        (
            *_in(
                "session.input_audio_transcription",
                "model language phrase_list prompt custom_speech",
            ),
            "session.input_audio",
        ),
    ),
    Section(
        "noise and echo",
        (
            "session.input_audio_noise_reduction.type",
            *_in("session.input_audio_echo_cancellation", "type reference_source channels"),
            *_in("session", "input_audio_format input_audio_sampling_rate"),
        ),
    ),
    Section(
        "answers",
        _in(
            "session",
            "instructions temperature max_response_output_tokens reasoning_effort modalities "
            "output_audio_format output_audio_timestamp_types include metadata",
        )
        + _in("greeting", "text prompt")
        + _in(
            "session.interim_response",
            "type triggers latency_threshold_ms texts model instructions max_completion_tokens",
        )
        + _in("session.animation", "model_name outputs")
        + _in(
            "session.avatar",
            "type character style model customized video scene output_protocol "
            "output_audit_audio ice_servers",
        ),
    ),
    Section(
        "tools",
        _in("session", "tool_choice tool_choice.type tool_choice.name parallel_tool_calls tools")
        + _in(
            "session.tools.*",
            "type name description parameters server_label server_url authorization headers "
            "allowed_tools require_approval agent_name project_name agent_version client_id "
            "foundry_resource_override agent_context_type return_agent_response_directly",
        ),
    ),
    Section(
        "agent and own model",
        (
            *_in("service.agent", "name project version conversation_id client_id resource"),
            "service.byom",
        ),
    ),
    Section(
        "this machine",
        ("audio.input", "audio.output", "inspector.filter", "name", "description"),
    ),
)
