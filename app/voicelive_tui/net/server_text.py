"""Text from the network, as part of a sentence for the user.

Invariant: what is returned is on one line, of limited length, without control codes and secrets.
"""

import json

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.model.events.error_text import format_error

_MAX_QUOTED_CHARS = 200
_MAX_BODY_BYTES = 65_536


def clip(text: str) -> str:
    """Return text from the network as it may be shown."""
    return quote_line(text, _MAX_QUOTED_CHARS)


def server_text(body: bytes) -> str:
    """Return the reason in the body of an HTTP answer, without a full stop; empty when the body has
    none."""
    try:
        document = json.loads(body[:_MAX_BODY_BYTES].decode("utf-8"))
    except (ValueError, RecursionError):
        return ""
    error = document.get("error") if isinstance(document, dict) else None
    return clip(format_error(error, missing="")).rstrip(".")


def with_server_text(text: str, said: str) -> str:
    """Return a sentence, here without its full stop, followed by what the server says."""
    return f"{text}. The service says: {said}." if said else f"{text}."
