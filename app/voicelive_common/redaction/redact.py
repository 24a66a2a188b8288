"""Removes secrets from texts and values before they reach a file, a log, an exception or the
screen.

Two methods are always combined: the secret values that this process holds (`redaction.secret`) are
hidden literally, and text that looks like anybody's secret is hidden by its pattern.
"""

import json
import os.path
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from voicelive_common.redaction.names import (
    OPEN_PARAMETERS,
    SECRET_FIELDS,
    SECRET_TABLES,
    is_secret_name,
    is_url_field,
)
from voicelive_common.redaction.secret import hide_secrets, is_secret_number

HIDDEN: Final = "[hidden]"

_QUERY = re.compile(r"(?i)\b((?:https?|wss?)://[^\s?\"'<>]*+)(\?[^\s\"'<>]*)?")
_USERINFO = re.compile(r"(?i)\b((?:https?|wss?)://)[^\s/@\"'<>]+@")
_PATH_QUERY = re.compile(r"(?i)(/realtime(?:/calls)?)\?[^\s\"'<>]*")
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+|%20|\+)[\w.~+/=%-]{6,}")
_NAMED = re.compile(
    r"(?i)((?:api[-_]?key|\b(?:authorization|agent-access-token|access[-_]token|subscription-key|client[-_]secret|password|sig))\b[\"']?"
    r"\s*[:=]\s*)(b?[\"'])?(?!\[hidden\])(?:(?:bearer|basic)\s+)?[^\s,;&\"'}\])]+"
)
"""No part of a pattern for what services say may run on from every place in the text: a long one
would be searched for hours, and meanwhile no thread of the program would run.
"""
_KEYS = re.compile(
    r"(?P<scheme>\b(?i:bearer|basic)(?:\s+|%20|\+))(?=[\w.~+/=%-]{0,63}\d)[\w.~+/=%-]{16,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|(?<![\w-])sk-(?=[\w-]{0,63}\d)[\w-]{16,}"
    r"|(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16})\b"
    r"|(?<![\w+/])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{84}(?![\w+/=])"
)
"""Matches text that can hardly be anything but a key or a token; it is searched for in
conversations too.

Each alternative begins at the start of a word only, so that a long text is searched once.
"""
_LONG_KEY = re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])(?:[A-Fa-f0-9]{32}|[A-Za-z0-9]{84})\b")

