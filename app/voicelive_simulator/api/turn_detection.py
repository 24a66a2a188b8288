"""Turn detection: its types, their fields and their defaults by api-version (protocol.md 6.1 to
6.3)."""

from __future__ import annotations

from collections.abc import Mapping

from voicelive_simulator.api.errors import Refused
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
    tagged,
    text,
)

FIRST_GA = "2025-10-01"
MULTILINGUAL = ("en", "es", "fr", "it", "de", "ja", "pt", "zh", "ko", "hi")
_PADDING_RISES = "2026-04-10"
_CONFIDENCE = number(0.0, 1.0)
_DURATION = integer(0, 60_000)
_TIMEOUT_MS, _TIMEOUT_S = integer(0, 60_000), number(0, 60)

# Later versions replaced the spelling of 2025-05-01-preview (float threshold, seconds) with levels
# and milliseconds, and dropped its other parameters.
_EOU_FIELDS = {
    "threshold_level": Field(
        one_of("low", "medium", "high", "default"), "default", shown=True, since=FIRST_GA
    ),
    "timeout_ms": Field(_TIMEOUT_MS, 1000, shown=True, since=FIRST_GA),
    "threshold": Field(_CONFIDENCE, 0.01, shown=True, until=FIRST_GA),
    "timeout": Field(_TIMEOUT_S, 2, shown=True, until=FIRST_GA),
    "secondary_threshold": Field(nullable(_CONFIDENCE), until=FIRST_GA),
    "secondary_timeout": Field(nullable(_TIMEOUT_S), until=FIRST_GA),
    "disable_rules": Field(nullable(boolean), until=FIRST_GA),
    "sr_boost": Field(nullable(number()), until=FIRST_GA),
    "extra_imend_check": Field(nullable(boolean), until=FIRST_GA),
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
_ANSWERING = {
    "create_response": Field(boolean, True, shown=True, since=FIRST_GA),
    "interrupt_response": Field(boolean, True, shown=True, since=FIRST_GA),
    "auto_truncate": Field(boolean, False, shown=True),
}


def _detection(prefix_padding_ms: int) -> dict[str, Field]:
    return {
        "threshold": Field(_CONFIDENCE, 0.5, shown=True),
        "prefix_padding_ms": Field(_DURATION, prefix_padding_ms, shown=True),
        "silence_duration_ms": Field(_DURATION, 500, shown=True),
        "end_of_utterance_detection": Field(nullable(END_OF_UTTERANCE), shown=True),
        **_ANSWERING,
    }


_AZURE = {
    **_detection(420),
    "speech_duration_ms": Field(_DURATION, 80, shown=True),
    "remove_filler_words": Field(boolean, False, shown=True),
    # In use and in a how-to, but absent from the SDK's models: echoed only when sent.
    "appended_text_after_truncation": Field(nullable(text(most=1000))),
    "speech_duration_assistant_speaking_ms": Field(nullable(_DURATION)),
    "neg_threshold": Field(nullable(_CONFIDENCE), until=FIRST_GA),
    "window_size": Field(nullable(integer(0)), until=FIRST_GA),
    "distinct_ci_phones": Field(nullable(integer(0)), until=FIRST_GA),
    "require_vowel": Field(nullable(boolean), until=FIRST_GA),
}
_TURN_DETECTION: Mapping[str, Mapping[str, Field]] = {
    # Documented for server_vad but absent from the SDK's model: echoed only when sent.
    "server_vad": {**_detection(400), "speech_duration_ms": Field(_DURATION)},
    "azure_semantic_vad": _AZURE
    | {"languages": Field(nullable(list_of(text(least=1), most=10)), shown=True)},
    "azure_semantic_vad_en": _AZURE,
    "azure_semantic_vad_multilingual": _AZURE
    | {"languages": Field(nullable(list_of(one_of(*MULTILINGUAL))), shown=True)},
    "semantic_vad": {
        "eagerness": Field(one_of("low", "medium", "high", "auto"), "auto", shown=True),
        **_ANSWERING,
    },
}
_ANY_DETECTION = tagged("type", _TURN_DETECTION, default="server_vad")


def turn_detection(value: object, param: str, reading: Reading) -> JSON | None:
    """Check turn detection and return it with its defaults (protocol.md 1.3).

    Before 2026-04-10 prefix_padding_ms was 300 for every type; 2025-05-01-preview may spell null as
    the type "none", and server_vad as "server_sd".
    """
    if isinstance(value, dict) and value.get("type") == "none" and reading.api_date >= FIRST_GA:
        message = (
            "The type 'none' exists in 2025-05-01-preview only: set turn_detection itself "
            "to null for manual turns."
        )
        raise Refused(message, param=f"{param}.type")
    if reading.api_date < FIRST_GA and isinstance(value, dict):
        if value.get("type") == "none":
            return None
        if value.get("type") == "server_sd":
            value = value | {"type": "server_vad"}
    effective: JSON = _ANY_DETECTION(value, param, reading)
    stated = isinstance(value, dict) and "prefix_padding_ms" in value
    if reading.api_date < _PADDING_RISES and "prefix_padding_ms" in effective and not stated:
        effective["prefix_padding_ms"] = 300
    return effective
