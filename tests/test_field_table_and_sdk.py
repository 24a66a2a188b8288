"""The console's table of fields, the models of the vendor's SDK and protocol-events.json describe
the same session: every difference is named here with its reason."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from azure.ai.voicelive import models
from voicelive_tui.model.profile.fields.field import Field
from voicelive_tui.model.profile.fields.field_table import CHILDREN, FIELDS_BY_KEY
from voicelive_tui.model.profile.rules.avatar_rules import SHAPES

from tests.simulator.support.sdk_models import (
    is_enum,
    is_model,
    kinds_of,
    members_of,
)

EVENTS = json.loads((Path(__file__).parent / "data/protocol-events.json").read_text())

_AZURE_VADS = (
    "azure_semantic_vad",
    "azure_semantic_vad_en",
    "azure_semantic_vad_multilingual",
)
_UTTERANCE = "session.turn_detection.end_of_utterance_detection"
_FIRST_PREVIEW = "2025-05-01-preview alone has it"
_UNDOCUMENTED = "in use with the service, without a document (protocol.md section 6)"
_DOCUMENTED = "in the documents of the API only"
DIFFERENCES = {
    "session.input_audio: only here": _FIRST_PREVIEW,
    f"{_UTTERANCE}.threshold: only here": _FIRST_PREVIEW,
    f"{_UTTERANCE}.timeout: only here": _FIRST_PREVIEW,
    f"{_UTTERANCE}.model = smart_end_of_turn_detection: only here": "one preview alone has it",
    "session.turn_detection.type = semantic_vad: only here": _DOCUMENTED,
    "session.turn_detection.speech_duration_ms (server_vad): only here": _DOCUMENTED,
    **{
        f"session.turn_detection.{name} ({detector}): only here": _UNDOCUMENTED
        for name in ("appended_text_after_truncation", "speech_duration_assistant_speaking_ms")
        for detector in _AZURE_VADS
    },
    "session.input_audio_transcription.prompt: only here": _DOCUMENTED,
    "session.input_audio_transcription.model = mai-transcribe: only here": _DOCUMENTED,
    "session.input_audio_transcription.model = mai-transcribe-2: only here": _DOCUMENTED,
    **{
        f"session.output_audio_format = pcm16_{rate_hz}hz: only here": _UNDOCUMENTED
        for rate_hz in (22050, 24000, 44100, 48000)
    },
    "session.tools.*.type = foundry_agent: only here": "removed from the SDK, not from the API",
}
"""Each difference with its reason."""


def differences() -> Iterator[str]:
    return _compare(models.RequestSession, "session", "")


def _compare(model: Any, pattern: str, variant: str) -> Iterator[str]:
    """Yield what differs between a model and a table of the console, or one variant of it."""
    members = members_of(model)
    for name, annotation in members.items():
        key = f"{pattern}.{name}"
        field = _field(key, variant)
        where = f"{key} ({variant})" if variant else key
        if field is None:
            yield f"{where}: only in the SDK"
            continue
        parts = list(_parts(annotation))
        if field.required != (NoneType not in parts):
            yield f"{where}: required {'here' if field.required else 'in the SDK'}"
        yield from _compare_values(where, field, parts)
        yield from _compare_kinds(where, field, parts)
        for table in (key, f"{key}.*"):
            inner = [part if table == key else _element(part) for part in parts]
            found = [leaf for part in inner if is_model(part) for leaf in _leaves(part)]
            if found and table in CHILDREN:
                yield from _compare_kinds_of_table(found, table)
    for name in CHILDREN[pattern]:
        if name not in members and _field(f"{pattern}.{name}", variant):
            yield f"{pattern}.{name}{f' ({variant})' if variant else ''}: only here"


def _compare_kinds_of_table(found: list[Any], pattern: str) -> Iterator[str]:
    """Compare models that a discriminator distinguishes with the variants of a table."""
    variants = {each for key in CHILDREN[pattern] for each in _variants(f"{pattern}.{key}")}
    by = FIELDS_BY_KEY[pattern][0].discriminator or "type"
    constants = {_constant(model, by): model for model in found}
    if "" not in constants:
        for value in sorted({*FIELDS_BY_KEY[f"{pattern}.{by}"][0].values} - constants.keys()):
            yield f"{pattern}.{by} = {value}: only here"
    for variant, model in constants.items():
        yield from _compare(model, pattern, variant if variant in variants else "")


def _element(part: Any) -> Any:
    """Return the type of a list's elements; None for any other type."""
    return get_args(part)[0] if get_origin(part) is list else None


