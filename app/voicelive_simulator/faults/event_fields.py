"""Fields of an event by dotted path (`response.status`, `response.output.0.type`), changed in a
copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voicelive_simulator.api.schema import JSON

MISSING: Any = object()
_KEPT = "type"  # without it nothing else would be tried: unknown-event does that


def find(event: Any, path: str) -> Any:
    """The value there, or MISSING."""
    value = event
    for name in path.split("."):
        match value:
            case dict() if name in value:
                value = value[name]
            case list() if name.isascii() and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            case _:
                return MISSING
    return value


def changed(event: JSON, path: str, change: Callable[[Any], Any]) -> JSON:
    """A copy in which `change` has made a new value of the one at `path`; it is given MISSING where
    there is none, and MISSING from it takes the field away. What lies on the way and is not there
    comes to be; what is no object or list is replaced."""
    copy: JSON = _changed(event, path.split("."), change)
    return copy


def _changed(value: Any, names: list[str], change: Callable[[Any], Any]) -> Any:
    name, rest = names[0], names[1:]
    at = int(name) if isinstance(value, list) and name.isascii() and name.isdecimal() else -1
    if 0 <= at < len(value if isinstance(value, list) else ()):
        after = _changed(value[at], rest, change) if rest else change(value[at])
        return [*value[:at], *([] if after is MISSING else [after]), *value[at + 1 :]]
    copy = dict(value) if isinstance(value, dict) else {}
    after = _changed(copy.get(name), rest, change) if rest else change(copy.get(name, MISSING))
    if after is MISSING:
        copy.pop(name, None)
    else:
        copy[name] = after
    return copy


def without(event: JSON, path: str) -> JSON:
    """The event without that field; with "" for a path, nothing but its type."""
    return changed(event, path, lambda _: MISSING) if path else {_KEPT: event.get(_KEPT)}


def with_wrong_type(event: JSON, path: str, value: Any) -> JSON:
    """The event with `value`, or when that is None a value of another type, at `path`, or in all
    fields but the type."""

    def wrong(right: Any) -> Any:
        return _of_another_type(right) if value is None else value

    if path:
        return changed(event, path, wrong)
    return {name: right if name == _KEPT else wrong(right) for name, right in event.items()}


def _of_another_type(value: Any) -> Any:
    match value:
        case str():
            return 12345
        case bool():
            return "true"
        case int() | float():
            return "a text where a number was"
        case list():
            return {"an": "object where a list was"}
        case dict():
            return ["a list where an object was"]
        case _:
            return {"an": "object where nothing was"}
