"""Changes values in the text of a profile that a person wrote, and nothing else.

Invariant: outside the changed values every byte stays: comments, order, spaces and line ends. A key
that is taken away goes with its line. The result reads as the document with the changes, or there
is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voicelive_common.toml.entries import Entry, TomlPath
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.model.profile.document_changes import changed_document, same_value
from voicelive_tui.model.profile.toml_layout import TomlLayout
from voicelive_tui.model.profile.toml_text import (
    is_table_array,
    toml_key,
    toml_pair,
    toml_section,
    toml_value,
)

_PAIR, _SECTION = 0, 1


class UneditableText(ValueError):
    """The text cannot be changed. The message is a clause without full stop."""


def edit_text(text: str, changes: Mapping[str, Any]) -> str:
    """Return the text with these values, by dotted key; `REMOVED` takes a key away.

    text: a profile, with its line ends as they are in the file. Raises UneditableText when it is
    not TOML, or has a form in which it cannot be changed.
    """
    before = read_toml(text)
    if isinstance(before, TomlProblem):
        raise UneditableText(str(before))
    return _edited(text, before, changed_document(before, changes))


def rewrite_text(text: str, document: Mapping[str, Any]) -> str:
    """Return the text changed so that it reads as this document; otherwise as `edit_text`."""
    before = read_toml(text)
    if isinstance(before, TomlProblem):
        raise UneditableText(str(before))
    return _edited(text, before, document)


def _edited(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    try:
        edited = _TextEditor(text, before).edit(after)
        edited.encode()
    except TypeError as error:
        raise UneditableText(str(error)) from None
    except UnicodeEncodeError:
        raise UneditableText("a value holds half a character") from None
    reread = read_toml(edited)
    if isinstance(reread, TomlProblem):
        raise UneditableText(reread.message)
    if not same_value(reread, after):
        raise UneditableText("it is written in a form that only an editor can change")
    return edited


class _TextEditor:
    """Collects the pieces that replace parts of one text."""

    def __init__(self, text: str, document: Mapping[str, Any]) -> None:
        self._text = text
        self._layout = TomlLayout(text, document)
        self._document = document
        self._pieces: list[tuple[int, int, int, str]] = []
        """What replaces the text from one offset to another; at one place, the lower rank first."""
        self._removed: dict[int, Entry] = {}
        self._inline_pairs: dict[TomlPath, list[str]] = {}
        self._new_tables: dict[TomlPath, dict[str, Any]] = {}

    def edit(self, document: Mapping[str, Any]) -> str:
        """Return the text with what makes it read as this document."""
        self._change_table((), self._document, document)
        for path, table in self._new_tables.items():
            self._add_section(path, table, element=False)
        self._cut_removed()
        self._join_inline_pairs()
        out, at = [], 0
        for start, end, _, piece in sorted(self._pieces, key=lambda each: each[:3]):
            out += [self._text[at:start], piece]
            at = end
        return "".join(out) + self._text[at:]

    # Differences

    def _change(self, path: TomlPath, old: Any, new: Any) -> None:
        if same_value(old, new):
            return
        if isinstance(old, dict) and isinstance(new, dict):
            self._change_table(path, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            self._change_array(path, old, new)
        else:
            self._replace(path, new)

    def _change_table(self, path: TomlPath, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        if not new and not self._layout.is_written(path):
            self._replace(path, new)
            return
        for name in old:
            if name in new:
                self._change((*path, name), old[name], new[name])
            else:
                self._remove((*path, name))
        for name in new:
            if name not in old:
                self._add((*path, name), new[name])

    def _change_array(self, path: TomlPath, old: Sequence[Any], new: Sequence[Any]) -> None:
        if not self._layout.is_table_array(path):
            if len(old) == len(new):
                self._change_elements(path, old, new)
            else:
                self._replace(path, new)
        elif not is_table_array(new):
            self._replace(path, new)
        elif (kept := _kept(old, new)) is not None:
            for number in range(len(old)):
                if number not in kept:
                    self._remove((*path, str(number)))
        else:
            self._change_elements(path, old, new)
            for number in range(len(new), len(old)):
                self._remove((*path, str(number)))
            for each in new[len(old) :]:
                self._add_section(path, each, element=True)

    def _change_elements(self, path: TomlPath, old: Sequence[Any], new: Sequence[Any]) -> None:
        for number, (each, new_each) in enumerate(zip(old, new, strict=False)):
            self._change((*path, str(number)), each, new_each)

    # Single values

    def _replace(self, path: TomlPath, value: Any) -> None:
        entry = self._layout.value(path)
        if entry is None:
            self._remove(path)
            self._add(path, value)
        else:
            piece = self._layout.with_line_ends(toml_value(value, lines=not entry.inline))
            self._splice(entry.value_start, entry.value_end, piece)

    def _remove(self, path: TomlPath) -> None:
        self._removed.update((entry.start, entry) for entry in self._layout.written_below(path))

    def _add(self, path: TomlPath, value: Any) -> None:
        table, name = path[:-1], path[-1]
        if self._layout.has_header(table):
            if isinstance(value, Mapping):
                self._add_section(path, value, element=False)
            elif is_table_array(value):
                for each in value:
                    self._add_section(path, each, element=True)
            else:
                self._insert_line(self._layout.end_of_pairs(table), toml_pair([name], value))
        elif self._layout.value(table) is not None:
            self._inline_pairs.setdefault(table, []).append(_inline_pair([name], value))
        elif (sibling := self._layout.dotted_sibling(table)) is not None:
            names = path[len(sibling.container) :]
            if sibling.inline:
                pairs = self._inline_pairs.setdefault(sibling.container, [])
                pairs.append(_inline_pair(names, value))
            else:
                at = self._layout.line_end(sibling.value_end)
                self._insert_line((at, self._layout.indent(sibling)), toml_pair(names, value))
        elif isinstance(value, Mapping):
            self._add_section(path, value, element=False)
        else:
            self._new_tables.setdefault(table, {})[name] = value

    # Pieces of text

    def _insert_line(self, place: tuple[int, str], line: str) -> None:
        at, indent = place
        self._insert(at, f"{indent}{line}\n", _PAIR)

    def _add_section(self, path: TomlPath, table: Mapping[str, Any], *, element: bool) -> None:
        lines = toml_section(self._layout.header_names(path), table, element=element)
        at = self._layout.end_of_tables(path)
        self._insert(at, ("\n" if at else "") + "".join(f"{line}\n" for line in lines), _SECTION)

    def _splice(self, start: int, end: int, piece: str, rank: int = 0) -> None:
        self._pieces.append((start, end, rank, piece))

    def _insert(self, at: int, lines: str, rank: int) -> None:
        """Insert whole lines, also behind a last line that has no line end."""
        if at == len(self._text) and at and not self._text.endswith("\n"):
            lines = f"\n{lines[:-1]}"
        self._splice(at, at, self._layout.with_line_ends(lines), rank)

    def _cut_removed(self) -> None:
        for entry in self._removed.values():
            if entry.inline:
                self._splice(*self._inline_extent(entry), "")
            else:
                end = self._layout.line_end(entry.value_end)
                self._splice(self._layout.line_start(entry.start), end, "")

    def _inline_extent(self, entry: Entry) -> tuple[int, int]:
        """The extent of an inline pair with the comma that goes with it."""
        members = self._layout.members(entry.container)
        at = members.index(entry)
        if any(each.start not in self._removed for each in members[:at]):
            return members[at - 1].value_end, entry.value_end
        following = members[at + 1 :]
        return entry.start, following[0].start if following else entry.value_end

    def _join_inline_pairs(self) -> None:
        for path, pairs in self._inline_pairs.items():
            members = self._layout.members(path)
            joined = ", ".join(pairs)
            if members:
                alone = all(each.start in self._removed for each in members)
                at = members[-1].value_end
                self._splice(at, at, joined if alone else f", {joined}")
            else:
                table = self._layout.value(path)
                assert table is not None
                self._splice(table.value_start, table.value_end, f"{{ {joined} }}")


def _inline_pair(names: Sequence[str], value: Any) -> str:
    return f"{toml_key(names)} = {toml_value(value, lines=False)}"


def _kept(old: Sequence[Any], new: Sequence[Any]) -> set[int] | None:
    """The numbers of the old elements that make up the new ones; None unless elements were only
    taken away."""
    kept: set[int] = set()
    rest: Iterator[tuple[int, Any]] = iter(enumerate(old))
    for each in new:
        number = next((number for number, one in rest if same_value(one, each)), None)
        if number is None:
            return None
        kept.add(number)
    return kept
