"""The rules of `[service.headers]`, and of references to the environment in headers and query."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from voicelive_tui.model.profile.rules.finding import Finding
from voicelive_tui.model.profile.variable_references import has_broken_reference, variables_in

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""A header's name (RFC 9110, section 5.1)."""
_OF_THE_HANDSHAKE: Final = re.compile(
    r"(?i)host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*"
)
_SECRET_HEADER: Final = re.compile(
    r"(?i)authorization|proxy-authorization|cookie|.*(?:key|token|secret|password|credential).*"
)
MOST_HEADERS: Final = 50


def check_headers(service: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that the headers can be sent, hold no secret, and name variables that can exist."""
    headers = service.get("headers", {})
    if len(headers) > MOST_HEADERS:
        yield Finding(
            "service.headers",
            "error",
            f"there are more than {MOST_HEADERS} headers",
            "leave out what the server does not need",
        )
    for name, value in headers.items():
        yield from _check_header(f"service.headers.{name}", name, value)
    for name, value in service.get("query", {}).items():
        if isinstance(value, str) and has_broken_reference(value):
            yield _broken(f"service.query.{name}")


def _check_header(key: str, name: str, value: Any) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        yield Finding(
            key, "error", "that is no name of a header", "use letters, digits and hyphens"
        )
    elif _OF_THE_HANDSHAKE.fullmatch(name):
        yield Finding(
            key, "error", f"the header `{name}` belongs to the websocket itself", "leave it out"
        )
    if not isinstance(value, str):
        yield Finding(key, "error", f"`{key}` must be a string", "put it between quotes")
    elif not value.isascii() or not value.isprintable():
        yield Finding(
            key, "error", f"`{key}` holds a character that no header may have", "write it in ASCII"
        )
    elif has_broken_reference(value):
        yield _broken(key)
    elif _SECRET_HEADER.fullmatch(name) and value and not variables_in([value]):
        yield Finding(
            key,
            "error",
            f"`{name}` looks like a secret, and a profile never holds one",
            'put it into the environment or .env, and write its name, as in "${MY_TOKEN}"',
        )


def _broken(key: str) -> Finding:
    return Finding(
        key,
        "error",
        f"`{key}` has a `${{` that names no variable",
        'write "${NAME}", with letters, digits and underscores',
    )