VARIABLE_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""A variable of the environment, as a profile names it in a header or a query."""
_ABSENT: Final = object()
_URL_USER: Final = re.compile(r"(?i)^((?:[a-z][a-z\d+.-]*:)?/{0,2})[^\s/]*@")
_URL_TAIL: Final = re.compile(r"[?#].+", re.DOTALL)


def redact(text: str) -> str:
    """Return the text without keys, bearer tokens, passwords in URLs and query strings; for
    sentences, errors and logs."""
    text = hide_keys(text)
    text = _USERINFO.sub(rf"\1{HIDDEN}@", text)
    text = _QUERY.sub(lambda found: f"{found[1]}?{HIDDEN}" if found[2] else found[0], text)
    text = _PATH_QUERY.sub(rf"\1?{HIDDEN}", text)
    text = hide_named(text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    return _LONG_KEY.sub(HIDDEN, text)


def hide_keys(text: str) -> str:
    """Return the text without the secrets that this process holds and without what can hardly be
    anything but a key; the same object when there are none.

    This is for evidence: what users and services say, on the screen, in the journal and in exports
    alike. A query, a password in words or 32 hexadecimal digits may be the very subject of a
    conversation, so they are kept.
    """
    text = hide_held_secrets(text)
    return (
        _KEYS.sub(lambda found: f"{found['scheme'] or ''}{HIDDEN}", text)
        if _KEYS.search(text)
        else text
    )


def hide_named(text: str) -> str:
    """Return the text without the values that follow a name such as `api-key:` or `password =`."""
    return _NAMED.sub(lambda found: f"{found[1]}{found[2] or ''}{HIDDEN}", text)


def looks_like_key(text: str) -> bool:
    """Whether the text contains something that can hardly be anything but a key or a token."""
    return _KEYS.search(text) is not None


def hide_held_secrets(text: str) -> str:
    """Return the text without the secrets that this process holds; for text that is already
    redacted or must otherwise stay unchanged."""
    return hide_secrets(text, HIDDEN)


def hide_known_in_json(text: str) -> str:
    """Return the JSON text without the secrets that this process holds. It stays valid JSON,
    because they are hidden in its values."""
    if hide_held_secrets(text) is text:
        return text
    try:
        return json.dumps(redact_value(json.loads(text)), separators=(",", ":"))
    except ValueError:
        return hide_held_secrets(text)


def redact_frame(raw: str | bytes) -> str | bytes:
    """Return a frame that is not a JSON object without its secrets; the same object when there are
    none."""
    if isinstance(raw, str):
        return redact(raw)
    text = raw.decode("utf-8", "surrogateescape")
    clean = redact(text)
    return raw if clean == text else clean.encode("utf-8", "surrogateescape")


def secrets_in(document: Any) -> Iterator[str]:
    """Yield the secrets in a profile or an event that have to become `Secret`s: the values that
    give access to its tools and servers.

    These are fields such as `authorization`, every value in a table of headers, and the password
    and query values of every URL.
    """
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from _secrets_of_field(str(name).lower(), value)
    elif isinstance(document, list):
        for value in document:
            yield from secrets_in(value)


def _secrets_of_field(name: str, value: Any) -> Iterator[str]:
    if name in SECRET_FIELDS and isinstance(value, str | int | float):
        yield from _with_scheme(str(value))
    elif name in SECRET_TABLES and isinstance(value, Mapping):
        for each in value.values():
            yield from _with_scheme(str(each))
    elif name == "query" and isinstance(value, Mapping):
        yield from (
            str(each)
            for parameter, each in value.items()
            if str(parameter).lower() not in OPEN_PARAMETERS and not _is_reference(str(each))
        )
    elif isinstance(value, str) and is_url_field(name):
        yield from secrets_in_url(value)
    else:
        yield from secrets_in(value)


def _with_scheme(value: str) -> Iterator[str]:
    """Yield the value, and the token after `Bearer` or `Basic` in it; nothing for a reference
    to the environment."""
    if _is_reference(value):
        return
    yield value
    scheme, _, token = value.partition(" ")
    if scheme.lower() in ("bearer", "basic") and token:
        yield token


def _is_reference(value: str) -> bool:
    """Whether a value only names variables of the environment, as `Bearer ${NAME}` does."""
    rest = VARIABLE_REFERENCE.sub("", value)
    return rest != value and rest.strip().lower() in ("", "bearer", "basic")


def secrets_in_url(url: str) -> Iterator[str]:
    """Yield the password and the query values of an address, except those that name a model, an
    agent or a version."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        if parts.password:
            yield unquote(parts.password)
    except ValueError:
        yield url  # not a valid URL: all of it
        return
    yield from (value for name, value in query if name.lower() not in OPEN_PARAMETERS)


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child process that does not sign in anywhere: without secrets,
    it cannot print any."""
    return {
        name: value
        for name, value in environ.items()
        if not is_secret_name(name) and not _holds_secret(value)
    }


def _holds_secret(value: str) -> bool:
    """Whether a variable's value contains a secret, as an endpoint with a token in its query
    does."""
    if os.path.isabs(value):
        return False  # no program can start without its paths
    return hide_held_secrets(value) != value or ("://" in value and any(secrets_in_url(value)))


def redact_value(value: Any, *, skip_field: str = "") -> Any:
    """Return a copy of an event or a document without the tokens of its tools and servers, without
    the secrets that this process holds, and without anything that `hide_keys` takes for a key.

    skip_field: a field of the event itself that is not searched. Returns the same object when there
    is nothing to hide. Source: protocol.md sections 10 and 11.
    """
    try:
        if skip_field:
            rest = {name: each for name, each in value.items() if name != skip_field}
            clean = _redacted(rest)
            return value if clean is rest else {**clean, skip_field: value[skip_field]}
        return _redacted(value)
    except RecursionError:
        # A value that is nested too deeply to be searched is hidden as a whole.
        flat = value.items() if isinstance(value, Mapping) else ()
        return {
            hide_held_secrets(str(name)): _redacted(each)
            if isinstance(each, str | int | float)
            else HIDDEN
            for name, each in flat
            if name.lower() not in SECRET_FIELDS
        }


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        clean = {_redact_name(name): _redact_field(str(name), each) for name, each in value.items()}
        return value if all(clean.get(name, _ABSENT) is value[name] for name in value) else clean
    if isinstance(value, list):
        items = [_redacted(each) for each in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if isinstance(value, str):
        return hide_keys(value)
    return HIDDEN if isinstance(value, int | float) and is_secret_number(value) else value


def _redact_name(name: Any) -> Any:
    return hide_held_secrets(name) if isinstance(name, str) else name


def _redact_field(name: str, value: Any) -> Any:
    lowered = name.lower()
    if (
        lowered in SECRET_FIELDS
        and isinstance(value, str | int | float)
        and value
        and value != HIDDEN
    ):
        return HIDDEN
    if (
        lowered in SECRET_TABLES
        and isinstance(value, Mapping)
        and any(each != HIDDEN for each in value.values())
    ):
        return dict.fromkeys(map(_redact_name, value), HIDDEN)
    if isinstance(value, str) and is_url_field(lowered):
        return redact_url(value)
    return _redacted(value)


def redact_url(url: str, hidden: str = HIDDEN) -> str:
    """Return an address with `hidden` in place of its user name and password, and of its query and
    fragment.

    Returns the same object when there is nothing to hide. A query is hidden as a whole: showing its
    harmless parts is not worth the risk.
    """
    clean = hide_keys(url)
    tail = _URL_TAIL.search(clean)
    location = _USERINFO.sub(rf"\1{hidden}@", clean[: tail.start()] if tail else clean)
    clean = _URL_USER.sub(rf"\1{hidden}@", location) + (f"?{hidden}" if tail else "")
    return url if clean == url else clean
