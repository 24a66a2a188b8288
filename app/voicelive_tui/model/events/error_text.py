"""What an error, a warning or a failed status says, as one phrase."""

from collections.abc import Mapping
from typing import Any

from voicelive_tui.model.events.fields import get_str


def format_error(details: Mapping[str, Any]) -> str:
    """`code: message [param]`, with what there is of it (protocol.md 13.4)."""
    head = get_str(details, "code") or get_str(details, "type")
    message, param = get_str(details, "message"), get_str(details, "param")
    phrase = f"{head}: {message}" if head and message else head or message
    return (phrase + (f" [{param}]" if param else "")) or "no reason given"
