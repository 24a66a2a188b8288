"""What of an event may be kept and shown: audio as its byte count, no secrets, nothing endless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

REDACTED = "(redacted)"
LONGEST_TEXT = 16 * 1024  # characters of one string
DEEPEST = 40  # levels; an event may be nested as deep as the decoder's stack
MOST_VALUES = 10_000  # of one event
# As they are named in session.update (protocol.md 10: MCP tools; 11: avatar), the SDP with its password, and what else is never
# shown.
_SECRETS = frozenset(
    ("authorization", "api_key", "api-key", "apikey", "key", "token", "access_token", "password", "secret", "client_secret",
     "credential", "credentials", "username", "cookie", "client_sdp", "server_sdp")
)  # fmt: skip
_ADDRESSES = ("url", "urls", "uri")


def redacted(event: object) -> object:
    """A copy of a client's or server's event without payloads and secrets. Audio becomes {"bytes": N}, of its decoded bytes."""
    if isinstance(event, Mapping) and str(event.get("type")).endswith(".audio.delta") and isinstance(event.get("delta"), str):
        event = {**event, "delta": _audio(event["delta"])}
    return _Copy().value(event, 0)


class _Copy:
    """One copy; it counts what it has copied."""

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
            return [self.value(one, depth + 1) for one in value]
        return {_text(name): self._member(name, one, depth + 1) for name, one in value.items()}

    def _member(self, name: str, value: Any, depth: int) -> object:
        lower = name.lower()
        if value is None or isinstance(value, bool):
            return value
        if lower in _SECRETS:
            return REDACTED
        if lower == "headers":
            return {_text(header): REDACTED for header in list(value)[:100]} if isinstance(value, Mapping) else REDACTED
        if lower == "audio" and isinstance(value, str):
            return _audio(value)
        if lower.endswith(_ADDRESSES):
            if isinstance(value, str):
                return _text(_address(value))
            if isinstance(value, list):
                return [_text(_address(one)) if isinstance(one, str) else REDACTED for one in value[:100]]
        return self.value(value, depth)


def _audio(encoded: str) -> dict[str, int]:
    return {"bytes": len(encoded) * 3 // 4 - encoded[-2:].count("=")}


def _text(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"({len(text)} characters)"


def _address(text: str) -> str:
    """Without user name, password, query and fragment, in which secrets travel."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return REDACTED
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return f"{bare}?{REDACTED}" if parts.query or parts.fragment else bare
