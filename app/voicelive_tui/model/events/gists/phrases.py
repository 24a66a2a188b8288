"""Amounts, texts and calls in the form in which gists have them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_common.json_text import JsonError, read_json

Event = Mapping[str, Any]

MOST_CHARS: Final = 160
"""The characters of a text that a gist holds."""
_MOST_ARGUMENT_CHARS: Final = 20_000
_MOST_LEVELS: Final = 6
_MOST_NUMBER: Final = 2**53


def group_digits(number: int) -> str:
    """The number in groups of three digits: `41 200`."""
    return f"{number:,}".replace(",", " ")


def count_of(number: int, noun: str) -> str:
    """The number with its noun: `1 shape`, `44 shapes`."""
    return f"{group_digits(number)} {noun}{'' if number == 1 else 's'}"


def seconds(length_ms: float, decimals: int = 1) -> str:
    """A length as seconds, cut after the decimals: `6.2 s`; empty for what is no length."""
    if not 0 <= length_ms < _MOST_NUMBER:
        return ""
    whole, fraction = divmod(int(length_ms * 10**decimals / 1000), 10**decimals)
    return f"{group_digits(whole)}.{fraction:0{decimals}d} s"


def milliseconds(length_ms: float) -> str:
    """A length as whole milliseconds, cut: `2 100 ms`; empty for what is no length."""
    return f"{group_digits(int(length_ms))} ms" if 0 <= length_ms < _MOST_NUMBER else ""


def short_length(length_ms: float) -> str:
    """Milliseconds below one second, seconds from there on."""
    return milliseconds(length_ms) if length_ms < 1000 else seconds(length_ms)


def moment(t_s: float, decimals: int = 2) -> str:
    """A time of the session's clock, cut: `0:56.20`."""
    units = int(max(0.0, t_s) * 10**decimals + 1e-6) if t_s < _MOST_NUMBER else 0
    whole, fraction = divmod(units, 10**decimals)
    return f"{whole // 60}:{whole % 60:02d}.{fraction:0{decimals}d}"


def clock_length(length_s: float) -> str:
    """A length as a clock shows it, cut: `1:02`, from an hour on `1:02:03`."""
    minutes, rest = divmod(int(length_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(length_bytes: int) -> str:
    """An amount of data, cut: `982 bytes`, `1.2 kB`, `310 kB`, `4.0 MB`."""
    if length_bytes < 1000:
        return f"{length_bytes} bytes"
    unit_bytes, unit = (1000, "kB") if length_bytes < 1_000_000 else (1_000_000, "MB")
    tenths = length_bytes * 10 // unit_bytes
    return f"{tenths // 10}.{tenths % 10} {unit}" if tenths < 100 else f"{tenths // 10} {unit}"


def base64_size(text: str) -> str:
    """The size of what this base64 decodes to."""
    return size(len(text) * 3 // 4)


def excerpt(text: object, most_chars: int = MOST_CHARS) -> str:
    """The beginning of a text on one line; empty for anything that is no text."""
    if not isinstance(text, str):
        return ""
    beginning = text[: most_chars * 2]
    line = " ".join(beginning.split())
    if len(line) > most_chars:
        return line[:most_chars] + "…"
    return line + "…" if len(text) > len(beginning) else line


def quote(text: object, most_chars: int = MOST_CHARS) -> str:
    """The beginning of a text in quotes; empty for anything that is no text."""
    line = excerpt(text, most_chars)
    return f'"{line}"' if line else ""


def join(*parts: str, between: str = ", ") -> str:
    """The parts that are not empty, side by side."""
    return between.join(part for part in parts if part)


def brief_json(value: object, most_chars: int = MOST_CHARS) -> str:
    """The beginning of a value as JSON. Only as much of the value is read as the text needs."""
    written, length = [], 0
    for token in _tokens(value, 0):
        written.append(token)
        length += len(token)
        if length > most_chars:
            return "".join(written)[:most_chars] + "…"
    return "".join(written)


def _tokens(value: object, level: int) -> Iterator[str]:
    if isinstance(value, Mapping | list) and level >= _MOST_LEVELS:
        yield "…"
    elif isinstance(value, Mapping):
        yield "{"
        for at, (name, each) in enumerate(value.items()):
            yield f"{', ' if at else ''}{_scalar(name)}: "
            yield from _tokens(each, level + 1)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for at, each in enumerate(value):
            yield ", " if at else ""
            yield from _tokens(each, level + 1)
        yield "]"
    else:
        yield _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value[: MOST_CHARS + 1], ensure_ascii=False)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return str(value)[: MOST_CHARS + 1] if isinstance(value, int | float) else "?"


def call(name: str, arguments: object) -> str:
    """A call with its arguments by name: `set_dropoff(place="neighbour")`; with ✗ behind it when
    the arguments are not the JSON of an object."""
    if not isinstance(arguments, str) or not arguments.strip():
        return f"{name}()"
    if len(arguments) > _MOST_ARGUMENT_CHARS:
        return f"{name}({excerpt(arguments)})"
    try:
        named = read_json(arguments)
    except JsonError:
        named = None
    if not isinstance(named, dict):
        return f"{name}({excerpt(arguments, 60)}) ✗ is no JSON object"
    return f"{name}({_by_name(named)})"


def _by_name(arguments: Mapping[str, Any]) -> str:
    written = ""
    for name, value in arguments.items():
        written += f"{', ' if written else ''}{name[:MOST_CHARS]}={brief_json(value)}"
        if len(written) > MOST_CHARS:
            return written[:MOST_CHARS] + "…"
    return written
