"""Values of settings as they are shown, in one line and without secrets."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from voicelive_common.printable import printable
from voicelive_common.redaction.names import SECRET_TABLES, may_hold_secret
from voicelive_common.redaction.redact import HIDDEN, redact

from voicelive_tui.model.profile.settings import REMOVED
from voicelive_tui.tui.formatting import plural

_LONGEST_SHOWN: Final = 400
"""The characters of a text that are shown at most, before it is cut to its cell."""


def is_secret(key: str) -> bool:
    """Whether the value of a field with this dotted key is never shown."""
    return any(may_hold_secret(part) or part.lower() in SECRET_TABLES for part in key.split("."))


def shown_value(value: Any, key: str = "") -> str:
    """A value of a profile or of the service on one line: a switch is on or off, a table a list of
    its names. Secrets are hidden. Empty for a value that is not set or not known."""
    if value is REMOVED:
        return ""
    if is_secret(key):
        return HIDDEN
    match value:
        case None | "none":
            return "off"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.6g}"
        case int():
            return str(value)
        case str():
            return redact(printable(" ".join(value[:_LONGEST_SHOWN].split())))
        case Mapping():
            return ", ".join(
                f"{printable(str(name))}={shown_value(each, str(name))}"
                for name, each in value.items()
            )
        case Sequence():
            return _shown_list(value)
        case _:
            return printable(str(value))


def _shown_list(values: Sequence[Any]) -> str:
    names = [
        value.get("name") or value.get("server_label") or value.get("agent_name")
        for value in values
        if isinstance(value, Mapping)
    ]
    if names:
        known = [printable(name) for name in names if isinstance(name, str)]
        return "  ".join(known) if len(known) == len(values) else plural(len(values), "table")
    return ", ".join(shown_value(value) for value in values)
