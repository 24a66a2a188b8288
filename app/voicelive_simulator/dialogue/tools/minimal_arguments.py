"""Makes the smallest JSON that fits a schema: the arguments of a call that a client forces without
a script."""

from __future__ import annotations

import json
from typing import Any

from voicelive_simulator.api.schema import JSON

_DEEPEST, _MOST_VALUES, _MOST_ENTRIES, _LONGEST = 16, 500, 16, 256
_MOST_CHARS = 2**16


def minimal_arguments(parameters: object) -> str:
    """Return JSON text for a function's `parameters` (a JSON schema, protocol.md 10).

    The object has the required properties, each with its const, default, first example or first
    enum value, or else the smallest value of its type: "", 0, false, [], {}. Patterns and formats
    are ignored. Anything that is not a schema gives {}; endless self-reference, or more than 65536
    characters, ends in null.
    """
    value = _Filler(parameters).value(parameters, 0)
    return json.dumps(value if isinstance(value, dict) else {})


class _Filler:
    """Makes values for schemas within `root`. The number and the size of the values are bounded: a
    client's schema may branch endlessly, and repeat a long value at every branch."""

    def __init__(self, root: object) -> None:
        self._root = root
        self._values_left = _MOST_VALUES
        self._chars_left = _MOST_CHARS

    def value(self, schema: object, depth: int) -> Any:
        self._values_left -= 1
        if not isinstance(schema, dict) or depth > _DEEPEST or self._values_left < 0:
            return None
        if isinstance(schema.get("$ref"), str):
            return self.value(self._resolve(schema["$ref"]), depth + 1)
        for name in ("const", "default"):
            if name in schema:
                return self._copy(schema[name])
        for name in ("examples", "enum"):
            if isinstance(schema.get(name), list) and schema[name]:
                return self._copy(schema[name][0])
        for name in ("anyOf", "oneOf", "allOf"):
            if isinstance(schema.get(name), list) and schema[name]:
                rest = {key: entry for key, entry in schema.items() if key != name}
                first = schema[name][0]
                return self.value({**rest, **first} if isinstance(first, dict) else rest, depth + 1)
        return self._of_type(schema, depth)

    def _of_type(self, schema: JSON, depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((name for name in kind if name != "null"), "null")
        match kind or ("object" if "properties" in schema or "required" in schema else None):
            case "object":
                return self._object(schema, depth)
            case "array":
                return [
                    self.value(schema.get("items"), depth + 1)
                    for _ in range(_count(schema.get("minItems"), _MOST_ENTRIES))
                ]
            case "string":
                return " " * _count(schema.get("minLength"), _LONGEST)
            case "integer" | "number":
                return _nearest_to_zero(schema)
            case "boolean":
                return False
            case _:
                return None

    def _object(self, schema: JSON, depth: int) -> JSON:
        required, properties = schema.get("required"), schema.get("properties")
        listed = required[:_MOST_VALUES] if isinstance(required, list) else []
        known = properties if isinstance(properties, dict) else {}
        names = (name for name in listed if isinstance(name, str))
        return {
            name: self.value(known.get(name), depth + 1)
            for name in names
            if self._take_chars(len(name))
        }

    def _copy(self, value: object) -> object:
        """A value from the schema, or null when it is too long."""
        return value if self._chars_left and self._take_chars(len(json.dumps(value))) else None

    def _take_chars(self, chars: int) -> bool:
        """Whether this many characters still fit; once something did not fit, nothing does."""
        self._chars_left = self._chars_left - chars if chars <= self._chars_left else 0
        return self._chars_left > 0

    def _resolve(self, ref: str) -> object:
        """The target of a pointer inside the same schema ("#/$defs/place"); None for any other."""
        if not ref.startswith("#"):
            return None
        target = self._root
        for key in ref[1:].split("/")[1:]:
            target = (
                target.get(key.replace("~1", "/").replace("~0", "~"))
                if isinstance(target, dict)
                else None
            )
        return target


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(least: Any, most: int) -> int:
    return int(min(max(0, least), most)) if _is_number(least) else 0


def _nearest_to_zero(schema: JSON) -> Any:
    least, most = schema.get("minimum"), schema.get("maximum")
    if _is_number(least) and least > 0:  # type: ignore[operator]
        return least
    return most if _is_number(most) and most < 0 else 0  # type: ignore[operator]
