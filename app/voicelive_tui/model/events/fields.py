"""Typed access to the fields of an event, which may hold any JSON: each function returns a value of
its type, whatever was received."""

from collections.abc import Mapping
from typing import Any, Final

_EMPTY: Final[Mapping[str, Any]] = {}
_MAX_NUMBER = 2**53


def get_object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object in this field, or an empty one."""
    value = event.get(name)
    # Most objects are dicts, and to ask for any Mapping takes several times as long.
    return value if isinstance(value, dict | Mapping) else _EMPTY


def get_objects(event: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects in this array field, without elements of other types."""
    value = event.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def first_objects(event: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    """Return the objects among the first `most` elements of this array field."""
    value = event.get(name)
    beginning = value[:most] if isinstance(value, list) else []
    return [each for each in beginning if isinstance(each, Mapping)]


def get_str(event: Mapping[str, Any], name: str) -> str:
    """Return the string in this field, or an empty one."""
    value = event.get(name)
    return value if isinstance(value, str) else ""


def get_int(event: Mapping[str, Any], name: str) -> int | None:
    """Return the number in this field, rounded; None when there is none or it is too large to be
    exact."""
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison is false for NaN and infinity, which cannot be rounded; `math.isfinite` raises
    # for a huge integer.
    return round(value) if abs(value) < _MAX_NUMBER else None


def get_count(event: Mapping[str, Any], name: str) -> int:
    """Return the number in this field, rounded; 0 when there is none or it is negative."""
    return max(0, get_int(event, name) or 0)


def get_number(event: Mapping[str, Any], name: str) -> float | None:
    """Return the number in this field; None when there is none, or one without use as a figure."""
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _MAX_NUMBER else None
