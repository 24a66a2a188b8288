"""Whether the service took over a setting as it was asked for: one rule for rows and details."""

from collections.abc import Mapping
from typing import Final

MISSING: Final = object()
"""Stands for a value that a session object does not have."""


def is_as_asked(asked: object, actual: object) -> bool:
    """Return whether the value in force is the one that was asked for. actual: `MISSING` if the
    service does not name it.

    A voice or a model may be asked for by its name alone. Of tools, only the fields that both have
    are compared, because the service adds some and leaves secrets out. The order of plain values in
    a list says nothing.
    """
    if asked is None or asked == {}:
        return actual in (None, {}, "none") or actual is MISSING
    if isinstance(asked, str) and isinstance(actual, Mapping):
        return asked in (actual.get("name"), actual.get("type"))
    if isinstance(asked, list) and isinstance(actual, list):
        return _is_same_list(asked, actual)
    return asked == actual


def _is_same_list(asked: list[object], actual: list[object]) -> bool:
    if len(asked) != len(actual):
        return False
    if any(isinstance(each, Mapping) for each in asked):
        return all(map(_agree, asked, actual))
    return sorted(map(repr, asked)) == sorted(map(repr, actual))


def _agree(asked: object, actual: object) -> bool:
    """Return whether two entries of a list have the same value in each field that both have."""
    if isinstance(asked, Mapping) and isinstance(actual, Mapping):
        return all(actual[name] == value for name, value in asked.items() if name in actual)
    return asked == actual
