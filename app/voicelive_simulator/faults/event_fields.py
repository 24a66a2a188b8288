"""Reads and changes, in a copy, fields of an event by their dotted paths (`response.status`,
`response.output.0.type`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voicelive_simulator.api.schema import JSON

MISSING: Any = object()
_KEPT = "type"  # never changed, or every case would turn into that of unknown-event


def find(event: Any, path: str) -> Any:
    """The value at the path, or MISSING."""
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
    """Return a copy in which `change` has replaced the value at `path`.

    `change` is called with MISSING when there is no value; when it returns MISSING the field is
    removed. Missing parents are created; a parent that is not an object or list is replaced.
    """
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
    """Return the event without that field; for the path "", only with its type."""
    return changed(event, path, lambda _: MISSING) if path else {_KEPT: event.get(_KEPT)}


def with_wrong_type(event: JSON, path: str, value: Any) -> JSON:
    """Return the event with `value` at `path`, or in all fields except the type when `path` is "".
    If `value` is None, a value of another type is used."""

    def replace(original: Any) -> Any:
        return _of_another_type(original) if value is None else value

    if path:
        return changed(event, path, replace)
    return {
        name: original if name == _KEPT else replace(original) for name, original in event.items()
    }


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
