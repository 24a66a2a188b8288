"""TOML texts and journal lines as an attacker, a broken disk or a careless program leaves them,
drawn by Hypothesis.

Each is a valid text with something wrong in it: too deep, too wide, too long or of another type.
"""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

LONG = "x" * 70_000
DIGITS = "9" * 6_000
ODD_VALUES = (
    DIGITS,
    "-" + DIGITS,
    DIGITS + ".5",
    "0x" + "f" * 5_000,
    "9223372036854775808",
    "1e400",
    "-1e400",
    "nan",
    "-inf",
    "9999-12-31T23:59:59.999999-23:59",
    "0001-01-01T00:00:00+23:59",
    "0000-01-01",
    "23:59:60",
    "00:00:00",
    "true",
    '""',
    '"none"',
    f'"{LONG}"',
    '"\\u0000\\u202e\\U0010ffff"',
    '"\\ud800"',
    '"\ud800"',
    '"http://[::1"',
    '"https://h:' + DIGITS + '/"',
    "[]",
    "{}",
    "[[], {}, 1]",
    "[" * 70 + "]" * 70,
    "[" * 3_000 + "]" * 3_000,
    "{a=" * 60 + "1" + "}" * 60,
    "{a=" * 3_000 + "1" + "}" * 3_000,
    "{" + ".".join(["a"] * 50) + "={" + ".".join(["b"] * 60) + "=1}}",
    "[" + "1," * 120_000 + "]",
    '["text", "' + LONG + '", ' + '"odd",' * 2_000 + "]",
    "{" + ",".join(f"k{n}=nan" for n in range(1_500)) + "}",
    '"""' + '"" ' * 1_000,
    "'''" + "'' " * 1_000,
    '"' * 5_000,
)
ODD_LINES = (
    ".".join(["a"] * 20_000) + " = 1",
    ".".join(["a"] * 60) + " = 1",
    "[session" + ".a" * 2_000 + "]",
    "[session.metadata" + ".a" * 58 + "]",
    "[[session.tools" + ".a" * 2_000 + "]]",
    f'"{LONG}" = 1',
    f'["{LONG}".b."{LONG}"]\n' + "\n".join(f"k{n} = 1" for n in range(2_000)),
    '"" = ""',
    LONG + " = 1",
    "[session]",
    "[[session]]",
    "[session.voice.x]",
    "\n".join(f"k{n} = {n}" for n in range(3_000)),
    "#" + LONG,
    "\x00",
    "[" * 9_000,
    "a.b = 1\na.b.c = 2",
)


class HostileText(str):
    """A text of which a failing test prints only the beginning."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{str(self[:300])!r}... ({len(self)} characters)"


def hostile_toml(lines: Sequence[str]) -> st.SearchStrategy[str]:
    """A text of these `key = value` lines and headers, with one to three odd values or lines."""

    def with_value(at: int, value: str) -> str:
        key, equals, _ = lines[at].partition(" = ")
        return f"{key} = {value}" if equals else lines[at]

    def change(changes: list[tuple[int, str, str]]) -> str:
        text = list(lines)
        for at, value, line in changes:
            text[at] = f"{line}\n{text[at]}" if line else with_value(at, value)
        return HostileText("\n".join(text) + "\n")

    numbers = st.integers(0, len(lines) - 1)
    odd_value = st.tuples(numbers, st.sampled_from(ODD_VALUES), st.just(""))
    odd_line = st.tuples(numbers, st.just(""), st.sampled_from(ODD_LINES))
    return st.lists(odd_value | odd_line, min_size=1, max_size=3).map(change)


ODD_JSON = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        DIGITS,
        "9" * 400,
        "-1",
        "-0.5",
        "1.5",
        "true",
        "null",
        '""',
        '"1"',
        '"\\ud800"',
    ),
    *(
        "[]",
        "{}",
        '{"$wav":1}',
        '{"$wav":"mic.wav","bytes":1}',
        "4294967296",
        "18446744073709551616",
        "1099511627777",
    ),
    *(
        "[" * 150 + "]" * 150,
        "[" * 900 + "]" * 900,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        f'"{LONG}"',
    ),
)


class _Raw(str):
    """A value that is written unchanged."""


def hostile_lines(line: dict[str, Any]) -> st.SearchStrategy[str]:
    """The JSON of a journal line with one to three odd values at any depth, or missing fields."""
    one = st.tuples(st.sampled_from(_places(line)), st.none() | st.sampled_from(ODD_JSON))
    return st.lists(one, min_size=1, max_size=3).map(lambda changes: _changed(line, changes))


def every_hostile_line(line: dict[str, Any]) -> list[str]:
    """The JSON of a journal line with each odd value in each place, and without each field."""
    return [
        _changed(line, [(path, value)]) for path in _places(line) for value in (None, *ODD_JSON)
    ]


def _changed(line: dict[str, Any], changes: list[tuple[tuple[str, ...], str | None]]) -> str:
    changed = json.loads(json.dumps(line))
    for path, value in changes:
        table = changed
        for name in path[:-1]:
            table = table.get(name) if isinstance(table, dict) else None
        if isinstance(table, dict):
            if value is None:
                table.pop(path[-1], None)
            else:
                table[path[-1]] = _Raw(value)
    return HostileText(_written(changed))


def _places(line: dict[str, Any]) -> list[tuple[str, ...]]:
    return [path for path in _paths(line) if path]


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    children = value.items() if isinstance(value, dict) else ()
    return [path, *(inner for name, child in children for inner in _paths(child, (*path, name)))]


def _written(value: Any) -> str:
    match value:
        case _Raw():
            return str(value)
        case dict():
            return (
                "{"
                + ",".join(f"{json.dumps(name)}:{_written(child)}" for name, child in value.items())
                + "}"
            )
        case _:
            return json.dumps(value, separators=(",", ":"))
