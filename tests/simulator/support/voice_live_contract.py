"""Checks raw server events against two independent descriptions of the API: the official SDK's
models and protocol-events.json."""

import base64
import binascii
import datetime
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from azure.ai.voicelive.models import ServerEvent

from tests.simulator.support.sdk_models import (
    deserialize,
    discriminator_of,
    is_enum,
    is_model,
    kinds_of,
    members_of,
)

PROTOCOL_EVENTS = Path(__file__).parents[2] / "data" / "protocol-events.json"
JSON = dict[str, Any]


@cache
def reference() -> Any:
    """protocol-events.json: the fields of every client and server event."""
    return json.loads(PROTOCOL_EVENTS.read_text())


def sdk_differences(event: JSON) -> Iterator[str]:
    """Each difference from the SDK's models, at any depth, as "Model.field: what": "unknown" for a
    field that the model does not have, "missing" or "null" for an absent required one, and for
    every value that its type or enum does not have what it should be. An event type that the SDK
    does not know is "type: unknown event"."""
    kind = event["type"]
    if kind not in kinds_of(ServerEvent):
        yield f"{kind}: unknown event"
        return
    deserialize(event)  # must not raise
    yield from _object_differences(event, kinds_of(ServerEvent)[kind])


def shown_parts(event: JSON) -> Iterator[str]:
    """Each field of the SDK's models, at any depth, for which the event has a value, as
    "Model.field", and each value of the SDK's enums in it, as "Enum: value"."""
    if event["type"] in kinds_of(ServerEvent):
        yield from _shown(event, kinds_of(ServerEvent)[event["type"]])


def possible_parts(kinds: Iterable[str]) -> set[str]:
    """All of these that events of the given types can have, by the SDK's models."""
    found: dict[str, list[str]] = {}
    waiting: list[Any] = [model for kind, model in kinds_of(ServerEvent).items() if kind in kinds]
    while waiting:
        part = waiting.pop()
        if part.__name__ in found:
            continue
        if is_enum(part):
            found[part.__name__] = [f"{part.__name__}: {member.value}" for member in part]
            continue
        members = members_of(part)
        found[part.__name__] = [f"{part.__name__}.{name}" for name in members]
        for annotation in members.values():
            for inner in _parts_of(annotation):
                waiting += (is_model(inner) and kinds_of(inner).values()) or [inner]
    return {name for fields in found.values() for name in fields}


def _object_differences(raw: Any, model: Any) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{model.__name__}: {_told(raw)} is no object"
        return
    tag = discriminator_of(model)
    if tag and raw.get(tag) in kinds_of(model):
        model = kinds_of(model)[raw[tag]]
    elif tag:
        yield f"{model.__name__}.{tag}: {_told(raw.get(tag))} is unknown"
    name, members = model.__name__, members_of(model)
    yield from (f"{name}.{key}: unknown" for key in raw if key not in members)
    for key, annotation in members.items():
        if NoneType not in _options(annotation) and raw.get(key) is None:
            yield f"{name}.{key}: {'null' if key in raw else 'missing'}"
        elif raw.get(key) is not None:
            yield from _differences(raw[key], annotation, f"{name}.{key}")


def _differences(raw: Any, annotation: Any, where: str) -> Iterator[str]:
    """The differences of one value; among several alternatives of its kind, those of the
    nearest."""
    options = [option for option in _options(annotation) if option is not NoneType]
    alike = [
        option
        for option in options
        if _container(option) is (type(raw) if isinstance(raw, dict | list) else None)
    ]
    yield from min((list(_alternative(raw, option, where)) for option in alike or options), key=len)


def _container(annotation: Any) -> Any:
    """The JSON form of the type: dict, list, or None for a scalar."""
    origin = get_origin(annotation) or annotation
    return dict if origin is dict or is_model(origin) else list if origin is list else None


def _alternative(raw: Any, wanted: Any, where: str) -> Iterator[str]:
    match get_origin(wanted) or wanted:
        case origin if origin is list and isinstance(raw, list):
            for entry in raw:
                yield from _differences(entry, get_args(wanted)[0], where)
        case origin if origin is dict and isinstance(raw, dict):
            for entry in raw.values():
                yield from _differences(entry, get_args(wanted)[1], where)
        case origin if is_model(origin) and isinstance(raw, dict):
            yield from _object_differences(raw, origin)
        case _ if not _fits(raw, wanted):
            yield f"{where}: {_told(raw)} is no {getattr(wanted, '__name__', wanted)}"


