"""The one formatter of an error object, as errors, warnings and failed responses carry it
(protocol.md 13.4)."""

from collections.abc import Mapping
from typing import Any


def format_error(details: object, *, missing: str = "no reason given") -> str:
    """`code: message [param]`, without the parts that are not there; `missing` if none is.

    details: the error object as it came from the wire, of any type. Without a code its type stands
    in the code's place.
    """
    if not isinstance(details, Mapping):
        return missing
    head = _word(details, "code") or _word(details, "type")
    message, param = _word(details, "message"), _word(details, "param")
    phrase = f"{head}: {message}" if head and message else head or message
    return (phrase + (f" [{param}]" if param else "")).strip() or missing


def _word(details: Mapping[str, Any], name: str) -> str:
    value = details.get(name)
    return str(value) if isinstance(value, str | int | float) and value else ""
