"""What the service complains about, in one sentence each (protocol.md sections 13.4 and 14)."""

from collections.abc import Mapping
from typing import Any, Literal

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.protocol.commands import Notice

HARMLESS = frozenset({"response_cancel_not_active"})
"""Races that mean no harm: the response was over when our cancel arrived."""

_LONGEST = 300


def sentence(details: object) -> str:
    """The message of an error object with its code and parameter, on one line."""
    if not isinstance(details, Mapping):
        return "no details given"
    message = _word(details, "message") or "no message given"
    named = [word for word in (_word(details, "code"), _word(details, "param")) if word]
    return quote_line(
        f"{message.rstrip('.')} ({', '.join(named)})" if named else message.rstrip("."), _LONGEST
    )


def is_harmless(details: object) -> bool:
    """Whether the error is one of the known races."""
    if not isinstance(details, Mapping):
        return False
    return (
        get_str(details, "code") in HARMLESS
        or "no active response" in get_str(details, "message").lower()
    )


def error_notice(details: object) -> Notice:
    """For an `error` event."""
    level: Literal["info", "error"] = "info" if is_harmless(details) else "error"
    return Notice(level, f"The service reports: {sentence(details)}.")


def refused_update(details: object) -> Notice:
    """For the `error` that answers a `session.update`."""
    what = f"The service refused the session settings: {sentence(details)}."
    return Notice("error", f"{what} The session goes on with those it had; edit the profile.")


def outcome_notice(response: Mapping[str, Any]) -> Notice | None:
    """For a response that ended badly; None for one that did not."""
    details = get_object(response, "status_details")
    match get_str(response, "status"):
        case "failed":
            return Notice(
                "error", f"The answer failed: {sentence(get_object(details, 'error') or details)}."
            )
        case "incomplete":
            reason = quote_line(get_str(details, "reason"), _LONGEST)
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


def _word(details: Mapping[str, Any], key: str) -> str:
    value = details.get(key)
    return str(value) if isinstance(value, str | int | float) and value else ""
