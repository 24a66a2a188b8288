"""Secrets out of texts and values, before they reach a file, a log, an exception or the screen."""

import re
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "[hidden]"

_QUERY = re.compile(r"(?i)\b((?:https?|wss?)://[^\s?#\"'<>]*)\?[^\s\"'<>]*")
_USERINFO = re.compile(r"(?i)\b((?:https?|wss?)://)[^\s/@\"'<>]+@")
_PATH_QUERY = re.compile(r"(?i)(/realtime(?:/calls)?)\?[^\s\"'<>]*")
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20|\+)[\w.~+/=%-]{6,}")
_NAMED = re.compile(
    r"(?i)([\"']?\b(?:[\w-]*api[-_]?key|authorization|agent-access-token|access[-_]token|subscription-key|client[-_]secret|password|sig)\b[\"']?"
    r"\s*[:=]\s*)(b?[\"'])?(?!\[hidden\])(?:(?:bearer|basic)\s+)?[^\s,;&\"'}\])]+"
)
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?")
_LONG_KEY = re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])(?:[A-Fa-f0-9]{32}|[A-Za-z0-9]{84})\b")

_SECRET_FIELDS: Final = frozenset(
    {"authorization", "api_key", "api-key", "apikey", "credential", "agent_access_token", "agent-access-token", "client_secret"}
)
_SECRET_TABLES: Final = frozenset({"headers"})
_SECRET_VARIABLES: Final = ("_KEY", "_SECRET", "_TOKEN", "_PASSWORD")


def redact(text: str) -> str:
    """The same text without keys, bearer tokens, passwords in URLs and query strings."""
    text = _USERINFO.sub(rf"\1{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _PATH_QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _NAMED.sub(lambda found: f"{found[1]}{found[2] or ''}{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _JWT.sub(HIDDEN, text)
    return _LONG_KEY.sub(HIDDEN, text)


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process that signs in nowhere: what it does not have it cannot print."""
    return {name: value for name, value in environ.items() if not name.upper().endswith(_SECRET_VARIABLES)}


def may_hold_secrets(text: str) -> bool:
    """A quick look: could `redact_value` find something in the event of this text?"""
    lowered = text.lower()
    return any(f'"{name}"' in lowered for name in (*_SECRET_FIELDS, *_SECRET_TABLES))


def redact_value(value: Any) -> Any:
    """A copy of an event or a document without the tokens with which its tools and servers are reached.

    The same object when there was nothing to hide. Source: protocol.md sections 10 and 11.
    """
    try:
        return _redacted(value)
    except RecursionError:
        # What is nested too deeply to be searched is hidden whole.
        flat = value.items() if isinstance(value, Mapping) else ()
        return {
            name: each if isinstance(each, str | int | float) else HIDDEN
            for name, each in flat
            if name.lower() not in _SECRET_FIELDS
        }


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        clean = {name: _redact_field(str(name), each) for name, each in value.items()}
        return value if all(clean[name] is value[name] for name in value) else clean
    if isinstance(value, list):
        items = [_redacted(each) for each in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value


def _redact_field(name: str, value: Any) -> Any:
    lowered = name.lower()
    if lowered in _SECRET_FIELDS and isinstance(value, str) and value and value != HIDDEN:
        return HIDDEN
    if lowered in _SECRET_TABLES and isinstance(value, Mapping) and any(each != HIDDEN for each in value.values()):
        return dict.fromkeys(value, HIDDEN)
    return _redacted(value)
