"""Checks the arguments of an MCP call against the tool's schema, as an MCP server does before it
runs a tool.

Only the basic part of JSON Schema is supported: type, enum, const, required, properties,
additionalProperties (false), items, bounds of numbers, and lengths. Everything else in a schema is
ignored.
"""

from __future__ import annotations

import json
import operator
from typing import Any

from voicelive_common.json_text import refuse_constant

from voicelive_simulator.api.errors import kind, quote
from voicelive_simulator.api.schema import JSON

MOST_ARGUMENT_CHARS = 2**16
_DEEPEST = 16


class WrongArguments(ValueError):
    """Arguments that the tool does not accept; the message is a sentence that names the problem."""


def read_arguments(text: str, schema: JSON) -> JSON:
    """Return the arguments in JSON `text` ("" for none). Raises WrongArguments."""
    if len(text) > MOST_ARGUMENT_CHARS:
        raise WrongArguments(
            f"The arguments have {len(text)} characters; the simulator's MCP servers take "
            f"{MOST_ARGUMENT_CHARS}."
        )
    try:
        arguments = json.loads(text or "{}", parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise WrongArguments("The arguments are not valid JSON.") from None
    if not isinstance(arguments, dict):
        raise WrongArguments(f"The arguments must be an object, not {kind(arguments)}.")
    _check(arguments, schema, "", 0)
    return arguments


def _check(value: Any, schema: Any, path: str, depth: int) -> None:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    name = f"'{path}'" if path else "The object"
    types = schema.get("type")
    types_allowed = types if isinstance(types, list) else [types] if isinstance(types, str) else []
    if types_allowed and not any(_has_type(value, expected) for expected in types_allowed):
        raise WrongArguments(
            f"{name} must be of type {' or '.join(map(str, types_allowed))}, not {kind(value)}."
        )
    if isinstance(schema.get("enum"), list) and not any(
        _json_equal(value, expected) for expected in schema["enum"]
    ):
        raise WrongArguments(
            f"{name} must be one of {', '.join(map(quote, schema['enum']))}, not {quote(value)}."
        )
    if "const" in schema and not _json_equal(value, schema["const"]):
        raise WrongArguments(f"{name} must be {quote(schema['const'])}, not {quote(value)}.")
    _check_bounds(value, schema, name)
    if isinstance(value, dict):
        _check_members(value, schema, path, depth)
    elif isinstance(value, list):
        for n, entry in enumerate(value):
            _check(entry, schema.get("items"), f"{path}[{n}]", depth + 1)


def _check_members(value: JSON, schema: JSON, path: str, depth: int) -> None:
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    prefix = f"{path}." if path else ""
    for name in schema["required"] if isinstance(schema.get("required"), list) else ():
        if name not in value:
            raise WrongArguments(f"'{prefix}{name}' is missing.")
    for name, entry in value.items():
        if name in known:
            _check(entry, known[name], f"{prefix}{name}", depth + 1)
        elif schema.get("additionalProperties") is False:
            raise WrongArguments(f"The tool knows no argument {quote(prefix + name)}.")


def _check_bounds(value: Any, schema: JSON, name: str) -> None:
    size: Any = len(value) if isinstance(value, str | list) else value
    least: Any
    most: Any
    if isinstance(value, str):
        least, most, unit = schema.get("minLength"), schema.get("maxLength"), " characters"
    elif isinstance(value, list):
        least, most, unit = schema.get("minItems"), schema.get("maxItems"), " entries"
    elif _has_type(value, "number"):
        least, most, unit = schema.get("minimum"), schema.get("maximum"), ""
    else:
        return
    for bound, wrong, words in ((least, operator.lt, "at least"), (most, operator.gt, "at most")):
        if _has_type(bound, "number") and wrong(size, bound):
            raise WrongArguments(
                f"{name} must have {words} {bound}{unit}."
                if unit
                else f"{name} must be {words} {bound}."
            )


def _has_type(value: Any, wanted: object) -> bool:
    """Whether the value has that JSON Schema type; an unknown type matches nothing."""
    match wanted:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "integer":
            return (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            ) and not isinstance(value, bool)
        case _:
            return False


def _json_equal(value: Any, other: Any) -> bool:
    """Compare as JSON does: true does not equal 1."""
    return isinstance(value, bool) is isinstance(other, bool) and bool(value == other)
