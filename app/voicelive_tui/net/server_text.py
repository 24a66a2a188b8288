"""Text from the network, as part of a sentence for the user.

Invariant: what is returned is on one line, of limited length, without control codes and secrets.
"""

import json
from collections.abc import Mapping
from typing import Final

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.model.events.error_text import format_error

_MAX_QUOTED_CHARS = 200
_MAX_BODY_BYTES = 65_536
_MESSAGES: Final = ("message", "detail", "description", "reason", "title")
"""The names of a reason outside an error object, in lower case; the first one that is there
counts."""


def clip(text: str) -> str:
    """Return text from the network as it may be shown."""
    return quote_line(text, _MAX_QUOTED_CHARS)


def server_text(body: bytes) -> str:
    """Return the reason in the body of an HTTP answer, without a full stop; empty when the body has
    none.

    The gateways before a service answer in shapes of their own: an error object, a message beside
    the status, a problem document (RFC 9457), or plain text. A web page is no reason.
    """
    text = body[:_MAX_BODY_BYTES].decode("utf-8", "replace").strip()
    try:
        reason = _reason(json.loads(text))
    except (ValueError, RecursionError):
        reason = "" if text[:1] in ("<", "{", "[") or not text.isprintable() else text
    return clip(reason).rstrip(".")


def _reason(document: object) -> str:
    match document:
        case str():
            return document
        case {"error": Mapping() as error}:
            return format_error(error, missing="")
        case {"error": str() as error, "error_description": str() as description}:
            return f"{error}: {description}"
        case {"error": str() as error}:
            return error
        case {"errors": [first, *_]}:
            return _reason(first)
        case Mapping():
            named = {str(name).lower(): value for name, value in document.items()}
            message = next((named[name] for name in _MESSAGES if named.get(name)), "")
            return format_error({"code": named.get("code"), "message": message}, missing="")
        case _:
            return ""


def with_server_text(text: str, said: str) -> str:
    """Return a sentence, here without its full stop, followed by what the server says."""
    return f"{text}. The service says: {said}." if said else f"{text}."
