"""Single values of a profile's document by dotted key, such as `session.turn_detection.threshold`.

An element of an array is named by its number, counted from 0: `session.tools.0.name`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class Removed(Enum):
    """The type of `REMOVED`, which type checkers can tell from every value."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED
"""In place of a value: the document does not have the setting."""

# Most tables are dicts, for which the check of the abstract class is slow.
_TABLE: Final = (dict, Mapping)


def setting_at(document: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key, or REMOVED."""
    value: Any = document
    for part in key.split("."):
        if isinstance(value, _TABLE) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return REMOVED
    return value


def with_setting(document: Mapping[str, Any], key: str, value: Any | Removed) -> dict[str, Any]:
    """Return a copy of the document that has this value at the key, or with REMOVED nothing.

    Missing tables are made, also in place of another value, such as a voice that is a name. Tables
    that the removal leaves empty are removed with it. The number after the last element of an array
    appends one. The document itself never changes, and the copy shares with it what lies beside the
    key's path. Raises IndexError for a number that the array does not have.
    """
    return _with_value(document, key.split("."), value)


def _with_value(table: Mapping[str, Any], parts: list[str], value: Any) -> dict[str, Any]:
    name, rest = parts[0], parts[1:]
    new = _inside(table.get(name), rest, value) if rest else value
    if new is REMOVED:
        return {each: kept for each, kept in table.items() if each != name}
    return {**table, name: new}


def _inside(container: Any, parts: list[str], value: Any) -> Any:
    """Return what stands in place of a container after a change in it; REMOVED for nothing."""
    if isinstance(container, list) and parts[0].isdecimal():
        return _with_element(container, int(parts[0]), parts[1:], value)
    if isinstance(container, Mapping):
        return _with_value(container, parts, value) or REMOVED
    if value is not REMOVED:
        return _with_value({}, parts, value)
    return REMOVED if container is None else container


def _with_element(array: list[Any], at: int, rest: list[str], value: Any) -> list[Any]:
    if at > len(array) or (at == len(array) and value is REMOVED):
        raise IndexError(f"the array has {len(array)} elements, and none at {at}")
    element = array[at] if at < len(array) else None
    new = _inside(element, rest, value) if rest else value
    return [*array[:at], *([] if new is REMOVED else [new]), *array[at + 1 :]]
