"""Checks of JSON values, composed into tables. Each check returns the effective value or raises
Refused with the API's error fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from voicelive_simulator.api.errors import Refused, missing, quote, wrong_type

JSON = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """The state of one pass over a client's object: the date of its api-version, and the unknown
    fields found so far."""

    api_date: str
    unknown: list[str] = field(default_factory=list)


Check = Callable[[Any, str, Reading], Any]

_DEEPEST = 64


def text(*, least: int = 0, most: int | None = None) -> Check:
    def check(value: Any, param: str, _: Reading) -> str:
        if not isinstance(value, str):
            raise wrong_type(param, "a string", value)
        if len(value) < least:
            raise Refused(
                f"Invalid '{param}': empty string. Expected at least {least} character.",
                param=param,
            )
        if most is not None and len(value) > most:
            raise Refused(
                f"Invalid '{param}': string too long. Expected at most {most} characters, got "
                f"{len(value)}.",
                param=param,
            )
        return value

    return check


def matching(pattern: str, expected: str) -> Check:
    """A string that matches the whole `pattern`; `expected` describes it in words."""
    known = re.compile(pattern)

    def check(value: Any, param: str, _: Reading) -> str:
        if not isinstance(value, str):
            raise wrong_type(param, "a string", value)
        if not known.fullmatch(value):
            raise Refused(f"Invalid value: {quote(value)}. Expected {expected}.", param=param)
        return value

    return check


def boolean(value: Any, param: str, _: Reading) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(param, "a boolean", value)
    return value


def number(least: float | None = None, most: float | None = None) -> Check:
    def check(value: Any, param: str, _: Reading) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(param, "a number", value)
        _within(value, least, most, param)
        return value

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, param: str, _: Reading) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(param, "an integer", value)
        _within(value, least, most, param)
        return value

    return check


def _within(value: float, least: float | None, most: float | None, param: str) -> None:
    if least is not None and value < least:
        raise Refused(f"Invalid '{param}': {value} is below the minimum of {least}.", param=param)
    if most is not None and value > most:
        raise Refused(f"Invalid '{param}': {value} is above the maximum of {most}.", param=param)


def one_of(*values: Any) -> Check:
    def check(value: Any, param: str, _: Reading) -> Any:
        if isinstance(value, bool) or value not in values:
            raise Refused(
                f"Invalid value: {quote(value)}. Supported values are: {names(values)}.",
                param=param,
            )
        return value

    return check


def object_or(objects: Check, others: Check) -> Check:
    """Apply `objects` to an object and `others` to any other value."""

    def check(value: Any, param: str, reading: Reading) -> Any:
        return (objects if isinstance(value, dict) else others)(value, param, reading)

    return check


def nullable(inner: Check) -> Check:
    def check(value: Any, param: str, reading: Reading) -> Any:
        return None if value is None else inner(value, param, reading)

    return check


def list_of(inner: Check, *, least: int = 0, most: int | None = None) -> Check:
    def check(value: Any, param: str, reading: Reading) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(param, "an array", value)
        if len(value) < least:
            raise Refused(
                f"Invalid '{param}': array too short. Expected at least {least} entries, got "
                f"{len(value)}.",
                param=param,
            )
        if most is not None and len(value) > most:
            raise Refused(
                f"Invalid '{param}': array too long. Expected at most {most} entries, got "
                f"{len(value)}.",
                param=param,
            )
        return [inner(entry, f"{param}[{i}]", reading) for i, entry in enumerate(value)]

    return check


def string_map(
    *, pairs: int | None = None, key_chars: int | None = None, value_chars: int | None = None
) -> Check:
    def check(value: Any, param: str, reading: Reading) -> dict[str, str]:
        if not isinstance(value, dict):
            raise wrong_type(param, "an object", value)
        if pairs is not None and len(value) > pairs:
            raise Refused(
                f"Invalid '{param}': too many pairs. Expected at most {pairs}, got {len(value)}.",
                param=param,
            )
        for key, entry in value.items():
            text(most=key_chars)(key, f"{param} key", reading)
            text(most=value_chars)(entry, f"{param}.{key}", reading)
        return dict(value)

    return check


def any_object(value: Any, param: str, _: Reading) -> JSON:
    if not isinstance(value, dict):
        raise wrong_type(param, "an object", value)
    _refuse_deep(value, param)
    return dict(value)


def _refuse_deep(value: Any, param: str) -> None:
    """Raise Refused for a value nested too deeply: it is echoed, and the JSON encoder recurses."""
    layer = [value]
    for _ in range(_DEEPEST):
        layer = [
            entry
            for v in layer
            if isinstance(v, list | dict)
            for entry in (v.values() if isinstance(v, dict) else v)
        ]
        if not layer:
            return
    raise Refused(f"Invalid '{param}': nested deeper than {_DEEPEST} levels.", param=param)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an object: its check, whether it is required, its effective default, and the api
    dates from which and until which it exists.

    An absent field takes `default` when `shown`, and stays absent otherwise (the service shows
    unset fields as null, protocol.md 6, except those that its models do not have). `also` is an
    accepted alternative spelling.
    """

    check: Check
    default: Any = None
    required: bool = False
    shown: bool = False
    since: str = ""
    until: str = "9999"
    also: str = ""

    def exists(self, api_date: str) -> bool:
        return self.since <= api_date < self.until


