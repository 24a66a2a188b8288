"""The table of session fields: their checks, effective defaults and the api-version that brought them (protocol.md 6 to 12)."""

from __future__ import annotations

from collections.abc import Mapping

from voicelive_tui.simulator.api.schema import (
    JSON,
    Field,
    Reading,
    any_object,
    anything,
    boolean,
    first_of,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    record,
    string_map,
    tagged,
    text,
)

OPENAI_VOICES = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
NATIVE_VOICES = (
    "aarti", "andrew", "ava", "denise", "diya", "elsa", "florian", "francisca", "meera", "xiaoxiao", "yunxi", "ximena",
)  # fmt: skip
PERSONAL_MODELS = ("DragonLatestNeural", "PhoenixLatestNeural", "PhoenixV2Neural", "DragonHDOmniLatestNeural", "MAI-Voice-1")
OUTPUT_FORMATS = ("pcm16", "pcm16_8000hz", "pcm16_16000hz", "g711_ulaw", "g711_alaw")
INPUT_FORMATS = ("pcm16", "g711_ulaw", "g711_alaw")
MODALITIES = ("text", "audio", "animation", "avatar")
METADATA = string_map(pairs=16, key_chars=64, value_chars=512)
TEMPERATURE = number(0.0, 1.2)  # the union of the two documented ranges (protocol.md 18.1)
TOKENS = first_of(one_of("inf"), integer(1, 4096))
EFFORT = one_of("none", "minimal", "low", "medium", "high", "xhigh")


def modalities(value: object, param: str, reading: Reading) -> list[str]:
    """At least text: audio alone is not allowed (protocol.md 6)."""
    chosen: list[str] = list_of(one_of(*MODALITIES))(value, param, reading)
    one_of("text")("text" if "text" in chosen else chosen, param, reading)
    return chosen


_AZURE_VOICE = {
    "temperature": Field(nullable(number(0.0, 1.0))),
    "custom_lexicon_url": Field(nullable(text())),
    "custom_text_normalization_url": Field(nullable(text())),
    "prefer_locales": Field(nullable(list_of(text()))),
    "locale": Field(nullable(text())),
    "style": Field(nullable(text())),
    "pitch": Field(nullable(text())),
    "rate": Field(nullable(text())),
    "volume": Field(nullable(text())),
}
_NAME = {"name": Field(text(), required=True)}
_PERSONAL = {"model": Field(one_of(*PERSONAL_MODELS), required=True)}
_VOICE_OBJECT = tagged(
    "type",
    {
        "openai": {"name": Field(one_of(*OPENAI_VOICES), required=True)},
        "azure-standard": _NAME | _AZURE_VOICE,
        "azure-custom": _NAME | {"endpoint_id": Field(text(), required=True)} | _AZURE_VOICE,
        "azure-personal": _NAME | _PERSONAL | _AZURE_VOICE,
        "avatar-voice-sync": _PERSONAL | _AZURE_VOICE,
        "azure-realtime-native": {"name": Field(one_of(*NATIVE_VOICES), required=True)},
    },
    versions={"avatar-voice-sync": ("2026-04-10", "9999"), "azure-realtime-native": ("2026-06-01", "9999")},
)


def voice(value: object, param: str, reading: Reading) -> object:
    """A plain string is an OpenAI voice (protocol.md 8)."""
    check = one_of(*OPENAI_VOICES) if isinstance(value, str) else _VOICE_OBJECT
    return check(value, param, reading)


