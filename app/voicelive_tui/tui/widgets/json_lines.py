"""Formats an event as indented JSON in spans. Audio references become words, and very long strings
are cut with a note."""

from collections.abc import Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from voicelive_common.printable import printable

from voicelive_tui.tui.formatting import amount
from voicelive_tui.tui.widgets.spans import Span

LONGEST_STRING = 4_000
MOST_LINES = 5_000
MOST_CHARACTERS = 60_000
"""Characters of all lines without their indents: wrapping takes several microseconds for each."""


def json_lines(event: Mapping[str, Any], export_key: str) -> list[list[Span]]:
    """The event's lines, not wrapped, up to `MOST_LINES` lines or `MOST_CHARACTERS` characters: an
    event may have 16 MiB. export_key: the key that exports the whole event, as shown."""
    lines: list[list[Span]] = []
    characters = 0
    for line in _value(event, 0, [], ""):
        if len(lines) == MOST_LINES or characters >= MOST_CHARACTERS:
            lines.append([(f"... cut here; {export_key} writes the whole event to a file", "note")])
            break
        lines.append(line)
        characters += sum(len(text) for text, _ in line[1:]) + len(line[0][0].strip())
    return lines


def _value(value: Any, depth: int, head: list[Span], comma: str) -> Iterator[list[Span]]:
    """The lines of a value. head: the indent and key before the value on its first line."""
    match value:
        case {"$wav": file, "bytes": size} if (
            not isinstance(file, str) or len(file) <= LONGEST_STRING
        ):
            yield [
                *head,
                (_reference(file, value.get("offset"), size), "reference"),
                (comma, "punct"),
            ]
        case Mapping() if value:
            yield from _members(value.items(), "{}", depth, head, comma)
        case list() | tuple() if value:
            yield from _members([(None, member) for member in value], "[]", depth, head, comma)
        case _:
            yield [*head, *_scalar(value), (comma, "punct")]


def _members(
    members: Any, brackets: str, depth: int, head: list[Span], comma: str
) -> Iterator[list[Span]]:
    yield [*head, (brackets[0], "punct")]
    indent = "  " * (depth + 1)
    items: Sequence[tuple[str | None, Any]] = list(members)
    for index, (key, member) in enumerate(items):
        start: list[Span] = [(indent, "")]
        if key is not None:
            start += [*_string(key, "key"), (": ", "punct")]
        yield from _value(member, depth + 1, start, "," if index < len(items) - 1 else "")
    yield [("  " * depth + brackets[1] + comma, "punct")]


def _scalar(value: Any) -> list[Span]:
    match value:
        case str():
            return _string(value, "string")
        case bool() | None:
            return [(dumps(value), "literal")]
        case int() | float():
            return [(dumps(value), "number")]
        case _:
            return [(dumps(value, default=str), "literal")]


def _string(text: str, look: str) -> list[Span]:
    shown: list[Span] = [(printable(dumps(text[:LONGEST_STRING], ensure_ascii=False)), look)]
    left_out = len(text) - LONGEST_STRING
    return [*shown, (f" {amount(left_out)} more characters", "note")] if left_out > 0 else shown


def _reference(file: object, offset: object, size: object) -> str:
    """Words for an audio reference: audio is kept beside the event, not in it."""
    size_text = f"{amount(size)} bytes of sound" if isinstance(size, int) else "sound"
    if not isinstance(file, str):
        return f"({size_text}, not recorded)"
    position = f" at byte {amount(offset)}" if isinstance(offset, int) else ""
    return f"({size_text} in {printable(file)}{position})"
