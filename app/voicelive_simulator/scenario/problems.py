"""Collects the problems of a scenario's file, each with its line, its key and what would be
right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from voicelive_common.printable import printable
from voicelive_common.toml.positions import Position, key_positions, nearest_position
from voicelive_common.toml.read import TomlProblem

Path = tuple[str | int, ...]
"""The key of a value, after those of its parent tables; the elements of arrays are numbered from
0."""


class ScenarioError(ValueError):
    """A scenario that cannot be read or is wrong. The message has one line for each of
    `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


MOST_PROBLEMS = 100  # of one file: nobody reads more, and finding the line of each takes time


@dataclass(frozen=True, slots=True)
class _Problem:
    line: int
    path: Path
    message: str


class Problems:
    """Collects the problems of one file, so that all are reported at once."""

    def __init__(self, file: str, text: str) -> None:
        """`file` names the file in messages; `text` is its content, which is valid TOML."""
        self._file = file
        self._text = text
        self._problems: list[_Problem] = []

    @property
    def full(self) -> bool:
        return len(self._problems) >= MOST_PROBLEMS

    def add(self, path: Path, message: str) -> None:
        """Add a problem. `message` is a clause without full stop: what is wrong and what to do.
        After `MOST_PROBLEMS` nothing is added."""
        if not self.full:
            self._problems.append(_Problem(self._line(path), path, message))

    @cached_property
    def _positions(self) -> Mapping[str, Position]:
        return key_positions(self._text)

    def _line(self, path: Path) -> int:
        """The line of a key, or of the nearest table above it that is in the text; 1 when none
        is."""
        position = nearest_position(".".join(map(str, path)), self._positions)
        return position[0] if position else 1

    def raise_if_any(self) -> None:
        """Raise ScenarioError with all problems in the order of the file, if there are any."""
        if self._problems:
            ordered = sorted(self._problems, key=lambda problem: problem.line)
            lines = (
                f"{self._file}, line {p.line}: {_location(p.path)}{_sentence(p.message)}"
                for p in ordered
            )
            raise ScenarioError([printable(problem) for problem in lines])


def not_a_document(file: str, problem: TomlProblem) -> ScenarioError:
    """The error for a text that cannot be read as TOML."""
    at = f", line {problem.at[0]}, column {problem.at[1]}" if problem.at else ""
    return ScenarioError([printable(f"{file}{at}: {problem.message}; {problem.hint}.")])


def _sentence(message: str) -> str:
    return message if message.endswith(("?", ".")) else f"{message}."


def _location(path: Path) -> str:
    """Write `("turn", 1, "says")` with numbers from 1: "turn 2, says: "."""
    named = ""
    for part in path:
        named += f" {part + 1}" if isinstance(part, int) else f", {part}" if named else part
    return f"{named}: " if named else ""
