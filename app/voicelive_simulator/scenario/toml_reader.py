"""Reads one TOML table key by key. A problem is recorded with its position, and reading continues
with the default."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.scenario.problems import Path, Problems

_Default = TypeVar("_Default")
_LONGEST_SLIP = 80  # a longer word is no typing error, and comparing it takes long


class TomlReader:
    """Reads the values of a table. `check_unknown_keys` reports keys that were not read, with the
    nearest key that was."""

    def __init__(self, values: Mapping[str, Any], path: Path, problems: Problems) -> None:
        self._values = values
        self._path = path
        self._problems = problems
        self._keys_read: list[str] = []

    def add_problem(self, key: str, message: str) -> None:
        self.add_problem_at((key,) if key else (), message)

    def add_problem_at(self, path: Path, message: str) -> None:
        """Report a problem. `path` is relative to this table; () is the table itself."""
        self._problems.add((*self._path, *path), message)

    def has(self, *keys: str) -> bool:
        return any(key in self._values for key in keys)

    def value(self, key: str) -> Any:
        """The raw value; None when the key is absent (TOML has no null)."""
        self._keys_read.append(key)
        return self._values.get(key)

    def text(self, key: str, default: str = "") -> str:
        value = self.value(key)
        if isinstance(value, str):
            return value
        return default if value is None else self._expected(key, "a string", value, default)

    def name(self, key: str) -> str:
        """A string that is required and must not be empty."""
        if not self.has(key):
            self.value(key)
            self.add_problem("", f'it needs the key "{key}"')
            return ""
        name = self.text(key)
        if self._values[key] == "":
            self.add_problem(key, "it must not be empty")
        return name

    def texts(self, key: str) -> tuple[str, ...]:
        """A string or a list of strings."""
        value = self.value(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(entry, str) for entry in values):
            return self._expected(key, "a string or a list of strings", value, ())
        return tuple(values)

    def integer(self, key: str, least: int, most: int) -> int | None:
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            return self._expected(key, f"a whole number from {least} to {most}", value, None)
        return value

    def number(self, key: str, least: float, most: float) -> float | None:
        value = self.value(key)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not least <= value <= most
        ):
            return self._expected(key, f"a number from {least:g} to {most:g}", value, None)
        return float(value)

    def boolean(self, key: str) -> bool | None:
        value = self.value(key)
        if value is None or isinstance(value, bool):
            return value
        return self._expected(key, "true or false", value, None)

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        value = self.value(key)
        for choice in choices:
            if value == choice:
                return choice
        if value is not None:
            listed = ", ".join(f'"{choice}"' for choice in choices)
            self.add_problem(
                key, f"{_shown(value)} is not one of {listed}{nearest(value, choices)}"
            )
        return None

    def pattern(self, key: str) -> re.Pattern[str] | None:
        """A regular expression that ignores case."""
        source = self.text(key)
        if not self.has(key):
            return None
        try:
            return re.compile(source, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            self.add_problem(key, f"{source!r} is no regular expression: {error}")
            return None

    def tables(self, key: str) -> list[TomlReader]:
        """The entries of an array of tables."""
        value = self.value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            return self._expected(key, f"tables, each under its own [[{key}]]", value, [])
        return [
            TomlReader(entry, (*self._path, key, n), self._problems)
            for n, entry in enumerate(value)
        ]

    def table(self, key: str) -> TomlReader | None:
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            return self._expected(key, "a table", value, None)
        return TomlReader(value, (*self._path, key), self._problems)

    def object(self, key: str) -> JSON | None:
        """A table with arbitrary keys that can be written as JSON."""
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            return self._expected(key, "a table", value, None)
        if unsupported := _not_json(value):
            self.add_problem(
                key, f"it holds {unsupported}, which JSON does not have: write a string"
            )
            return None
        return value

    def check_unknown_keys(self) -> None:
        for key in self._values:
            if self._problems.full:
                return
            if key not in self._keys_read:
                known = (
                    nearest(key, self._keys_read)
                    or f"; known here are {', '.join(sorted(set(self._keys_read)))}"
                )
                self.add_problem(key, f"there is no such key{known}")

    def _expected(self, key: str, expected: str, value: Any, default: _Default) -> _Default:
        self.add_problem(key, f"expected {expected}, not {_shown(value)}")
        return default


def nearest(word: Any, known: Sequence[str]) -> str:
    """A clause that offers the most similar of `known`, or ""."""
    matches = (
        difflib.get_close_matches(word, known, n=1)
        if isinstance(word, str) and len(word) <= _LONGEST_SLIP
        else []
    )
    return f'; did you mean "{matches[0]}"?' if matches else ""


def _shown(value: Any) -> str:
    match value:
        case str():
            return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}..."'
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value}"
        case datetime() | date() | time():
            return "a date or time"
        case list():
            return "a list"
        case _:
            return "a table"


def _not_json(value: Any) -> str:
    """The first value in `value` that JSON cannot express, described in words, or ""."""
    match value:
        case dict():
            return next(filter(None, map(_not_json, value.values())), "")
        case list():
            return next(filter(None, map(_not_json, value)), "")
        case datetime() | date() | time():
            return "a date or time"
        case float() if not math.isfinite(value):
            return f"{value}"
        case _:
            return ""
