"""The fields of the filter's language, such as `code:` and `size>`, and the conditions that they
stand for."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from voicelive_tui.model.events.filter_terms import (
    CursorTerm,
    DirectionTerm,
    Node,
    PatternTerm,
    SizeTerm,
    TextTerm,
    TimeTerm,
    TurnTerm,
    TypeTerm,
)
from voicelive_tui.model.events.record import Direction

NAMES: Final = (
    "type:", "dir:", "code:", "call:", "item:", "resp:", "turn:",
    "size>", "gap>", "t>", "t<", "err",
)  # fmt: skip
"""What completes a word of a filter, in the order of the help."""
_CLOCK: Final = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d*)?)")
_SECONDS: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|s|m|)")
_SIZE: Final = re.compile(r"(\d+(?:\.\d*)?)\s*(k|m|)(?:i?b)?", re.IGNORECASE)
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "": 1.0}
_SIZES: Final = {"k": 1_000, "m": 1_000_000, "": 1}
_DIRECTIONS: Final[Mapping[str, Direction]] = {
    ">": "sent", "<": "received", "=": "local",
    "sent": "sent", "received": "received", "local": "local",
}  # fmt: skip


class BadName(Exception):
    """There is no such field; the message is one sentence."""


class BadValue(Exception):
    """A field has a value that it cannot have; the message says what it can be."""


def field_term(name: str, sign: str, value: str) -> Node:
    """Return the condition of one field. Raises BadName and BadValue."""
    if sign == ":":
        if (make := _NAMED.get(name)) is None:
            raise BadName(
                f"The filter has no field {name}: here are {' '.join(NAMES[:7])}; put other text "
                "with a colon in quotes."
            )
        if not value:
            raise BadValue(f"{name}: has no value: {_EXAMPLES[name]}")
        return make(value)
    if name == "size":
        return SizeTerm(">" if sign[0] == ">" else "<", size_bytes(value))
    if name == "t":
        moment_s = clock_s(value)
        return TimeTerm(moment_s, math.inf) if sign[0] == ">" else TimeTerm(-math.inf, moment_s)
    raise BadName(f"The filter has no limit {name}{sign}: there are size> gap> t> t<.")


def seconds(value: str) -> float:
    """Return a duration such as `200ms` or `1.5s` in seconds. Raises BadValue."""
    found = _SECONDS.fullmatch(value.lower())
    if found is None:
        raise BadValue(f"{value or 'nothing'} is no time: 200ms, 1.5s")
    return float(found[1]) * _UNITS[found[2]]


def clock_s(value: str) -> float:
    """Return a moment such as `0:56.2` or `50s` in seconds. Raises BadValue."""
    found = _CLOCK.fullmatch(value)
    if found is not None:
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
    if _SECONDS.fullmatch(value.lower()):
        return seconds(value)
    raise BadValue(f"{value or 'nothing'} is no moment: 0:50, 0:56.2, 50s")


def size_bytes(value: str) -> float:
    """Return a size such as `4k` in bytes. Raises BadValue."""
    found = _SIZE.fullmatch(value)
    if found is None:
        raise BadValue(f"{value or 'nothing'} is no size: 300, 4k, 2M")
    return float(found[1]) * _SIZES[found[2].lower()]


def text_term(text: str) -> TextTerm:
    """Return a condition that finds the text as it is and with JSON's escapes."""
    return TextTerm(_spellings(text))


def id_term(identifier: str) -> TextTerm:
    """Return a condition that finds this id, or with a `*` at its end an id that begins so."""
    is_prefix = identifier.endswith("*")
    needle = f'"{identifier[:-1]}' if is_prefix else f'"{identifier}"'
    return TextTerm((needle.lower().encode("utf-8", "surrogatepass"),))


def value_term(words: tuple[str, ...]) -> PatternTerm:
    """Return a condition that finds any of these words in a value, and not in the name of a
    field."""
    spelled = b"|".join(re.escape(each) for word in words for each in _spellings(word))
    return PatternTerm(
        re.compile(rb"(?:" + spelled + rb')(?:(?:[^"\\]|\\.)*"(?!\s*:)|[^"]*\Z)', re.DOTALL)
    )


def regex_term(pattern: str) -> PatternTerm:
    """Return a condition that finds this regular expression, whatever the case. Raises
    re.error."""
    # Checked as text first, so that the place of a mistake counts characters.
    re.compile(pattern)
    return PatternTerm(re.compile(pattern.encode("utf-8", "surrogatepass"), re.IGNORECASE))


def _spellings(text: str) -> tuple[bytes, ...]:
    spellings = (
        json.dumps(text, ensure_ascii=ascii_only)[1:-1].lower() for ascii_only in (False, True)
    )
    return tuple(dict.fromkeys(each.encode("utf-8", "surrogatepass") for each in spellings))


def _keyed_term(keys: bytes, value: str) -> PatternTerm:
    """Return a condition that finds one of these fields of the JSON with this value, in which `*`
    is anything."""
    first, *others = [
        b"(?:" + b"|".join(re.escape(each) for each in _spellings(part)) + b")"
        for part in re.sub(r"\*+", "*", value).split("*")
    ]
    # What stands between two `*` is taken where it comes first, so that nothing is tried twice.
    between = b"".join(rb'(?>[^"]*?' + part + rb")" for part in others[:-1])
    end = rb'[^"]*' + others[-1] if others else b""
    return PatternTerm(re.compile(rb'"(?:' + keys + rb')"\s*:\s*"' + first + between + end + rb'"'))


def _type(value: str) -> Node:
    words = tuple(part for part in value.lower().split("|") if part)
    if not words:
        raise BadValue("a | has no word beside it")
    return TypeTerm(words)


def _direction(value: str) -> Node:
    if value.lower() not in _DIRECTIONS:
        raise BadValue(f"{value} is no direction: > < =")
    return DirectionTerm(frozenset({_DIRECTIONS[value.lower()]}))


def _identifier(what: Literal["item", "resp"]) -> Callable[[str], Node]:
    return lambda value: CursorTerm(what) if value == "." else id_term(value)


def _turn(value: str) -> Node:
    if value == ".":
        return TurnTerm(None)
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise BadValue(f"{value} is no turn: turn:4, or turn:. for the cursor's")
    return TurnTerm(int(value))


_NAMED: Final[Mapping[str, Callable[[str], Node]]] = {
    "type": _type,
    "dir": _direction,
    "code": lambda value: _keyed_term(rb"code", value),
    "call": lambda value: _keyed_term(rb"call_id|name", value),
    "item": _identifier("item"),
    "resp": _identifier("resp"),
    "turn": _turn,
}
_EXAMPLES: Final[Mapping[str, str]] = {
    "type": "type:done",
    "dir": "dir:>",
    "code": "code:invalid*",
    "call": "call:get_parcel",
    "item": "write item:ID, or item:. for the cursor's",
    "resp": "write resp:ID, or resp:. for the cursor's",
    "turn": "turn:4, or turn:. for the cursor's",
}
