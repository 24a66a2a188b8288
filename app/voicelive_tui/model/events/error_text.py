"""The one formatter of an error object, as errors, warnings and failed responses carry it
(protocol.md 13.4)."""

from collections.abc import Mapping
from typing import Any, Final

from voicelive_common.redaction.redact import redact

_LONGEST: Final = 1_000
"""The characters of an error's text that are told at most. Its event has all of them."""


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
    return _cut(phrase + (f" [{param}]" if param else "")).strip() or missing


def _cut(text: str) -> str:
    """The text, cut if it is long. Secrets are hidden before, because half of one may not be
    recognised any more."""
    return text if len(text) <= _LONGEST else f"{redact(text)[: _LONGEST - 1]}…"


def _word(details: Mapping[str, Any], name: str) -> str:
    value = details.get(name)
    return str(value) if isinstance(value, str | int | float) and value else ""
