"""Finds where each table, key and value of a TOML text is written, because tomllib returns values
without positions.

The text has already been accepted by `read_toml`, so this scanner meets only valid TOML of bounded
depth.
"""

import tomllib
from dataclasses import dataclass
from typing import Literal

from voicelive_common.toml.tokens import Token, tokens

TomlPath = tuple[str, ...]
"""The names from the top of a document to a value; the elements of arrays are numbered from "0"."""
EntryKind = Literal["table", "pair", "element"]
_END = Token("newline", "", -1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One table's header, one `key = value`, or one element of an array.

    start: the offset at which it begins. value_start, value_end: the extent of its value, or of the
    whole header. container: the table or array in which it is written; the rest of its path is its
    key. inline: between braces or brackets.
    """

    kind: EntryKind
    path: TomlPath
    start: int
    value_start: int
    value_end: int
    container: TomlPath
    inline: bool


def toml_entries(text: str) -> list[Entry]:
    """Return every entry of a text in the order of the text, tables before their contents."""
    scanner = _Scanner(text)
    scanner.scan()
    return sorted(scanner.entries, key=lambda entry: entry.start)


class _Scanner:
    """Walks the tokens once, with one token of lookahead, and keeps track of the current table."""

    def __init__(self, text: str) -> None:
        self.entries: list[Entry] = []
        self._tokens = tokens(text)
        self._ahead: Token | None = next(self._tokens, None)
        self._end = 0
        self._tables: dict[TomlPath, int] = {}

    def scan(self) -> None:
        """Read the whole text. A value's entry follows those of its contents."""
        table: TomlPath = ()
        while self._skip():
            start = self._offset()
            if self._take("["):
                table = self._array_table() if self._take("[") else self._resolve(self._key())
                self._take("]")
                self.entries.append(Entry("table", table, start, start, self._end, table, False))
            else:
                self._pair(table, inline=False)

    def _pair(self, container: TomlPath, *, inline: bool) -> None:
        start = self._offset()
        path = container + self._key()
        self._take("=")
        value_start = self._offset()
        self._value(path)
        self.entries.append(Entry("pair", path, start, value_start, self._end, container, inline))

    def _value(self, path: TomlPath) -> None:
        if self._take("{"):
            while self._skip(",") and not self._take("}"):
                self._pair(path, inline=True)
        elif self._take("["):
            number = 0
            while self._skip(",") and not self._take("]"):
                start = self._offset()
                element = (*path, str(number))
                self._value(element)
                self.entries.append(Entry("element", element, start, start, self._end, path, True))
                number += 1
        else:
            self._next()
            while self._ahead and (self._ahead.kind == "word" or self._ahead.text == "."):
                self._next()

    def _array_table(self) -> TomlPath:
        path = self._resolve(self._key(), last=False)
        self._take("]")
        number = self._tables.get(path, -1) + 1
        self._tables[path] = number
        return (*path, str(number))

    def _resolve(self, key: TomlPath, *, last: bool = True) -> TomlPath:
        """Resolve a key against the arrays of tables: `[tools.x]` after `[[tools]]` means the last
        element of tools."""
        path: TomlPath = ()
        for depth, part in enumerate(key, 1):
            path = (*path, part)
            if path in self._tables and (last or depth < len(key)):
                path = (*path, str(self._tables[path]))
        return path

    def _key(self) -> TomlPath:
        parts = [_name(self._next())]
        while self._take("."):
            parts.append(_name(self._next()))
        return tuple(parts)

    def _next(self) -> Token:
        token, self._ahead = self._ahead, next(self._tokens, None)
        if token is None:
            return _END
        self._end = token.offset + len(token.text)
        return token

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
