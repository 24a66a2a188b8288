"""Reads JSON that may come from anyone: bounded before it is parsed, and every failure is a
`JsonError`.

The bounds keep every event so flat that a function may call itself for each of its levels, and what
one text can cost in memory to a small multiple of its size. No event of the service comes near
them.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

MOST_LEVELS: Final = 200
"""Objects and arrays inside one another."""
_MOST_TABLES: Final = 1_000_000
_MOST_VALUES: Final = 5_000_000
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")


class JsonError(ValueError):
    """A text that gives no value; the text of the error can follow "it is ..."."""


class NotJson(JsonError):
    """A text within the bounds that breaks the rules of JSON."""


def read_json(
    text: str, *, most_levels: int = MOST_LEVELS, parse_constant: Callable[[str], Any] | None = None
) -> Any:
    """The value of a JSON text. Raises JsonError; only of a text within the bounds NotJson.

    parse_constant: what to do with `NaN`, `Infinity` and `-Infinity`, which Python's parser takes;
    it may raise ValueError.
    """
    check_json_bounds(text, most_levels=most_levels)
    try:
        return json.loads(text, parse_constant=parse_constant)
    except RecursionError:
        raise JsonError("nested too deeply") from None
    except ValueError as error:
        raise NotJson("not JSON") from error


def check_json_bounds(text: str, *, most_levels: int = MOST_LEVELS) -> None:
    """Raise JsonError for a text that would cost its parser, or those who use its value, too
    much."""
    if text.count("[") + text.count("{") <= most_levels and text.count(",") <= _MOST_VALUES:
        return
    # Only here is it worth the time to tell the marks from those in strings.
    bare = _STRING.sub("", text)
    if bare.count(",") > _MOST_VALUES or bare.count("[") + bare.count("{") > _MOST_TABLES:
        raise JsonError("of too many values")
    level = 0
    for found in _BRACKET.finditer(bare):
        level += 1 if found[0] in "[{" else -1
        if level > most_levels:
            raise JsonError("nested too deeply")


def refuse_constant(name: str) -> NoReturn:
    """A `parse_constant` for those who take JSON by all its rules."""
    raise ValueError(f"{name} is no JSON value")
