"""Input transcription: the recognisers, their options, and which models they work with (protocol.md
9)."""

from __future__ import annotations

from voicelive_simulator.api.errors import Refused, wrong_type
from voicelive_simulator.api.schema import (
    Field,
    Reading,
    list_of,
    names,
    nullable,
    one_of,
    record,
    string_map,
    text,
)
from voicelive_simulator.api.turn_detection import FIRST_GA

OPENAI_RECOGNISERS = (
    "whisper-1",
    "gpt-4o-transcribe",
    "gpt-4o-mini-transcribe",
    "gpt-4o-transcribe-diarize",
)
_AZURE_RECOGNISERS = ("azure-speech", "mai-transcribe", "mai-transcribe-2", "mai-transcribe-1")
_FIRST_PREVIEW = ("azure-fast-transcription", "s2s-ingraph")
MOST_LANGUAGES = 10


def recogniser(value: object, param: str, reading: Reading) -> object:
    """Check a recogniser's name against the api-version; mai-transcribe is an alias of
    mai-transcribe-2."""
    old = _FIRST_PREVIEW if reading.api_date < FIRST_GA else ()
    if not isinstance(value, str):
        raise wrong_type(param, "a string", value)
    one_of(*OPENAI_RECOGNISERS, *_AZURE_RECOGNISERS, *old)(value, param, reading)
    return "mai-transcribe-2" if value == "mai-transcribe" else value


def language(value: object, param: str, reading: Reading) -> object:
    """Check a BCP-47 or ISO 639 tag, or several separated by commas from which the recogniser
    chooses; "" lets it choose from all."""
    checked: str = text()(value, param, reading)
    tags = checked.split(",") if checked else []
    if len(tags) > MOST_LANGUAGES:
        raise Refused(
            f"Invalid '{param}': {len(tags)} languages. Expected at most {MOST_LANGUAGES}.",
            param=param,
        )
    for tag in tags:
        parts = tag.strip().split("-")
        if not (
            2 <= len(parts[0]) <= 3
            and all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
        ):
            raise Refused(
                f"Invalid '{param}': {names([tag[:40]])} is no language tag such as 'en' or "
                "'en-US'.",
                param=param,
            )
    return checked


TRANSCRIPTION = record(
    {
        "model": Field(recogniser, required=True),
        "language": Field(nullable(language)),
        "custom_speech": Field(nullable(string_map()), since=FIRST_GA),
        "phrase_list": Field(nullable(list_of(text(), most=499)), since=FIRST_GA),
        "prompt": Field(nullable(text())),
    }
)


def streams(model: str) -> bool:
    """Whether a recogniser sends deltas before the completed transcript: only the gpt-4o ones
    do."""
    return model.startswith("gpt-4o-")
