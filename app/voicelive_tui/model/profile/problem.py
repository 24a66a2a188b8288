"""A problem in a file: what is wrong, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. An error marks what cannot work: this program cannot use the profile, or the
    service refuses the whole session. A warning marks what has no effect or is seldom meant, and an
    info what is new to this version.

    by_service: the service decides, so that the profile can be opened, corrected and tried all the
    same; only for errors. line and column count from 1 and are None when unknown. key is dotted,
    such as `session.voice.name`, and may be empty.
    """

    path: str
    line: int | None
    column: int | None
    key: str
    severity: Severity
    message: str
    hint: str = ""
    by_service: bool = False

    @property
    def unusable(self) -> bool:
        """Whether this program cannot use the profile at all."""
        return self.severity == "error" and not self.by_service

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
    """Why a profile cannot be used. problem: the first one for which it cannot. line: the text of
    the line with it, without secrets; empty when the line is unknown. column: of the error in that
    text, from 1; None when unknown."""

    problem: Problem
    line: str = ""
    column: int | None = None


def first_unusable(problems: Iterable[Problem]) -> Problem | None:
    """Return the first problem for which a profile cannot be used; None when it can."""
    return next((problem for problem in problems if problem.unusable), None)


def counted(problems: Iterable[Problem]) -> str:
    """Return the number of errors and warnings in words, such as "1 error and 2 warnings"; empty
    without any. An info is no reason to count."""
    severities = [problem.severity for problem in problems]
    numbers = [(severities.count(name), name) for name in ("error", "warning")]
    return " and ".join(
        f"{number} {name}{'' if number == 1 else 's'}" for number, name in numbers if number
    )
