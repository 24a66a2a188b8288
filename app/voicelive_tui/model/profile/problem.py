"""What is wrong in a file, where, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. An error keeps the profile from working; a warning names what the service may
    refuse or this version not know.

    line and column count from 1 and are None where they are unknown; key is dotted, such as
    `session.voice.name`, or empty.
    """

    path: str
    line: int | None
    column: int | None
    key: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:col: error: message (hint)`, as compilers and editors write it."""
        place = ":".join(
            str(part) for part in (self.path, self.line, self.column) if part is not None
        )
        return f"{place}: {self.severity}: {self.message}" + (
            f" ({self.hint})" if self.hint else ""
        )
