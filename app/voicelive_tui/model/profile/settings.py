"""Single settings of a profile's document, by dotted key such as
`session.turn_detection.threshold`.

A part of a key names a key of a table; an array is one value.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class Removed(Enum):
    """The type of `REMOVED`."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED
"""In place of a value: the document does not have the setting."""


def setting_at(document: Mapping[str, Any], key: str) -> Any:
    """Return the value of this key, or REMOVED."""
    value: Any = document
    for part in key.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return REMOVED
        value = value[part]
    return value


def with_setting(document: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return a copy of the document that has this value at the key, or with REMOVED nothing.

    Tables that are missing are made, also in place of another value, such as a voice that is a
    name. Tables that the removal leaves empty are removed with it.
    """
    part, _, rest = key.partition(".")
    copy = dict(document)
    if rest:
        table = copy.get(part)
        value = with_setting(table if isinstance(table, Mapping) else {}, rest, value) or REMOVED
    if value is REMOVED:
        copy.pop(part, None)
    else:
        copy[part] = value
    return copy