# The spelling of 2025-05-01-preview (float threshold, seconds) gave way to levels and milliseconds (protocol.md 6.3).
_FIRST_GA = "2025-10-01"
_EOU_FIELDS = {
    "threshold_level": Field(one_of("low", "medium", "high", "default"), "default", shown=True, since=_FIRST_GA),
    "timeout_ms": Field(number(0), 1000, shown=True, since=_FIRST_GA),
    "threshold": Field(number(0.0, 1.0), 0.01, shown=True, until=_FIRST_GA),
    "timeout": Field(number(0), 2, shown=True, until=_FIRST_GA),
}
END_OF_UTTERANCE = tagged(
    "model",
    {
        "semantic_detection_v1": _EOU_FIELDS,
        "semantic_detection_v1_en": _EOU_FIELDS,
        "semantic_detection_v1_multilingual": _EOU_FIELDS,
        "smart_end_of_turn_detection": _EOU_FIELDS,
    },
    versions={"smart_end_of_turn_detection": ("2026-06-01", "2026-07-15")},
)
_CONFIDENCE = number(0.0, 1.0)
_DURATION = integer(0, 60_000)
_ANSWERING = {
    "create_response": Field(boolean, True, shown=True, since=_FIRST_GA),
    "interrupt_response": Field(boolean, True, shown=True, since=_FIRST_GA),
    "auto_truncate": Field(boolean, False, shown=True),
}


def _detection(prefix_old_ms: int, prefix_new_ms: int) -> dict[str, Field]:
    return {
        "threshold": Field(_CONFIDENCE, 0.5, shown=True),
        "prefix_padding_ms": Field(_DURATION, prefix_new_ms, shown=True),
        "silence_duration_ms": Field(_DURATION, 500, shown=True),
        "end_of_utterance_detection": Field(nullable(END_OF_UTTERANCE), shown=True),
        **_ANSWERING,
    }


_AZURE_DETECTION = {
    **_detection(300, 420),
    "speech_duration_ms": Field(_DURATION, 80, shown=True),
    "remove_filler_words": Field(boolean, False, shown=True),
    # Seen in use and in a how-to, absent from the SDK's models: echoed only when sent.
    "appended_text_after_truncation": Field(nullable(text(most=1000))),
    "speech_duration_assistant_speaking_ms": Field(nullable(_DURATION)),
}
_LANGUAGES = {"languages": Field(nullable(list_of(text(), most=10)), shown=True)}
_TURN_DETECTION: Mapping[str, Mapping[str, Field]] = {
    # speech_duration_ms is documented for server_vad but is not in the SDK's model: echoed only when sent.
    "server_vad": {**_detection(300, 400), "speech_duration_ms": Field(_DURATION)},
    "azure_semantic_vad": _AZURE_DETECTION | _LANGUAGES,
    "azure_semantic_vad_en": _AZURE_DETECTION,
    "azure_semantic_vad_multilingual": _AZURE_DETECTION | _LANGUAGES,
    "semantic_vad": {"eagerness": Field(one_of("low", "medium", "high", "auto"), "auto", shown=True), **_ANSWERING},
}
_ANY_DETECTION = tagged("type", _TURN_DETECTION, default="server_vad")
_PADDING_RISES = "2026-04-10"


def turn_detection(value: object, param: str, reading: Reading) -> JSON | None:
    """The object with its defaults (protocol.md 1.3): before 2026-04-10 prefix_padding_ms was 300 for every type, and
    2025-05-01-preview may spell null as the type "none"."""
    if reading.api_date < _FIRST_GA and isinstance(value, dict) and value.get("type") == "none":
        return None
    effective: JSON = _ANY_DETECTION(value, param, reading)
    stated = isinstance(value, dict) and "prefix_padding_ms" in value
    if reading.api_date < _PADDING_RISES and "prefix_padding_ms" in effective and not stated:
        effective["prefix_padding_ms"] = 300
    return effective