def record(fields: Mapping[str, Field]) -> Check:
    """An object with known keys. Unknown keys are added to the reading and left out of the
    effective value. An empty `param` denotes the client event itself."""

    @lru_cache(maxsize=16)
    def known_in(api_date: str) -> Mapping[str, Field]:
        return {name: f for name, f in fields.items() if f.exists(api_date)}

    def check(value: Any, param: str, reading: Reading) -> JSON:
        if not isinstance(value, dict):
            raise wrong_type(param, "an object", value)
        known = known_in(reading.api_date)
        value = normalise_case(value, known)
        path = f"{param}." if param else ""
        reading.unknown.extend(f"{path}{name}" for name in value if name not in known)
        return _effective(value, known, path, reading)

    return check


def normalise_case(value: JSON, known: Mapping[str, Field]) -> JSON:
    """Return the object with its fields under their own names; where both spellings are present,
    the field's own name wins."""
    names = {
        f.also: name
        for name, f in known.items()
        if f.also and f.also in value and name not in value
    }
    return {names.get(name, name): entry for name, entry in value.items()} if names else value


def _effective(value: JSON, known: Mapping[str, Field], path: str, reading: Reading) -> JSON:
    effective: JSON = {}
    for name, f in known.items():
        if name in value:
            effective[name] = f.check(value[name], f"{path}{name}", reading)
        elif f.required:
            raise missing(f"{path}{name}")
        elif f.shown:
            effective[name] = f.default
    return effective


def tagged(
    tag: str,
    kinds: Mapping[str, Mapping[str, Field]],
    *,
    default: str | None = None,
    versions: Mapping[str, tuple[str, str]] | None = None,
) -> Check:
    """A union of objects distinguished by the string under `tag`. versions: for each kind, the api
    dates [since, until) in which it exists."""
    always = ("", "9999")
    spans = {name: (versions or {}).get(name, always) for name in kinds}
    records = {name: record(fields) for name, fields in kinds.items()}

    def check(value: Any, param: str, reading: Reading) -> JSON:
        if not isinstance(value, dict):
            raise wrong_type(param, "an object", value)
        name = value.get(tag, default)
        if name is None:
            raise missing(f"{param}.{tag}")
        known = [
            name for name, (since, until) in spans.items() if since <= reading.api_date < until
        ]
        one_of(*known)(name, f"{param}.{tag}", reading)
        rest = {key: entry for key, entry in value.items() if key != tag}
        return {tag: name, **records[name](rest, param, reading)}

    return check


def names(values: Sequence[Any]) -> str:
    return ", ".join(repr(v) for v in values)
