"""Reads TOML that may come from anyone: bounded before it is parsed, and every failure is a TomlError."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MOST_LEVELS = 100  # tables and lists inside one another: what reads them calls itself for each
_MOST_CHARS = 2**20
_MOST_PARTS = 64  # of a dotted key: tomllib takes the square of their number
_MOST_BRACKETS = 64
_MOST_WORD_CHARS = 1000
_MOST_WORDS = 100_000

_STRING = r'''"""[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*+"{3,5}|\'\'\'[^']*+(?:'{1,2}+(?!')[^']*+)*+'{3,5}'''
_STRING += r"""|"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"|'[^'\n]*+\'"""
_TOKEN = re.compile(
    rf"""(?P<string>{_STRING})|(?P<dot>\.)|(?P<open>[\[{{])|(?P<close>[\]}}])|(?P<stop>[\n=,])|(?P<word>[^\s"'#\[\]{{}}=,.]++)|#[^\n]*+""",
    re.DOTALL,
)


class TomlError(ValueError):
    """A text that is no document; the text of the error is a clause without full stop that can follow the file's name."""


def read_toml(text: str) -> dict[str, Any]:
    """The document, at most `MOST_LEVELS` deep, its numbers of at most 64 bits. Raises TomlError and nothing else."""
    if len(text) > _MOST_CHARS:
        raise TomlError(f"has more than {_MOST_CHARS} characters")
    _check_text(text)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"is not TOML: {error}") from error
    except Exception as error:  # a foreign file's border: the parser may fail in ways that it does not document
        raise TomlError(f"is not TOML that can be read: {type(error).__name__}") from error
    _check_document(document)
    return document


def _check_text(text: str) -> None:
    """Looks at the tokens only; up to the first mistake in a text they are those that tomllib sees."""
    level = parts = words = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "dot":
            parts += 1
        elif kind in ("string", "word"):
            words += 1
        else:
            parts = 0
            level = max(0, level + (kind == "open") - (kind == "close"))
            words += kind == "open"
        if parts >= _MOST_PARTS or level > _MOST_BRACKETS:
            raise TomlError(f"is not TOML that can be read: line {_line(text, token)} is nested too deep")
        if kind == "word" and len(token[0]) > _MOST_WORD_CHARS:
            raise TomlError(f"is not TOML that can be read: line {_line(text, token)} holds a word of {len(token[0])} characters")
        if words > _MOST_WORDS:
            raise TomlError(f"holds more than {_MOST_WORDS} keys and values")


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1


def _check_document(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(MOST_LEVELS):
        if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in level):
            raise TomlError("holds a number of more than 64 bits")
        tables = (value.values() if isinstance(value, dict) else value for value in level if isinstance(value, dict | list))
        level = [inner for table in tables for inner in table]
    if level:
        raise TomlError("is not TOML that can be read: it is nested too deep")
