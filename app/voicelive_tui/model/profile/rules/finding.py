"""A problem of a profile before its position in the file is known."""

from dataclasses import dataclass

from voicelive_tui.model.profile.problem import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before its position in the file is known."""

    key: str
    severity: Severity
    message: str
    hint: str = ""
    by_service: bool = False


def refused(key: str, message: str, hint: str) -> Finding:
    """Return an error: the service refuses the whole session because of it."""
    return Finding(key, "error", message, hint, by_service=True)


def ignored(key: str, message: str, hint: str) -> Finding:
    """Return a warning: the value has no effect, or is seldom meant."""
    return Finding(key, "warning", message, hint)
