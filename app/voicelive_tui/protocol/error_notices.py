"""Errors and warnings of the service as one sentence each (protocol.md sections 13.4 and 14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from voicelive_common.redaction.quote import quote_line

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.notice import Notice, NoticeLevel

HARMLESS = frozenset({"response_cancel_not_active"})
"""Codes of races that do no harm: the response was over when our cancel arrived."""

_LONGEST = 300
_MOST_NAMES = 3


def sentence(details: object) -> str:
    """An error object on one line of at most 300 characters, without a full stop and without
    secrets."""
    return quote_line(format_error(details).rstrip("."), _LONGEST)


def is_harmless(details: object) -> bool:
    """Whether the error is one of the known races that do no harm."""
    if not isinstance(details, Mapping):
        return False
    return (
        get_str(details, "code") in HARMLESS
        or "no active response" in get_str(details, "message").lower()
    )


def error_notice(details: object) -> Notice:
    """The notice for an `error` event."""
    level: NoticeLevel = "info" if is_harmless(details) else "error"
    return Notice(level, f"The service reports: {sentence(details)}.")


def warning_notice(details: object) -> Notice:
    """The notice for a `warning` event."""
    return Notice("warning", f"The service warns: {sentence(details)}.")


def untranscribed(details: object) -> Notice:
    """The notice for the user's speech that could not be transcribed."""
    return Notice("warning", f"What you said could not be transcribed: {sentence(details)}.")


def refused_update(details: object, keys: Sequence[str]) -> Notice:
    """The notice for the `error` that answers a `session.update`. keys: the dotted keys of the
    profile that are refused."""
    names = [key.removeprefix("session.") for key in keys]
    which = ", ".join(names) if 0 < len(names) <= _MOST_NAMES else "the session settings"
    return Notice(
        "error",
        f"The service refused {quote_line(which, _LONGEST)}: {sentence(details)}. The session goes "
        "on with what it had; edit the profile.",
        "{session.restart} takes a new connection with the profile's settings and keeps the "
        "conversation.",
    )


def refused_session(details: object) -> str:
    """The sentence for an `error` before `session.created`."""
    what = f"The service refused the session: {sentence(details)}"
    return f"{what}; check the model, the api version and the profile's [service] table."


def outcome_notice(response: Mapping[str, Any]) -> Notice | None:
    """The notice for a response that failed or is incomplete; None for any other."""
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


def refused_item(details: object) -> Notice:
    """The notice for the `error` that answers an item of the conversation so far, which a new
    connection was given."""
    return Notice(
        "warning",
        "The service refused a part of the conversation that was carried over, so the agent may "
        f"not know it: {sentence(details)}.",
    )
