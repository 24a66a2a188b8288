"""Reads JSON from untrusted sources: bounded before it is parsed, with a `JsonError` for every
failure.

The bounds limit nesting, so that code may recurse once per level, and limit the memory that one
text can cost to a small multiple of its size. No event of the service comes near them.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NoReturn

MOST_LEVELS: Final = 200
"""How deeply objects and arrays may be nested."""
_MOST_CONTAINERS: Final = 1_000_000
_MOST_VALUES: Final = 5_000_000
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")


class JsonError(ValueError):
    """A text that cannot be read as a value; the message completes the sentence "it is ..."."""


class NotJson(JsonError):
    """A text that is within the bounds but is not valid JSON."""


def read_json(
    text: str, *, most_levels: int = MOST_LEVELS, parse_constant: Callable[[str], Any] | None = None
) -> Any:
    """Return the value of a JSON text.

    Raises NotJson for a text within the bounds that is not valid JSON, and JsonError for one beyond
    them.

    parse_constant: handles `NaN`, `Infinity` and `-Infinity`, which Python's parser accepts; it may
    raise ValueError.
    """
    check_json_bounds(text, most_levels=most_levels)
    try:
        return _decoder(parse_constant).decode(text)
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except ValueError as error:
        raise NotJson("not JSON") from error


@lru_cache(maxsize=8)
def _decoder(parse_constant: Callable[[str], Any] | None) -> json.JSONDecoder:
    # `json.loads` makes a decoder for every text, which takes as long as to read a short one.
    return json.JSONDecoder(parse_constant=parse_constant)


def check_json_bounds(text: str, *, most_levels: int = MOST_LEVELS) -> None:
    """Raise JsonError for a text that would be too costly for the parser or for code that uses the
    value."""
    if text.count("[") + text.count("{") <= most_levels and text.count(",") <= _MOST_VALUES:
        return
    # Brackets and commas in strings do not count. Removing the strings takes time, so it is done
    # only for texts that may be too large.
    bare = _STRING.sub("", text)
    if bare.count(",") > _MOST_VALUES or bare.count("[") + bare.count("{") > _MOST_CONTAINERS:
        raise JsonError("of too many values")
    level = 0
    for found in _BRACKET.finditer(bare):
        level += 1 if found[0] in "[{" else -1
        if level > most_levels:
            raise JsonError("nested too deeply")


def refuse_constant(name: str) -> NoReturn:
    """A `parse_constant` that refuses the constants that are not part of JSON. Always raises
    ValueError."""
    raise ValueError(f"{name} is no JSON value")
