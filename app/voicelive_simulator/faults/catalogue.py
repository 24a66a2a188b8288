"""The faults by name, and the parsers that make a fault from a table, a query string or a command
line argument.

On the command line a fault is `name` or `name:key=value,key=value`. A value ends at the next comma,
unless it is JSON: an object, a list or a quoted string. `close:code=4000,reason="busy, come back"`
has one reason.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from voicelive_simulator.faults.fault import Fault, FaultError
from voicelive_simulator.faults.kinds import KINDS, Kind
from voicelive_simulator.faults.params import Integer, Param, Text

__all__ = ["KINDS", "Kind", "help_lines", "parse_fault", "parse_fault_text"]

_NAMES = ("fault", "name")
_COUNT = Integer(0, 0, 10**9)
_ON = Text("", 200, "TYPE")
_EVENT_PATTERN = re.compile(r"[A-Za-z0-9_.*-]*")
_JSON_VALUE = json.JSONDecoder()


def parse_fault(table: Mapping[str, Any]) -> Fault:
    """Make a fault from a table with `fault` (or `name`), `on` (an event type, with * for any
    part), `after`, `times` and the parameters of its kind. Numbers may be text. Raises FaultError,
    whose message is a sentence that names the fault and the key."""
    kind = _kind(table)
    values = {key: value for key, value in table.items() if key not in _NAMES}
    on = _read(kind, "on", _ON, values.pop("on", kind.on))
    if not _EVENT_PATTERN.fullmatch(on):
        raise FaultError(
            f"The fault {kind.name}: on must be an event's type, such as response.audio.delta or "
            "*.delta."
        )
    if kind.stage == "handshake" and on:
        raise FaultError(
            f"The fault {kind.name} strikes in the handshake, where there are no events yet: leave "
            "out on."
        )
    after = _read(kind, "after", _COUNT, values.pop("after", 0))
    times = _read(kind, "times", _COUNT, values.pop("times", kind.times))
    for key in values:
        if key not in kind.params:
            raise FaultError(f"The fault {kind.name} has no {_shown(key)}. {_takes(kind)}")
    params = {
        name: _read(kind, name, param, values[name]) if name in values else param.default
        for name, param in kind.params.items()
    }
    return Fault(kind.name, params, on, after, times)


def parse_fault_text(text: str) -> Fault:
    """Parse a fault from the command line: `drop:how=rst,on=response.audio.delta,after=3`. Raises
    FaultError."""
    name, _, rest = text.strip().partition(":")
    table: dict[str, Any] = {"fault": name.strip()}
    for key, value in _pairs(rest):
        if key in table:
            raise FaultError(f"The fault {_shown(name)} has {_shown(key)} twice.")
        table[key] = value
    return parse_fault(table)


_COMMON_HELP = (
    "  Written as NAME or NAME:KEY=VALUE,KEY=VALUE. In addition to its own keys, with their "
    "defaults in brackets, each takes after=N (let N pass first), times=N [1] (strike N times in "
    "all, 0: without limit) and, unless it is one of the handshake, on=TYPE (strike at server "
    "events of this type; * stands for any part of it)."
)


def help_lines() -> list[str]:
    """The lines of help: the syntax of a fault, then a line for each, with its keys below; the
    lines are not wrapped."""
    lines = [_COMMON_HELP, ""]
    for kind in KINDS.values():
        lines.append(f"  {kind.name:<18}{kind.help}")
        if kind.keys:
            lines.append(f"  {'':<20}{kind.keys}")
    return lines


def _kind(table: Mapping[str, Any]) -> Kind:
    names = [table[key] for key in _NAMES if key in table]
    if len(names) != 1:
        raise FaultError(
            'A fault needs its name: fault = "drop" in a scenario, fault=drop in a query.'
            if not names
            else "A fault has only one name: use the key fault."
        )
    name = names[0]
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        matches = difflib.get_close_matches(name, KINDS, 1) if isinstance(name, str) else []
        suggestion = f"Did you mean {matches[0]}?" if matches else f"There are {', '.join(KINDS)}."
        raise FaultError(f"There is no fault {_shown(name)}. {suggestion}")
    return kind


def _read(kind: Kind, key: str, param: Param, value: Any) -> Any:
    try:
        return param.read(value)
    except FaultError as error:
        raise FaultError(f"The fault {kind.name}: {key} {error}.") from None


def _takes(kind: Kind) -> str:
    own = [f"{name} ({param.description})" for name, param in kind.params.items()]
    common = ["after", "times"] if kind.stage == "handshake" else ["on", "after", "times"]
    return f"It takes {', '.join([*own, *common])}."


def _pairs(rest: str) -> Iterator[tuple[str, Any]]:
    at = 0
    while at < len(rest):
        equals = rest.find("=", at)
        key = rest[at : equals if equals >= 0 else len(rest)].strip()
        if equals < 0 or not key or "," in key:
            raise FaultError(
                f"{_shown(rest[at:])} is not key=value: a fault is written as drop:how=rst,after=3."
            )
        value, at = _value(rest, equals + 1)
        yield key, value


def _value(rest: str, at: int) -> tuple[Any, int]:
    """Parse the value at `at`; return it and the index of the next pair."""
    if rest[at : at + 1] in ("{", "[", '"'):
        try:
            value, end = _JSON_VALUE.raw_decode(rest, at)
        except (ValueError, RecursionError):
            raise FaultError(f"{_shown(rest[at:])} begins like JSON but is not JSON.") from None
        if rest[end : end + 1] not in ("", ","):
            raise FaultError(f"A comma is missing before {_shown(rest[end:])}.")
        # An object keeps its text: it is sent exactly as it was written.
        return (value if isinstance(value, str) else rest[at:end]), end + 1
    end = rest.find(",", at)
    end = len(rest) if end < 0 else end
    return rest[at:end].strip(), end + 1


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else type(value).__name__
    text = text if text.isprintable() else ascii(text)
    return repr(text[:60] + "..." if len(text) > 60 else text)
