"""The types of a fault's parameters. Each reads a value from TOML, or from a query string or a
command line, where every value is text."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Protocol

from voicelive_common.json_text import refuse_constant

from voicelive_simulator.faults.fault import FaultError

JSON_WHITESPACE = " \t\r\n"


class Param(Protocol):
    @property
    def default(self) -> Any: ...

    @property
    def description(self) -> str:
        """The allowed values, for the help: `fin|rst`, `400..599`."""
        ...

    def read(self, value: Any) -> Any:
        """Check a value and return it. Raises FaultError with what it must be: "must be fin or
        rst"."""
        ...


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer. `default` None is for a parameter whose absence has a meaning of its own."""

    default: int | None
    low: int
    high: int

    @property
    def description(self) -> str:
        return f"{self.low}..{self.high}" if self.high < 10**9 else "N"

    def read(self, value: Any) -> int:
        if isinstance(value, str) and len(value) <= 20:
            digits = value.strip().removeprefix("-")
            value = int(value) if digits.isdecimal() and digits.isascii() else None
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not self.low <= value <= self.high
        ):
            raise FaultError(f"must be a whole number from {self.low} to {self.high}")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    default: float
    low: float
    high: float

    @property
    def description(self) -> str:
        return f"{self.low:g}..{self.high:g}"

    def read(self, value: Any) -> float:
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not self.low <= number <= self.high:
            raise FaultError(f"must be a number from {self.low:g} to {self.high:g}")
        return number


@dataclass(frozen=True, slots=True)
class Choice:
    default: str
    choices: tuple[str, ...]

    @property
    def description(self) -> str:
        return "|".join(self.choices)

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise FaultError(f"must be {', '.join(self.choices[:-1])} or {self.choices[-1]}")
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """Printable text of at most `longest_bytes` in UTF-8. `ascii_only` is for text that goes into
    an HTTP header."""

    default: str
    longest_bytes: int
    description: str
    ascii_only: bool = False

    def read(self, value: Any) -> str:
        if (
            not isinstance(value, str)
            or not value.isprintable()
            or (self.ascii_only and not value.isascii())
        ):
            raise FaultError(f"must be printable {'ASCII ' if self.ascii_only else ''}text")
        if len(value.encode("utf-8", "replace")) > self.longest_bytes:
            raise FaultError(f"must have at most {self.longest_bytes} bytes")
        return value


@dataclass(frozen=True, slots=True)
class Hex:
    """Bytes, written as hexadecimal digits."""

    default: str
    longest_bytes: int
    description: str = "HEX"

    def read(self, value: Any) -> str:
        try:
            raw = bytes.fromhex(value if isinstance(value, str) else "?")
        except ValueError:
            raw = b""
        if not 0 < len(raw) <= self.longest_bytes:
            raise FaultError(
                f"must be 1 to {self.longest_bytes} bytes as hexadecimal digits, such as fffe"
            )
        return raw.hex()


@dataclass(frozen=True, slots=True)
class Json:
    """Any JSON value: a value of TOML, or JSON text. Text that is not JSON is a string."""

    default: Any
    longest: int = 100_000
    description: str = "JSON"

    def read(self, value: Any) -> Any:
        try:
            text = value if isinstance(value, str) else json.dumps(value, allow_nan=False)
            decoded = (
                json.loads(text, parse_constant=refuse_constant)
                if text.strip(JSON_WHITESPACE)[:1] in _OPENERS
                else value
            )
        except (TypeError, ValueError, RecursionError):
            # Either a TOML value that JSON does not have (a date, infinity), or text that is not
            # JSON and is taken as a string.
            if not isinstance(value, str):
                raise FaultError("must be a value that JSON can express") from None
            decoded = text = value
        if len(text) > self.longest:
            raise FaultError(f"must have at most {self.longest} characters")
        return decoded


_OPENERS = frozenset('{["-0123456789tfn')


@dataclass(frozen=True, slots=True)
class EventText:
    """An event, as a table or as JSON text. It is kept as text, so that exactly what was given is
    sent."""

    default: str = ""
    longest: int = 1_000_000
    description: str = "{...}"

    def read(self, value: Any) -> str:
        try:
            text = value if isinstance(value, str) else json.dumps(value, allow_nan=False)
            decoded = json.loads(text, parse_constant=refuse_constant)
            text.encode()
        except (TypeError, ValueError, RecursionError):
            raise FaultError(
                'must be a JSON object, such as {"type":"response.surprise"}'
            ) from None
        if not isinstance(decoded, dict) or len(text) > self.longest:
            raise FaultError(f"must be a JSON object of at most {self.longest} characters")
        return text
