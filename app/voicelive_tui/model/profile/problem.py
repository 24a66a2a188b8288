"""A problem in a file: what is wrong, where, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. An error makes the profile unusable; a warning marks what the service may refuse
    or this version does not know.

    line and column count from 1 and are None when unknown. key is dotted, such as
    `session.voice.name`, and may be empty.
    """

    path: str
    line: int | None
    column: int | None
    key: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return `file:line:col: error: message (hint)`, the form of compilers and editors."""
        position = ":".join(
            str(part) for part in (self.path, self.line, self.column) if part is not None
        )
        return f"{position}: {self.severity}: {self.message}" + (
            f" ({self.hint})" if self.hint else ""
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a profile cannot be used. problem: its first error. line: the text of the line with it,
    without secrets; empty when the line is unknown. column: of the error in that text, from 1; None
    when unknown."""

    problem: Problem
    line: str = ""
    column: int | None = None