def _fits(raw: Any, wanted: Any) -> bool:
    """Whether a JSON scalar is a value of the type."""
    if get_origin(wanted) is Literal:
        return raw in [getattr(value, "value", value) for value in get_args(wanted)]
    if is_enum(wanted):
        return raw in [member.value for member in wanted]
    if wanted is Any:
        return True
    if wanted is bytes:
        return _is_base64(raw)
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if wanted in (int, datetime.datetime):  # unix seconds
        return number and isinstance(raw, int)
    return (
        number if wanted is float else wanted in (str, bool, NoneType) and isinstance(raw, wanted)
    )


def _options(annotation: Any) -> list[Any]:
    """A union's alternatives. The SDK accepts any string beside an enum's values; here only the
    enum counts."""
    if get_origin(annotation) not in (Union, UnionType):
        return [annotation]
    options = list(get_args(annotation))
    has_enum = any(map(is_enum, options))
    return [option for option in options if not (has_enum and option is str)]


def _parts_of(annotation: Any) -> Iterator[Any]:
    """The models and enums in a type."""
    if is_model(annotation) or is_enum(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts_of(inner)


def _shown(raw: Any, annotation: Any) -> Iterator[str]:
    for option in _options(annotation):
        if get_origin(option) is list and isinstance(raw, list):
            for entry in raw:
                yield from _shown(entry, get_args(option)[0])
        elif is_enum(option) and _fits(raw, option):
            yield f"{option.__name__}: {raw}"
        elif is_model(option) and isinstance(raw, dict):
            tag = discriminator_of(option)
            model = kinds_of(option).get(str(raw.get(tag))) if tag else option
            if model is None or not _fits_literals(raw, model):
                continue  # another alternative of a union
            for key, value in raw.items():
                if key in members_of(model) and value is not None:
                    yield f"{model.__name__}.{key}"
                    yield from _shown(value, members_of(model)[key])


def _fits_literals(raw: JSON, model: Any) -> bool:
    """Whether a field that has only one value in the model has that value here."""
    literals = {
        key: wanted for key, wanted in members_of(model).items() if get_origin(wanted) is Literal
    }
    return all(_fits(raw.get(key), wanted) for key, wanted in literals.items())


def _told(raw: Any) -> str:
    return type(raw).__name__ if isinstance(raw, dict | list) else repr(raw)


def _is_base64(raw: Any) -> bool:
    try:
        base64.b64decode(raw, validate=True)
    except (TypeError, binascii.Error):
        return False
    return True


def table_differences(event: JSON) -> Iterator[str]:
    """The same against protocol-events.json: the fields of each event and their types, but not
    their contents."""
    table, kind = reference()["server_events"], event["type"]
    if not isinstance(event.get("event_id"), str):
        yield f"{kind}.event_id: missing"
    if kind not in table:
        yield f"{kind}: unknown event"
        return
    for key in event:
        if key not in table[kind] and key not in ("type", "event_id"):
            yield f"{kind}.{key}: unknown"
    for key, field in table[kind].items():
        if event.get(key) is None:
            if field["required"]:
                yield f"{kind}.{key}: missing"
        elif not any(_has_type(event[key], wanted) for wanted in field["type"].split(" or ")):
            yield f"{kind}.{key}: {_told(event[key])} is no {field['type']}"


def _has_type(value: Any, wanted: str) -> bool:
    """Check a type by the words of protocol-events.json; a word that begins with a capital letter
    is an object."""
    if wanted.startswith("array<"):
        inner = wanted.removeprefix("array<").removesuffix(">")
        return isinstance(value, list) and all(_has_type(entry, inner) for entry in value)
    match wanted:
        case "any":
            return True
        case "string":
            return isinstance(value, str)
        case "string(base64)":
            return _is_base64(value)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _ if wanted.startswith('"'):
            return bool(value == json.loads(wanted))
    assert wanted.startswith("map<") or wanted[0].isupper(), wanted
    return isinstance(value, dict)
