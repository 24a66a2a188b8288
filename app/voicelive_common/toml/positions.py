"""Finds the line and column of each key of a TOML text that `read_toml` accepted."""

from bisect import bisect_left
from collections.abc import Mapping

from voicelive_common.toml.entries import toml_entries

Position = tuple[int, int]


def key_positions(text: str) -> Mapping[str, Position]:
    """Map each dotted key to the line and column of its first appearance, both from 1; the elements
    of arrays are numbered, as in `tools.0.name`."""
    positions: dict[str, Position] = {}
    lines = LineIndex(text)
    for entry in toml_entries(text):
        # A table may be opened only through a key below it, as in `[a.b]`. The parents of a known
        # table are known too.
        for depth in range(len(entry.path), 0, -1):
            key = ".".join(entry.path[:depth])
            if key in positions:
                break
            positions[key] = lines.position(entry.start)
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
