"""The problems of a profile in words and looks."""

from collections.abc import Iterable
from typing import Final

from voicelive_tui.model.profile.problem import Problem

SEVERITY_LOOKS: Final = {"error": "bad", "warning": "warn", "info": "dim"}
"""The look of a problem by its severity: an info is quiet."""


def worst_look(problems: Iterable[Problem]) -> str:
    """The look of the most severe one; empty without any."""
    found = {problem.severity for problem in problems}
    return next((look for severity, look in SEVERITY_LOOKS.items() if severity in found), "")


def place_of(problem: Problem) -> str:
    """Where a problem is in its file: `line 12, column 9`; empty when that is not known."""
    if problem.line is None:
        return ""
    return f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")


def problem_words(problem: Problem) -> str:
    """What is wrong and what to do about it, without the place."""
    return f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}"


def problem_text(problem: Problem) -> str:
    """A problem with its line and its cure, without the file's path."""
    where = f"line {problem.line}: " if problem.line else ""
    return f"{where}{problem_words(problem)}"
