"""Where in a TOML text a key stands, which tomllib does not say. A search, not a parser: for messages only."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]  # keys, and positions from 0 in arrays

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_ENTRY = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]")
_TABLE = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_ASSIGNED = re.compile(rf"\s*({_DOTTED})\s*=")


class Lines:
    """The lines (from 1) of a text's keys. `find` takes any path and gives the line of its nearest known parent at least."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._known: dict[Path, int] = {(): 1}
        self._entries: dict[Path, int] = {}
        self._scan()

    def find(self, path: Path) -> int:
        for size in range(len(path), -1, -1):
            if path[:size] in self._known:
                return self._inside(self._known[path[:size]], path[size:])
        return 1

    def _scan(self) -> None:
        current: Path = ()
        quote = ""  # of the multi-line string that a line begins in
        for number, line in enumerate(self._lines, start=1):
            if not quote:
                if entry := _ENTRY.match(line):
                    *parent, last = self._resolved(entry[1])
                    array = (*parent, last)
                    self._entries[array] = self._entries.get(array, -1) + 1
                    current = (*array, self._entries[array])
                    self._known[current] = number
                elif table := _TABLE.match(line):
                    current = self._resolved(table[1])
                    self._known.setdefault(current, number)
                elif assigned := _ASSIGNED.match(line):
                    path = current
                    for part in _parts(assigned[1]):
                        path = (*path, part)
                        self._known.setdefault(path, number)
            quote = _open_quote(line, quote)

    def _resolved(self, dotted: str) -> Path:
        """A header's path: below an array of tables it means the last entry."""
        path: Path = ()
        *parents, last = _parts(dotted)
        for part in parents:
            path = (*path, part)
            if path in self._entries:
                path = (*path, self._entries[path])
        return (*path, last)

    def _inside(self, line: int, rest: Path) -> int:
        """The line of a key in the inline value that begins at `line`: the one for its position in the array, if any."""
        keys = [part for part in rest if isinstance(part, str)]
        if not keys:
            return line
        places = [part for part in rest if isinstance(part, int)]
        end = min((known for known in self._known.values() if known > line), default=len(self._lines) + 1)
        wanted = re.compile(rf"""(?<![\w-])["']?{re.escape(keys[-1])}["']?\s*=""")
        found = [n for n in range(line, end) for _ in wanted.finditer(self._lines[n - 1])]
        if not found:
            return line
        return found[min(places[-1] if places else 0, len(found) - 1)]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]


def _open_quote(line: str, quote: str) -> str:
    """The delimiter of the multi-line string that is still open after `line`."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quote:
            quote = mark
        elif quote == mark:
            quote = ""
    return quote