def _leaves(model: Any) -> Iterator[Any]:
    """Yield the models that a discriminator distinguishes, at any depth, or the model itself."""
    kinds = [kind for kind in kinds_of(model).values() if issubclass(kind, model)]
    for kind in kinds:
        yield from _leaves(kind) if kind is not model and kind.__subclasses__() else (kind,)
    if not kinds:
        yield model


def _constant(model: Any, by: str) -> str:
    literal = members_of(model).get(by)
    value = get_args(literal)[0] if get_origin(literal) is Literal else ""
    return str(getattr(value, "value", value))


def _variants(key: str) -> tuple[str, ...]:
    return tuple(each for field in FIELDS_BY_KEY[key] for each in field.variants)


def _field(key: str, variant: str) -> Field | None:
    fields = FIELDS_BY_KEY.get(key, ())
    return next((each for each in fields if not each.variants or variant in each.variants), None)


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the alternatives of a type, at any depth of unions."""
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _compare_values(where: str, field: Field, parts: list[Any]) -> Iterator[str]:
    inner = [
        each
        for part in parts
        for each in (_parts(get_args(part)[0]) if get_origin(part) is list else (part,))
    ]
    known = {member.value for part in inner if is_enum(part) for member in part}
    known |= {
        getattr(value, "value", value)
        for part in inner
        if get_origin(part) is Literal
        for value in get_args(part)
    }
    for value in sorted(known - set(field.values)):
        yield f"{where} = {value}: only in the SDK"
    if known and len(known) > 1:
        for value in sorted(set(field.values) - known):
            yield f"{where} = {value}: only here"


def _compare_kinds(where: str, field: Field, parts: list[Any]) -> Iterator[str]:
    kinds = {_kind(part) for part in parts if part is not NoneType}
    table = {"table" if kind == "map" else kind for kind in field.kinds}
    if kinds != table and "any" not in kinds:
        yield f"{where}: {', '.join(sorted(table))} here, {', '.join(sorted(kinds))} in the SDK"


def _kind(part: Any) -> str:
    simple = {str: "string", int: "integer", float: "number", bool: "boolean", Any: "any"}
    if part in simple:
        return simple[part]
    if is_model(part) or get_origin(part) is dict:
        return "table"
    if get_origin(part) is list:
        inner = get_args(part)[0]
        return "array" if is_model(inner) else "strings"
    return "string"


def test_every_difference_from_the_sdk_is_named() -> None:
    assert set(differences()) == set(DIFFERENCES)


def test_the_session_table_is_the_payload_of_the_event_that_sends_it() -> None:
    (payload,) = EVENTS["client_events"]["session.update"].items()
    assert payload == ("session", {"type": "RequestSession", "required": True, "since": "1.0.0b1"})


def test_the_tables_of_an_avatar_are_those_of_the_sdk() -> None:
    described = {
        "video": models.VideoParams,
        "video.crop": models.VideoCrop,
        "video.resolution": models.VideoResolution,
        "video.background": models.Background,
        "scene": models.Scene,
        "ice_servers.*": models.IceServer,
    }
    required = {
        pattern: {
            name: NoneType not in _parts(annotation)
            for name, annotation in members_of(model).items()
        }
        for pattern, model in described.items()
    }
    assert required == {
        pattern: {name: needed for name, (_, needed, _) in shape.items()}
        for pattern, shape in SHAPES.items()
    }
