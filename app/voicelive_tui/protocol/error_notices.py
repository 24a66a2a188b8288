"""Notices about the errors and warnings of the service (protocol.md sections 13.4 and 14)."""

from collections.abc import Mapping
from typing import Any, Literal

from voicelive_common.printable import single_line

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.protocol.commands import Notice

HARMLESS = frozenset({"response_cancel_not_active"})
"""Error codes of a harmless race: the response was over before our cancel arrived."""

_LONGEST = 300


def sentence(details: object) -> str:
    """An error object on one line of at most 300 characters, without a full stop."""
    return single_line(format_error(details).rstrip("."), _LONGEST)


def is_harmless(details: object) -> bool:
    """Whether the error reports a harmless race."""
    if not isinstance(details, Mapping):
        return False
    return (
        get_str(details, "code") in HARMLESS
        or "no active response" in get_str(details, "message").lower()
    )


def error_notice(details: object) -> Notice:
    """The notice of an `error` event."""
    level: Literal["info", "error"] = "info" if is_harmless(details) else "error"
    return Notice(level, f"The service reports: {sentence(details)}.")


def refused_update(details: object) -> Notice:
    """The notice of the `error` that answers a `session.update`."""
    what = f"The service refused the session settings: {sentence(details)}."
    return Notice("error", f"{what} The session goes on with those it had; edit the profile.")


def outcome_notice(response: Mapping[str, Any]) -> Notice | None:
    """The notice of a response that failed or is incomplete; None for any other."""
    details = get_object(response, "status_details")
    match get_str(response, "status"):
        case "failed":
            return Notice(
                "error", f"The answer failed: {sentence(get_object(details, 'error') or details)}."
            )
        case "incomplete":
            reason = get_str(details, "reason")
            cure = (
                "; raise max_response_output_tokens for longer answers"
                if reason == "max_output_tokens"
                else ""
            )
            return Notice(
                "warning",
                f"The answer was cut short by the service ({reason or 'no reason given'}){cure}.",
            )
        case _:
            return None
