"""The problems of a profile in words and looks."""

from typing import Final

from voicelive_tui.model.profile.problem import Problem

SEVERITY_LOOKS: Final = {"error": "bad", "warning": "warn", "info": "dim"}
"""The look of a problem by its severity: an info is quiet."""


def problem_text(problem: Problem) -> str:
    """A problem with its line and its cure, without the file's path."""
    where = f"line {problem.line}: " if problem.line else ""
    return f"{where}{problem.message}{f' ({problem.hint})' if problem.hint else ''}"
