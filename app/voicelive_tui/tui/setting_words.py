"""Values of settings as they are shown, in one line and without secrets."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from voicelive_common.printable import printable
from voicelive_common.redaction.names import SECRET_TABLES, may_hold_secret
from voicelive_common.redaction.redact import HIDDEN, redact

from voicelive_tui.model.profile.fields.availability import pattern_of, switch_of
from voicelive_tui.model.profile.fields.field_table import FIELDS_BY_KEY
from voicelive_tui.model.profile.settings import REMOVED
from voicelive_tui.tui.formatting import plural

OFF: Final = "none"
"""What a profile has in place of null."""
_LONGEST_SHOWN: Final = 400
"""The characters of a text that are shown at most, before it is cut to its cell."""
_MOST_SHOWN: Final = 40
_MOST_LEVELS: Final = 4
"""The entries of a list or table that are shown at most, and how deep it is looked into."""


def is_secret(key: str) -> bool:
    """Whether the value of a field with this dotted key is never shown."""
    return any(may_hold_secret(part) or part.lower() in SECRET_TABLES for part in key.split("."))


def may_be_off(key: str) -> bool:
    """Whether "none" stands for null at this dotted key. Of some fields it is a value with a
    meaning of its own, such as the one of the tool choice that calls no tool."""
    pattern = pattern_of(key)
    fields = FIELDS_BY_KEY.get(pattern, ())
    return not fields or bool(switch_of(pattern)) or any(each.nullable for each in fields)


def shown_value(value: Any, key: str = "", levels: int = _MOST_LEVELS) -> str:
    """A value of a profile or of the service on one line: a switch is on or off, a table a list of
    its names. Secrets are hidden. Empty for a value that is not set or not known.

    key: the dotted key, empty if it is not known. levels: how deep tables and lists are looked
    into.
    """
    if value is REMOVED:
        return ""
    if is_secret(key):
        return HIDDEN
    match value:
        case None:
            return "off"
        case str() if value == OFF and may_be_off(key):
            return "off"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.6g}"
        case int():
            return str(value)
        case str():
            return _shown_text(value)
        case Mapping() | Sequence() if value and not levels:
            return "…"
        case Mapping():
            return _joined(
                f"{_shown_text(str(name))}={shown_value(each, str(name), levels - 1)}"
                for name, each in value.items()
            )
        case Sequence():
            return _shown_list(value, levels)
        case _:
            return printable(str(value))


def _shown_text(text: str) -> str:
    return redact(printable(" ".join(text[:_LONGEST_SHOWN].split())))


def _shown_list(values: Sequence[Any], levels: int) -> str:
    names = [
        value.get("name") or value.get("server_label") or value.get("agent_name")
        for value in values[:_MOST_SHOWN]
        if isinstance(value, Mapping)
    ]
    if names:
        known = [_shown_text(name) for name in names if isinstance(name, str)]
        return "  ".join(known) if len(known) == len(values) else plural(len(values), "table")
    return _joined(shown_value(value, levels=levels - 1) for value in values)


def _joined(parts: Iterable[str]) -> str:
    several = iter(parts)
    shown = ", ".join(islice(several, _MOST_SHOWN))
    return f"{shown}, …" if next(several, None) is not None else shown
