"""Finds the position of each key of a TOML text, because tomllib returns values without positions.

The text has already been accepted by `read_toml`, so this scanner meets only valid TOML of bounded
depth.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from voicelive_common.toml.tokens import Token, tokens

Position = tuple[int, int]
_Path = tuple[str, ...]
_END = Token("newline", "", -1)


def key_positions(text: str) -> Mapping[str, Position]:
    """Map each dotted key to the line and column of its first appearance, both from 1; the elements
    of arrays are numbered, as in `tools.0.name`."""
    positions: dict[str, Position] = {}
    lines = LineIndex(text)
    for path, offset in _Scanner(text).walk():
        # A table may be opened only through a key below it, as in `[a.b]`. The parents of a known
        # table are known too.
        for depth in range(len(path), 0, -1):
            key = ".".join(path[:depth])
            if key in positions:
                break
            positions[key] = lines.position(offset)
    return positions


def nearest_position(key: str, positions: Mapping[str, Position]) -> Position | None:
    """The position of a dotted key, or of the nearest table or array above it that has one; None
    when there is none."""
    while key and key not in positions:
        key = key.rpartition(".")[0]
    return positions.get(key)


class LineIndex:
    """Converts offsets in a text to lines and columns, both from 1."""

    def __init__(self, text: str) -> None:
        self._ends = [at for at, char in enumerate(text) if char == "\n"]

    def position(self, offset: int) -> Position:
        """The line and column of the character at this offset."""
        line = bisect_left(self._ends, offset)
        return line + 1, offset - (self._ends[line - 1] if line else -1)


class _Scanner:
    """Walks the tokens once, with one token of lookahead, and keeps track of the current table."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._ahead: Token | None = next(self._tokens, None)
        self._tables: dict[_Path, int] = {}

    def walk(self) -> Iterator[tuple[_Path, int]]:
        """Yield every key and its offset in the order of the text, tables before their contents."""
        table: _Path = ()
        while self._skip():
            start = self._offset()
            if self._take("["):
                table = self._array_table() if self._take("[") else self._resolve(self._key())
                self._take("]")
                yield table, start
            else:
                yield from self._pair(table)

    def _pair(self, table: _Path) -> Iterator[tuple[_Path, int]]:
        start = self._offset()
        path = table + self._key()
        yield path, start
        self._take("=")
        yield from self._value(path)

    def _value(self, path: _Path) -> Iterator[tuple[_Path, int]]:
        if self._take("{"):
            while self._skip(",") and not self._take("}"):
                yield from self._pair(path)
        elif self._take("["):
            number = 0
            while self._skip(",") and not self._take("]"):
                element = (*path, str(number))
                yield element, self._offset()
                yield from self._value(element)
                number += 1
        else:
            self._next()
            while self._ahead and (self._ahead.kind == "word" or self._ahead.text == "."):
                self._next()

    def _array_table(self) -> _Path:
        path = self._resolve(self._key(), last=False)
        self._take("]")
        number = self._tables.get(path, -1) + 1
        self._tables[path] = number
        return (*path, str(number))

    def _resolve(self, key: _Path, *, last: bool = True) -> _Path:
        """Resolve a key against the arrays of tables: `[tools.x]` after `[[tools]]` means the last
        element of tools."""
        path: _Path = ()
        for depth, part in enumerate(key, 1):
            path = (*path, part)
            if path in self._tables and (last or depth < len(key)):
                path = (*path, str(self._tables[path]))
        return path

    def _key(self) -> _Path:
        parts = [_name(self._next())]
        while self._take("."):
            parts.append(_name(self._next()))
        return tuple(parts)

    def _next(self) -> Token:
        token, self._ahead = self._ahead, next(self._tokens, None)
        return token or _END

    def _take(self, mark: str) -> bool:
        """Consume this mark if it is next; return whether it was."""
        if self._ahead is None or self._ahead.kind != "mark" or self._ahead.text != mark:
            return False
        self._next()
        return True

    def _skip(self, marks: str = "") -> bool:
        """Skip line ends and the `marks`; return False at the end of the text."""
        while self._ahead and (
            self._ahead.kind == "newline"
            or (self._ahead.kind == "mark" and self._ahead.text in marks)
        ):
            self._next()
        return self._ahead is not None

    def _offset(self) -> int:
        return self._ahead.offset if self._ahead else 0


def _name(token: Token) -> str:
    if token.kind != "string":
        return token.text
    return (
        token.text[1:-1]
        if token.text[0] == "'"
        else str(tomllib.loads(f"key = {token.text}")["key"])
    )
