"""The settings in which two documents differ, by dotted key."""

from collections.abc import Iterator, Mapping
from typing import Any


def differing_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the dotted keys of the values in which `after` differs from `before`.

    Tables are compared value by value, also a table with one that is missing, and arrays of tables
    with the same length element by element, as in `session.tools.0.name`. Whatever else differs is
    one key, such as a table in whose names there are dots.
    """
    return tuple(
        key
        for name in dict.fromkeys((*before, *after))
        for key in _in_tables(before, after, name, name)
    )


def _differing(before: Any, after: Any, key: str) -> Iterator[str]:
    if before == after:
        return
    match before, after:
        case Mapping(), Mapping() if _nameable(before) and _nameable(after):
            for name in dict.fromkeys((*before, *after)):
                yield from _in_tables(before, after, name, f"{key}.{name}")
        case list(), list() if len(before) == len(after) and _tables(before) and _tables(after):
            for at, (one, other) in enumerate(zip(before, after, strict=True)):
                yield from _differing(one, other, f"{key}.{at}")
        case _:
            yield key


def _in_tables(
    before: Mapping[str, Any], after: Mapping[str, Any], name: str, key: str
) -> Iterator[str]:
    if name not in before:
        value = after[name]
        if isinstance(value, Mapping) and value:
            yield from _differing({}, value, key)
        else:
            yield key
    elif name not in after:
        yield key
    else:
        yield from _differing(before[name], after[name], key)


def _nameable(table: Mapping[str, Any]) -> bool:
    """Whether every name of the table can be a part of a dotted key."""
    return not any("." in name for name in table)


def _tables(array: list[Any]) -> bool:
    return all(isinstance(each, Mapping) for each in array)
