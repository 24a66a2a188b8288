"""Voices: their checks, and which voices a model has (protocol.md 8)."""

from __future__ import annotations

from typing import Any

from voicelive_simulator.api.errors import Refused, quote
from voicelive_simulator.api.handshake import Opening
from voicelive_simulator.api.schema import (
    JSON,
    Field,
    Reading,
    list_of,
    matching,
    names,
    nullable,
    number,
    one_of,
    tagged,
    text,
)

OPENAI_VOICES = (
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
)
NATIVE_VOICES = (
    "aarti", "andrew", "ava", "denise", "diya", "elsa", "florian",
    "francisca", "meera", "xiaoxiao", "yunxi", "ximena",
)  # fmt: skip
PERSONAL_MODELS = (
    "DragonLatestNeural",
    "PhoenixLatestNeural",
    "PhoenixV2Neural",
    "DragonHDOmniLatestNeural",
    "MAI-Voice-1",
)
_NATIVE_SINCE = "2026-06-01"

# The values of SSML's prosody element; for the rate, the range of factors in the documents.
_PERCENT = r"[+-]?\d+(\.\d+)?%"
_RATE = matching(
    rf"0?\.[5-9]\d*|1(\.[0-4]\d*|\.50*)?|{_PERCENT}|x-slow|slow|medium|fast|x-fast|default",
    "a factor from 0.5 to 1.5, a percentage such as '+10%', or x-slow, slow, medium, fast, x-fast "
    "or default",
)
_PITCH = matching(
    rf"{_PERCENT}|[+-]?\d+(\.\d+)?(Hz|st)|x-low|low|medium|high|x-high|default",
    "a change such as '+10%', '-2st' or '+50Hz', a pitch such as '200Hz', or x-low, low, medium, "
    "high, x-high or default",
)
_VOLUME = matching(
    rf"{_PERCENT}|[+-]?\d+(\.\d+)?(dB)?|silent|x-soft|soft|medium|loud|x-loud|default",
    "a number from 0 to 100, a change such as '+10%' or '-6dB', or silent, x-soft, soft, medium, "
    "loud, x-loud or default",
)
_AZURE = {
    "temperature": Field(nullable(number(0.0, 1.0))),
    "custom_lexicon_url": Field(nullable(text())),
    "custom_text_normalization_url": Field(nullable(text())),
    "prefer_locales": Field(nullable(list_of(text(least=1)))),
    "locale": Field(nullable(text())),
    "style": Field(nullable(text())),
    "pitch": Field(nullable(_PITCH)),
    "rate": Field(nullable(_RATE)),
    "volume": Field(nullable(_VOLUME)),
}
_NAME = {"name": Field(text(least=1), required=True)}
_PERSONAL = {"model": Field(one_of(*PERSONAL_MODELS), required=True)}
_OBJECT = tagged(
    "type",
    {
        "openai": {"name": Field(one_of(*OPENAI_VOICES), required=True)},
        "azure-standard": _NAME | _AZURE,
        "azure-custom": _NAME | {"endpoint_id": Field(text(least=1), required=True)} | _AZURE,
        "azure-personal": _NAME | _PERSONAL | _AZURE,
        "avatar-voice-sync": _PERSONAL | _AZURE,
        "azure-realtime-native": {"name": Field(one_of(*NATIVE_VOICES), required=True)},
    },
    versions={
        "avatar-voice-sync": ("2026-04-10", "9999"),
        "azure-realtime-native": (_NATIVE_SINCE, "9999"),
    },
)


def voice(value: object, param: str, reading: Reading) -> object:
    """Check a voice. A plain string is an OpenAI voice (protocol.md 8)."""
    if not isinstance(value, str):
        return _OBJECT(value, param, reading)
    if value not in OPENAI_VOICES:
        object_form = '{"type": "azure-standard", "name": "en-US-AvaNeural"}'
        message = (
            f"Invalid value: {quote(value)}. A plain string is one of "
            f"{names(OPENAI_VOICES)}; Azure's are objects: {object_form}."
        )
        raise Refused(message, param=param)
    return value


def default_voice(opening: Opening) -> JSON:
    if opening.is_openai_native:
        return {"type": "openai", "name": "alloy"}
    if _is_azure_realtime(opening) and opening.api_date >= _NATIVE_SINCE:
        return {"type": "azure-realtime-native", "name": "ava"}
    return {"type": "azure-standard", "name": "en-US-AvaNeural"}


def is_azure(value: Any) -> bool:
    """Whether a valid voice is one of Azure's, which alone have word timestamps, visemes and the
    undocumented output formats."""
    return isinstance(value, dict) and value["type"] != "openai"


def refuse_unfit(value: Any, opening: Opening, param: str) -> None:
    """Raise Refused for a valid voice that the opening's model does not have."""
    if not is_azure(value) and not opening.is_openai_native:
        raise Refused(
            "OpenAI's voices need a gpt-realtime model; choose an Azure voice.", param=param
        )
    if (
        isinstance(value, dict)
        and value["type"] == "azure-realtime-native"
        and not _is_azure_realtime(opening)
    ):
        raise Refused(
            "'azure-realtime-native' voices need the model azure-realtime.", param=f"{param}.type"
        )


def _is_azure_realtime(opening: Opening) -> bool:
    return opening.model == "azure-realtime" and not opening.profile and not opening.agent
