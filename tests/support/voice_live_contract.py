"""Holds raw server events against two independent readings of the API: the official SDK's models and protocol-events.json."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from azure.ai.voicelive.models import ServerEvent

PROTOCOL_EVENTS = Path(__file__).parent.parent / "data" / "protocol-events.json"
JSON = dict[str, Any]


def sdk_differences(event: JSON) -> Iterator[str]:
    """Each field of ours that the SDK does not model, and each required one that is missing, as "Model.field: unknown|missing".
    An event type that the SDK does not know is "type: unknown event"."""
    model: Any = ServerEvent._deserialize(event, [])  # type: ignore[no-untyped-call]
    if type(model) is ServerEvent:
        yield f"{event['type']}: unknown event"
        return
    yield from _differences(model, event)


def _differences(model: Any, raw: JSON) -> Iterator[str]:
    name = type(model).__name__
    fields = {field._rest_name: attribute for attribute, field in model._attr_to_rest_field.items()}
    for key in raw:
        if key not in fields:
            yield f"{name}.{key}: unknown"
    for key, attribute in fields.items():
        if key not in raw:
            if _required(type(model), attribute):
                yield f"{name}.{key}: missing"
        elif raw[key] is None:
            if _required(type(model), attribute):
                yield f"{name}.{key}: null"
        else:
            yield from _nested(getattr(model, attribute), raw[key])


def _nested(value: Any, raw: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry, raw_entry in zip(value, raw, strict=True):
            yield from _nested(entry, raw_entry)
    elif hasattr(value, "_attr_to_rest_field"):
        yield from _differences(value, raw)


def _required(model: type, attribute: str) -> bool:
    for owner in model.__mro__:
        annotation = inspect.get_annotations(owner).get(attribute)
        if annotation is not None:
            return "Optional" not in str(annotation)
    return False


def table_differences(event: JSON) -> Iterator[str]:
    """The same against protocol-events.json: top-level fields of each event."""
    table = json.loads(PROTOCOL_EVENTS.read_text())["server_events"]
    kind = event["type"]
    if kind not in table:
        yield f"{kind}: unknown event"
        return
    for key in event:
        if key not in table[kind] and key not in ("type", "event_id"):
            yield f"{kind}.{key}: unknown"
    for key, field in table[kind].items():
        if field["required"] and event.get(key) is None:
            yield f"{kind}.{key}: missing"
