"""The table of session fields: their checks, effective defaults and the api-version that introduced
each (protocol.md 6 to 12)."""

from __future__ import annotations

from collections.abc import Mapping

from voicelive_simulator.api.avatar import avatar
from voicelive_simulator.api.errors import Refused, wrong_type
from voicelive_simulator.api.recognisers import TRANSCRIPTION
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    boolean,
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
from voicelive_simulator.api.tools import TOOL_CHOICE, tools
from voicelive_simulator.api.turn_detection import FIRST_GA, turn_detection
from voicelive_simulator.api.voices import voice

# The last four are undocumented but in use with Azure's voices.
AZURE_OUTPUT_FORMATS = ("pcm16_22050hz", "pcm16_24000hz", "pcm16_44100hz", "pcm16_48000hz")
OUTPUT_FORMATS = (
    "pcm16",
    "pcm16_8000hz",
    "pcm16_16000hz",
    "g711_ulaw",
    "g711_alaw",
    *AZURE_OUTPUT_FORMATS,
)
RATES_HZ = {"pcm16": (8000, 16000, 24000, 44100), "g711_ulaw": (8000,), "g711_alaw": (8000,)}
DEFAULT_RATE_HZ = {"pcm16": 24000, "g711_ulaw": 8000, "g711_alaw": 8000}
MODALITIES = ("text", "audio", "animation", "avatar")
METADATA = string_map(pairs=16, key_chars=64, value_chars=512)
TEMPERATURE = number(0.0, 1.2)  # the union of the two documented ranges (protocol.md 18.1)
EFFORT = one_of("none", "minimal", "low", "medium", "high", "xhigh")
LOGPROBS, PHRASES = (
    "item.input_audio_transcription.logprobs",
    "item.input_audio_transcription.phrases",
)


def tokens(value: object, param: str, reading: Reading) -> int | str:
    """Check a limit of tokens: an integer from 1 to 4096, or "inf" for no limit."""
    if value == "inf":
        return "inf"
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(param, "an integer or 'inf'", value)
    limit: int = integer(1, 4096)(value, param, reading)
    return limit


def modalities(value: object, param: str, reading: Reading) -> list[str]:
    """Check the modalities. Raises Refused unless text is among them: audio alone is not allowed
    (protocol.md 6)."""
    chosen: list[str] = list_of(one_of(*MODALITIES))(value, param, reading)
    if "text" not in chosen:
        raise Refused(
            f"Invalid {param!r}: 'text' must be among them; use ['text'] or ['text', 'audio'].",
            param=param,
        )
    return chosen


NOISE_REDUCTION = tagged(
    "type", {"azure_deep_noise_suppression": {}, "near_field": {}, "far_field": {}}
)
_CLIENT_REFERENCE = "2026-06-01"
ECHO_CANCELLATION = tagged(
    "type",
    {
        "server_echo_cancellation": {
            "reference_source": Field(
                one_of("server", "client"), "server", shown=True, since=_CLIENT_REFERENCE
            ),
            "channels": Field(one_of(1, 2), 1, shown=True, since=_CLIENT_REFERENCE),
        }
    },
)
_TRIGGERS = {
    "triggers": Field(nullable(list_of(one_of("latency", "tool"))), ["latency"], shown=True),
    "latency_threshold_ms": Field(nullable(integer(0)), 2000, shown=True),
}
_INTERIM_RESPONSE = tagged(
    "type",
    {
        "static_interim_response": {
            "texts": Field(nullable(list_of(text())), shown=True),
            **_TRIGGERS,
        },
        "llm_interim_response": {
            "model": Field(nullable(text()), "gpt-4.1-mini", shown=True),
            "instructions": Field(nullable(text()), shown=True),
            "max_completion_tokens": Field(nullable(integer(1)), 50, shown=True),
            **_TRIGGERS,
        },
    },
)


def interim_response(value: object, param: str, reading: Reading) -> JSON:
    """Check the settings of interim responses. The reference pages spell the types with hyphens,
    the how-to and the SDK with underscores (protocol.md 12): both are accepted, and shown with
    underscores."""
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        value = value | {"type": value["type"].replace("-", "_")}
    effective: JSON = _INTERIM_RESPONSE(value, param, reading)
    return effective


ANIMATION = record(
    {
        "model_name": Field(nullable(text()), shown=True),
        "outputs": Field(nullable(list_of(one_of("blendshapes", "viseme_id"))), shown=True),
    }
)
_INPUT_AUDIO = record(
    {
        "model": Field(one_of("azure-standard")),
        "phrase_list": Field(nullable(list_of(text(), most=499))),
    }
)

# `model` is set by the URL and checked separately; session.py fills in the defaults that depend on
# model or api-version.
SESSION: Mapping[str, Field] = {
    "modalities": Field(modalities, ["text", "audio"], shown=True),
    "animation": Field(nullable(ANIMATION), shown=True),
    "voice": Field(voice, shown=True),
    "instructions": Field(nullable(text()), "", shown=True),
    "input_audio": Field(nullable(_INPUT_AUDIO), shown=True, until=FIRST_GA),
    "input_audio_sampling_rate": Field(integer(), 24000, shown=True),
    "input_audio_format": Field(one_of(*RATES_HZ), "pcm16", shown=True),
    "output_audio_format": Field(one_of(*OUTPUT_FORMATS), "pcm16", shown=True),
    "turn_detection": Field(nullable(turn_detection), shown=True),
    "input_audio_noise_reduction": Field(nullable(NOISE_REDUCTION), shown=True),
    "input_audio_echo_cancellation": Field(nullable(ECHO_CANCELLATION), shown=True),
    "avatar": Field(nullable(avatar), shown=True),
    "input_audio_transcription": Field(nullable(TRANSCRIPTION), shown=True),
    "output_audio_timestamp_types": Field(nullable(list_of(one_of("word"))), shown=True),
    "tools": Field(nullable(tools), [], shown=True),
    "tool_choice": Field(nullable(TOOL_CHOICE), "auto", shown=True),
    "parallel_tool_calls": Field(nullable(boolean), True, shown=True, since="2026-06-01"),
    "temperature": Field(nullable(TEMPERATURE), 0.8, shown=True),
    "max_response_output_tokens": Field(nullable(tokens), "inf", shown=True),
    "reasoning_effort": Field(nullable(EFFORT), shown=True, since="2026-01-01"),
    "interim_response": Field(
        nullable(interim_response), shown=True, since="2026-01-01", also="interim-response"
    ),
    "include": Field(
        nullable(list_of(one_of(LOGPROBS, PHRASES, "file_search_call.results"))),
        shown=True,
        since="2026-04-10",
    ),
    "metadata": Field(nullable(METADATA), shown=True, since="2026-04-10"),
}