NOISE_REDUCTION = tagged("type", {"azure_deep_noise_suppression": {}, "near_field": {}, "far_field": {}})
_CLIENT_REFERENCE = "2026-06-01"
ECHO_CANCELLATION = tagged(
    "type",
    {
        "server_echo_cancellation": {
            "reference_source": Field(one_of("server", "client"), "server", shown=True, since=_CLIENT_REFERENCE),
            "channels": Field(one_of(1, 2), 1, shown=True, since=_CLIENT_REFERENCE),
        }
    },
)
TRANSCRIPTION = record(
    {
        "model": Field(text(), required=True),
        "language": Field(nullable(text())),
        "custom_speech": Field(nullable(any_object)),
        "phrase_list": Field(nullable(list_of(text(), most=499))),
        "prompt": Field(nullable(text())),
    }
)
TOOL = tagged(
    "type",
    {
        "function": {
            "name": Field(text(most=64), required=True),
            "description": Field(nullable(text())),
            "parameters": Field(anything),
        },
        "mcp": {
            "server_label": Field(text(), required=True),
            "server_url": Field(text(), required=True),
            "authorization": Field(nullable(text())),
            "headers": Field(nullable(any_object)),
            "allowed_tools": Field(nullable(list_of(text()))),
            "require_approval": Field(first_of(one_of("never", "always"), any_object)),
        },
    },
)
TOOL_CHOICE = first_of(
    tagged("type", {"function": {"name": Field(text(), required=True)}}),
    text(),
)
_TRIGGERS = {
    "triggers": Field(nullable(list_of(one_of("latency", "tool"))), ["latency"], shown=True),
    "latency_threshold_ms": Field(nullable(integer(0)), 2000, shown=True),
}
INTERIM_RESPONSE = tagged(
    "type",
    {
        "static_interim_response": {"texts": Field(nullable(list_of(text())), shown=True), **_TRIGGERS},
        "llm_interim_response": {
            "model": Field(nullable(text()), "gpt-4.1-mini", shown=True),
            "instructions": Field(nullable(text()), shown=True),
            "max_completion_tokens": Field(nullable(integer(1)), 50, shown=True),
            **_TRIGGERS,
        },
    },
)
ANIMATION = record(
    {
        "model_name": Field(nullable(text()), shown=True),
        "outputs": Field(nullable(list_of(one_of("blendshapes", "viseme_id"))), shown=True),
    }
)
_INCLUDE = one_of("item.input_audio_transcription.logprobs", "item.input_audio_transcription.phrases", "file_search_call.results")

# `model` is set by the URL and checked apart; session.py fills in the defaults that depend on model or api-version.
SESSION: Mapping[str, Field] = {
    "modalities": Field(modalities, ["text", "audio"], shown=True),
    "animation": Field(nullable(ANIMATION), shown=True),
    "voice": Field(voice, shown=True),
    "instructions": Field(nullable(text()), "", shown=True),
    "input_audio_sampling_rate": Field(integer(), 24000, shown=True),
    "input_audio_format": Field(one_of(*INPUT_FORMATS), "pcm16", shown=True),
    "output_audio_format": Field(one_of(*OUTPUT_FORMATS), "pcm16", shown=True),
    "turn_detection": Field(nullable(turn_detection), shown=True),
    "input_audio_noise_reduction": Field(nullable(NOISE_REDUCTION), shown=True),
    "input_audio_echo_cancellation": Field(nullable(ECHO_CANCELLATION), shown=True),
    "avatar": Field(nullable(any_object), shown=True),
    "input_audio_transcription": Field(nullable(TRANSCRIPTION), shown=True),
    "output_audio_timestamp_types": Field(nullable(list_of(one_of("word"))), shown=True),
    "tools": Field(nullable(list_of(TOOL)), [], shown=True),
    "tool_choice": Field(nullable(TOOL_CHOICE), "auto", shown=True),
    "parallel_tool_calls": Field(nullable(boolean), True, shown=True, since="2026-06-01"),
    "temperature": Field(nullable(TEMPERATURE), 0.8, shown=True),
    "max_response_output_tokens": Field(nullable(TOKENS), "inf", shown=True),
    "reasoning_effort": Field(nullable(EFFORT), shown=True, since="2026-01-01"),
    "interim_response": Field(nullable(INTERIM_RESPONSE), shown=True, since="2026-01-01"),
    "include": Field(nullable(list_of(_INCLUDE)), shown=True, since="2026-04-10"),
    "metadata": Field(nullable(METADATA), shown=True, since="2026-04-10"),
}
