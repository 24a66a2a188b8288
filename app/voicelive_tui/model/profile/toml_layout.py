"""Where the tables and values of a TOML text are, and where new ones belong."""

import re
from collections.abc import Mapping
from typing import Any

from voicelive_common.toml.entries import Entry, TomlPath, toml_entries


class TomlLayout:
    """The entries of a text by their paths. Offsets count characters of the text."""

    def __init__(self, text: str, document: Mapping[str, Any]) -> None:
        """document: what the text reads as."""
        self._text = text
        self._document = document
        self._line_end = "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"
        entries = toml_entries(text)
        self._entries = entries
        self._headers = {entry.path: entry for entry in entries if entry.kind == "table"}
        self._values = {entry.path: entry for entry in entries if entry.kind != "table"}

    # Tables and values

    def has_header(self, path: TomlPath) -> bool:
        """Whether a table has a header of its own, or is the document."""
        return not path or path in self._headers

    def value(self, path: TomlPath) -> Entry | None:
        """The entry whose value is at this path; None for a table with a header, or none at all."""
        return self._values.get(path)

    def is_written(self, path: TomlPath) -> bool:
        """Whether a table stays, empty, when everything in it is taken away."""
        return self.has_header(path) or path in self._values

    def is_table_array(self, path: TomlPath) -> bool:
        """Whether the elements of an array have headers."""
        return (*path, "0") in self._headers

    def members(self, path: TomlPath) -> list[Entry]:
        """The entries that are written in a table or array between braces or brackets."""
        return [entry for entry in self._entries if entry.inline and entry.container == path]

    def written_below(self, path: TomlPath) -> list[Entry]:
        """The headers and pairs that make up what is at a path."""
        depth = len(path)
        return [
            entry
            for entry in self._entries
            if entry.path[:depth] == path and not (entry.inline and entry.container[:depth] == path)
        ]

    def dotted_sibling(self, path: TomlPath) -> Entry | None:
        """The last pair that makes up a table by its dotted key; None if there is none."""
        depth = len(path)
        return next(
            (
                entry
                for entry in reversed(self._entries)
                if entry.kind == "pair"
                and entry.path[:depth] == path
                and len(entry.container) < depth < len(entry.path)
            ),
            None,
        )

    def header_names(self, path: TomlPath) -> list[str]:
        """The names in a table's header: the path without the numbers of elements."""
        names: list[str] = []
        value: Any = self._document
        for name in path:
            if isinstance(value, list):
                value = value[int(name)] if int(name) < len(value) else {}
            else:
                names.append(name)
                value = value.get(name, {})
        return names

    # Places

    def end_of_pairs(self, path: TomlPath) -> tuple[int, str]:
        """Where another line of a table with a header belongs, and its indentation."""
        pairs = [
            entry
            for entry in self._entries
            if entry.kind == "pair" and not entry.inline and entry.container == path
        ]
        if pairs:
            return self.line_end(pairs[-1].value_end), self.indent(pairs[-1])
        if path:
            return self.line_end(self._headers[path].value_end), ""
        return self._first_header(), ""

    def end_of_tables(self, path: TomlPath) -> int:
        """Where a new table belongs: behind the last one of the nearest table above it, with the
        comment that ends it."""
        for depth in range(len(path), 0, -1):
            ends = [
                entry.value_end
                for entry in self._entries
                if not entry.inline and entry.container[:depth] == path[:depth]
            ]
            if ends:
                return self._end_of_comment(self.line_end(max(ends)))
        return len(self._text)

    def line_start(self, offset: int) -> int:
        """The beginning of the line with this offset."""
        return self._text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """The end of the line with this offset, behind its line end."""
        at = self._text.find("\n", offset)
        return at + 1 if at >= 0 else len(self._text)

    def indent(self, entry: Entry) -> str:
        """The spaces before an entry that begins its line."""
        return self._text[self.line_start(entry.start) : entry.start]

    def with_line_ends(self, text: str) -> str:
        """A text with the line ends of this one."""
        return text.replace("\n", self._line_end)

    def _first_header(self) -> int:
        """The beginning of the first table with the comment directly above it, or of the end."""
        if not self._headers:
            return len(self._text)
        at = self.line_start(min(entry.start for entry in self._headers.values()))
        while at and self._text[self.line_start(at - 1) : at].lstrip().startswith("#"):
            at = self.line_start(at - 1)
        return at

    def _end_of_comment(self, at: int) -> int:
        """The end of the comment that begins here and is followed by an empty line or nothing;
        another comment belongs to what follows it."""
        end = at
        while self._text[end : self.line_end(end)].lstrip().startswith("#"):
            end = self.line_end(end)
        return at if self._text[end : self.line_end(end)].strip() else end
