"""Writes keys, values and tables as TOML, as a person would in a profile."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNSAFE = re.compile(r'[\\"\x00-\x1f\x7f]')
_UNSAFE_IN_LINES = re.compile(r'\\|"(?="")|"\Z|[\x00-\x08\x0b-\x1f\x7f]')


def toml_key(names: Sequence[str]) -> str:
    """Return the dotted key of these names, quoted where needed."""
    return ".".join(name if _BARE.fullmatch(name) else _one_line(name) for name in names)


def toml_pair(names: Sequence[str], value: Any) -> str:
    """Return `key = value`, without a line end."""
    return f"{toml_key(names)} = {toml_value(value)}"


def toml_value(value: Any, *, lines: bool = True) -> str:
    """Return a value as it stands behind `=`; a table stands between braces.

    lines: whether a text with several lines may take several lines. Raises TypeError for what TOML
    does not have, such as None.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _many_lines(value) if lines and "\n" in value else _one_line(value)
        case int() | float():
            return repr(value)
        case Mapping():
            inner = ", ".join(
                f"{toml_key([name])} = {toml_value(child, lines=False)}"
                for name, child in value.items()
            )
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(toml_value(each, lines=False) for each in value)}]"
        case _ if hasattr(value, "isoformat"):
            return str(value.isoformat())
        case _:
            raise TypeError(f"TOML has no value for a {type(value).__name__}")


def toml_section(names: Sequence[str], table: Mapping[str, Any], *, element: bool) -> Iterator[str]:
    """Yield the lines of a table with its header, its values first and the tables in it last.

    element: whether it is one more element of an array of tables.
    """
    yield f"[[{toml_key(names)}]]" if element else f"[{toml_key(names)}]"
    for name, value in table.items():
        if not (isinstance(value, Mapping) or is_table_array(value)):
            yield from toml_pair([name], value).split("\n")
    for name, value in table.items():
        within = [*names, name]
        if isinstance(value, Mapping):
            yield from ("", *toml_section(within, value, element=False))
        elif is_table_array(value):
            for each in value:
                yield from ("", *toml_section(within, each, element=True))


def is_table_array(value: Any) -> bool:
    """Return whether a value is an array of tables, which may have headers of their own."""
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(each, Mapping) for each in value)
    )


def _one_line(text: str) -> str:
    return f'"{_UNSAFE.sub(_escape, text)}"'


def _many_lines(text: str) -> str:
    return f'"""\n{_UNSAFE_IN_LINES.sub(_escape, text)}"""'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04x}"
