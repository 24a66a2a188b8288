"""Whether the parameters of a function are a JSON Schema: judged by the meta-schema of its draft,
without a network."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from voicelive_common.json_schema import DEEPEST, draft_of, size_of

from voicelive_tui.model.profile.rules.description import described, truncated

_LONGEST: Final = 160
_TYPES: Final = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "an array",
    "object": "a table",
}


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """What is wrong at a path in a schema, as a clause, and what to do."""

    path: tuple[str, ...]
    message: str
    hint: str


def schema_problem(schema: Mapping[str, Any]) -> SchemaProblem | None:
    """Return the first part of a schema that is no JSON Schema; None when all of it is.

    The draft is the one that `$schema` names, or 2020-12. A reference is not followed. Every value
    of a schema takes about half a millisecond, so that results are kept.
    """
    if size_of(schema)[1] > DEEPEST:
        return SchemaProblem((), f"it is nested deeper than {DEEPEST} levels", "make it flatter")
    return _judged(json.dumps(schema))


@lru_cache(maxsize=256)
def _judged(text: str) -> SchemaProblem | None:
    schema = json.loads(text)
    # Imported on use, because few profiles have functions.
    from jsonschema.exceptions import best_match

    draft = draft_of(schema)
    first = next(draft(draft.META_SCHEMA).iter_errors(schema), None)
    error = best_match(iter([first])) if first else None
    if error is None:
        return None
    return SchemaProblem(tuple(map(str, error.absolute_path)), *_in_words(error))


def _in_words(error: Any) -> tuple[str, str]:
    """Return what is wrong and what to do, for an error of the meta-schema."""
    name = next((str(part) for part in reversed(error.absolute_path) if isinstance(part, str)), "")
    hint = f"see `{name}` in the reference of JSON Schema" if name else "a schema is a table"
    if name == "type" and error.validator in ("anyOf", "enum"):
        return f"{described(error.instance)} is no type", f"use {', '.join(_TYPES)} or null"
    if name == "required" and isinstance(error.instance, bool):
        message = "it must be an array of names, not true or false"
        return message, "write the name into `required` of the object, beside `properties`"
    if error.validator == "type" and isinstance(error.validator_value, str | list):
        kinds = error.validator_value
        expected = " or ".join(
            _TYPES.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)
        )
        return f"it must be {expected}, not {described(error.instance)}", hint
    return truncated(" ".join(error.message.split()), _LONGEST), hint


def unknown_reference(schema: Mapping[str, Any]) -> SchemaProblem | None:
    """Return the first `$ref` that leads out of the schema or to nothing in it; None without."""
    for path, target in _references(schema, ()):
        if not target.startswith("#"):
            message = "nobody fetches a schema from another address"
            return SchemaProblem(path, message, "write what it stands for in its place")
        if target.startswith("#/") and not _leads_somewhere(schema, target):
            message = f'"{truncated(target)}" is nowhere in this schema'
            return SchemaProblem(path, message, "correct it, or add the definition to `$defs`")
    return None


def _references(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    match value:
        case Mapping():
            target = value.get("$ref")
            if isinstance(target, str):
                yield (*path, "$ref"), target
            for name, child in value.items():
                yield from _references(child, (*path, name))
        case list():
            for at, child in enumerate(value):
                yield from _references(child, (*path, str(at)))


def _leads_somewhere(schema: Mapping[str, Any], target: str) -> bool:
    found: Any = schema
    for part in target.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            found = found[name]
        elif isinstance(found, list) and name in map(str, range(len(found))):
            found = found[int(name)]
        else:
            return False
    return True
