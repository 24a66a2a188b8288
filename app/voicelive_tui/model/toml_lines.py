"""Where each key of a TOML text stands: tomllib gives values without positions.

The text has already been read by tomllib, so this scanner meets valid TOML only.
"""

import tomllib
from collections.abc import Iterator, Mapping

_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_QUOTES = ('"""', "'''", '"', "'")

Position = tuple[int, int]


def key_positions(text: str) -> Mapping[str, Position]:
    """Dotted key -> (line, column) of its first appearance, both from 1; elements of arrays are numbered, `tools.0.name`."""
    positions: dict[str, Position] = {}
    for path, at in _Scanner(text.replace("\r\n", "\n")).walk():
        # A table may be opened by a key below it alone, as in `[a.b]`.
        for depth in range(1, len(path) + 1):
            positions.setdefault(".".join(path[:depth]), at)
    return positions


class _Scanner:
    """Walks a text once, character by character, and knows which table it stands in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._tables: dict[tuple[str, ...], int] = {}

    def walk(self) -> Iterator[tuple[tuple[str, ...], Position]]:
        """Every key in the order of the text, tables before what stands in them."""
        table: tuple[str, ...] = ()
        while self._skip_blank():
            start = self._position()
            if self._text.startswith("[[", self._at):
                table = self._array_table()
                yield table, start
            elif self._peek() == "[":
                self._advance(1)
                table = self._resolve(self._key())
                self._advance(1)
                yield table, start
            else:
                yield from self._pair(table)

    def _pair(self, table: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Position]]:
        start = self._position()
        key = self._key()
        yield table + key, start
        self._skip_spaces()
        self._advance(1)
        self._skip_spaces()
        yield from self._value(table + key)

    def _value(self, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Position]]:
        match self._peek():
            case '"' | "'":
                self._string()
            case "{":
                self._advance(1)
                while self._skip_blank(",") and self._peek() != "}":
                    yield from self._pair(path)
                self._advance(1)
            case "[":
                self._advance(1)
                number = 0
                while self._skip_blank(",") and self._peek() != "]":
                    yield (*path, str(number)), self._position()
                    yield from self._value((*path, str(number)))
                    number += 1
                self._advance(1)
            case _:
                while self._peek() and self._peek() not in ",]}#\n":
                    self._advance(1)

    def _array_table(self) -> tuple[str, ...]:
        self._advance(2)
        path = self._resolve(self._key(), last=False)
        self._advance(2)
        number = self._tables.get(path, -1) + 1
        self._tables[path] = number
        return (*path, str(number))

    def _resolve(self, key: tuple[str, ...], *, last: bool = True) -> tuple[str, ...]:
        """`[tools.x]` after `[[tools]]` speaks of the last element of tools."""
        path: tuple[str, ...] = ()
        for depth, part in enumerate(key, 1):
            path = (*path, part)
            if path in self._tables and (last or depth < len(key)):
                path = (*path, str(self._tables[path]))
        return path

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip_spaces()
            if self._peek() == '"':
                parts.append(str(tomllib.loads(f'key = "{self._string()}"')["key"]))
            elif self._peek() == "'":
                parts.append(self._string())
            else:
                start = self._at
                while self._peek() in _BARE and self._peek():
                    self._advance(1)
                parts.append(self._text[start : self._at])
            self._skip_spaces()
            if self._peek() != ".":
                return tuple(parts)
            self._advance(1)

    def _string(self) -> str:
        """Past a string; what stands between its quotes, escapes and all."""
        quote = next(mark for mark in _QUOTES if self._text.startswith(mark, self._at))
        self._advance(len(quote))
        start = self._at
        while self._at < len(self._text) and not self._text.startswith(quote, self._at):
            self._advance(2 if quote[0] == '"' and self._peek() == "\\" else 1)
        content = self._text[start : self._at]
        self._advance(len(quote))
        # A multi-line string may end in one or two quotes of its own before the closing three.
        while len(quote) == 3 and self._peek() == quote[0]:
            self._advance(1)
        return content

    def _skip_blank(self, more: str = "") -> bool:
        """Past white space, line ends and comments; False at the end of the text."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "#":
                while self._peek() not in ("", "\n"):
                    self._advance(1)
            elif char in " \t\r\n" or char in more:
                self._advance(1)
            else:
                return True
        return False

    def _skip_spaces(self) -> None:
        while self._peek() and self._peek() in " \t":
            self._advance(1)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _advance(self, count: int) -> None:
        for _ in range(count):
            if self._text[self._at : self._at + 1] == "\n":
                self._line += 1
                self._line_start = self._at + 1
            self._at += 1

    def _position(self) -> Position:
        return self._line, self._at - self._line_start + 1
