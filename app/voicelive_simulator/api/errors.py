"""The refusal of a client event, with the API's error fields, and the sentences for common
mistakes."""

from __future__ import annotations

from typing import Any

INVALID, UNABLE = "invalid_request_error", "server_error"

_LONGEST_SHOWN = 80


class Refused(Exception):
    """A client event that the service answers with an `error` event (protocol.md 14). `error_type`
    is INVALID, or UNABLE for a valid request that this simulator cannot carry out."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "invalid_value",
        param: str | None = None,
        error_type: str = INVALID,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.error_type = error_type


def missing(param: str) -> Refused:
    return Refused(
        f"Missing required parameter: '{param}'.", code="missing_required_parameter", param=param
    )


def quote(value: Any) -> str:
    """Quote a client's value for a message, and shorten it: it may have megabytes."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]!r}..."
    return kind(value) if isinstance(value, list | dict) else repr(value)


def kind(value: Any) -> str:
    """The JSON name of a value's type, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a decimal"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"


def wrong_type(param: str, expected: str, value: Any) -> Refused:
    message = f"Invalid type for '{param}': expected {expected}, but got {kind(value)} instead."
    return Refused(message, code="invalid_type", param=param)
