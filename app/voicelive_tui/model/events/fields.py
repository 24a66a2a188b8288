"""Reading fields of an event that may hold anything: each function returns a value of its type,
whatever the wire says."""

from collections.abc import Mapping
from typing import Any, Final

_EMPTY: Final[Mapping[str, Any]] = {}
_MAX_NUMBER = 2**53


def get_object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object in this field, or an empty one."""
    value = event.get(name)
    return value if isinstance(value, Mapping) else _EMPTY


def get_objects(event: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in this array field; what is no object is left out."""
    value = event.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def get_str(event: Mapping[str, Any], name: str) -> str:
    """The string in this field, or an empty one."""
    value = event.get(name)
    return value if isinstance(value, str) else ""


def get_int(event: Mapping[str, Any], name: str) -> int | None:
    """The number in this field, rounded, if it is one of sensible size."""
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison is false for nan, and true of no number that cannot be rounded; a huge int is
    # too much for `math.isfinite`.
    return round(value) if abs(value) < _MAX_NUMBER else None


def get_count(event: Mapping[str, Any], name: str) -> int:
    """The number in this field, 0 when there is none or it is negative."""
    return max(0, get_int(event, name) or 0)
