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
