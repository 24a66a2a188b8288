"""Reduces an event to what may be kept and shown: audio as its byte count, no secrets, bounded in
size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicelive_common.redaction.names import SECRET_TABLES, is_url_field, may_hold_secret
from voicelive_common.redaction.redact import redact_url

REDACTED = "(redacted)"
LONGEST_TEXT = 16 * 1024  # characters of one string
DEEPEST = 40  # levels; an event may be nested as deeply as the decoder allows
MOST_VALUES = 10_000  # of one event


def redacted(event: object) -> object:
    """Return a copy of a client's or server's event without payloads and secrets. Audio becomes
    {"bytes": N}, the number of its decoded bytes."""
    if (
        isinstance(event, Mapping)
        and str(event.get("type")).endswith(".audio.delta")
        and isinstance(event.get("delta"), str)
    ):
        event = {**event, "delta": _audio(event["delta"])}
    return _Copy().value(event, 0)


class _Copy:
    """Makes one copy, and counts the values copied."""

    def __init__(self) -> None:
        self._values = 0

    def value(self, value: Any, depth: int) -> object:
        self._values += 1
        if isinstance(value, str):
            return _text(value)
        if not isinstance(value, Mapping | list):
            return value
        if depth >= DEEPEST or self._values + len(value) > MOST_VALUES:
            return f"({len(value)} values)"
        if isinstance(value, list):
            return [self.value(each, depth + 1) for each in value]
        return {_text(name): self._member(name, each, depth + 1) for name, each in value.items()}

    def _member(self, name: str, value: Any, depth: int) -> object:
        if value is None or isinstance(value, bool):
            return value
        if may_hold_secret(name):
            return REDACTED
        if name.lower() in SECRET_TABLES:
            return (
                {_text(header): REDACTED for header in list(value)[:100]}
                if isinstance(value, Mapping)
                else REDACTED
            )
        if name.lower() == "audio" and isinstance(value, str):
            return _audio(value)
        if is_url_field(name):
            if isinstance(value, str):
                return _text(redact_url(value, REDACTED))
            if isinstance(value, list):
                return [
                    _text(redact_url(each, REDACTED)) if isinstance(each, str) else REDACTED
                    for each in value[:100]
                ]
        return self.value(value, depth)


def _audio(encoded: str) -> dict[str, int]:
    return {"bytes": len(encoded) * 3 // 4 - encoded[-2:].count("=")}


def _text(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"({len(text)} characters)"
