"""Values of a profile's document by dotted key: reading one, and a copy with one changed.

An element of an array is named by its number, counted from 0: `session.tools.0.name`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, Literal


class _Removal(Enum):
    """The type of `REMOVED`, which type checkers can tell from every value."""

    REMOVED = "removed"


Removed = Literal[_Removal.REMOVED]
REMOVED: Final = _Removal.REMOVED
"""In place of a value: the key leaves the document."""


def setting_at(document: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted key; None when the document has none."""
    value: Any = document
    for part in key.split("."):
        match value:
            case Mapping():
                value = value.get(part)
            case list() if part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            case _:
                return None
    return value


def with_setting(document: Mapping[str, Any], key: str, value: Any | Removed) -> dict[str, Any]:
    """Return a copy of the document with a value at a dotted key; `REMOVED` takes the key out.

    Missing tables are made, also in place of a value that is no table, such as "none". A table that
    becomes empty stays. The number after the last element of an array appends one. The document
    itself never changes, and the copy shares with it what lies beside the key's path. Raises
    IndexError for a number that the array does not have.
    """
    return _changed_table(document, key.split("."), value)


def _changed(container: Any, parts: list[str], value: Any) -> Any:
    if isinstance(container, list) and parts[0].isdecimal():
        return _changed_array(container, int(parts[0]), parts[1:], value)
    if value is REMOVED and not isinstance(container, Mapping):
        return container
    return _changed_table(container if isinstance(container, Mapping) else {}, parts, value)


def _changed_table(table: Mapping[str, Any], parts: list[str], value: Any) -> dict[str, Any]:
    part, rest = parts[0], parts[1:]
    if value is REMOVED and (not rest or part not in table):
        return {name: each for name, each in table.items() if name != part}
    return {**table, part: _changed(table.get(part), rest, value) if rest else value}


def _changed_array(array: list[Any], at: int, rest: list[str], value: Any) -> list[Any]:
    if at > len(array) or (at == len(array) and value is REMOVED):
        raise IndexError(f"the array has {len(array)} elements, and none at {at}")
    if value is REMOVED and not rest:
        return [*array[:at], *array[at + 1 :]]
    element = array[at] if at < len(array) else None
    return [*array[:at], _changed(element, rest, value) if rest else value, *array[at + 1 :]]
