"""What is wrong with a scenario's file: every problem with its line, its key and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

from voicelive_simulator.scenario.key_positions import Lines, Path


class ScenarioError(ValueError):
    """A scenario that cannot be had or is wrong. The text has one line for each of `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


MOST_PROBLEMS = 100  # of one file: nobody reads more, and finding the line of each takes its time


@dataclass(frozen=True, slots=True)
class _Problem:
    line: int
    path: Path
    message: str


class Problems:
    """Collects what is wrong with one file, so that all of it is told at once."""

    def __init__(self, file: str, lines: Lines) -> None:
        self._file = file
        self._lines = lines
        self._problems: list[_Problem] = []

    @property
    def full(self) -> bool:
        return len(self._problems) >= MOST_PROBLEMS

    def add(self, path: Path, message: str) -> None:
        """`message` is a clause without full stop: what is wrong and what to do. After `MOST_PROBLEMS` nothing is added."""
        if not self.full:
            self._problems.append(_Problem(self._lines.find(path), path, message))

    def raise_if_any(self) -> None:
        """Raises ScenarioError with every problem in the order of the file."""
        if self._problems:
            ordered = sorted(self._problems, key=lambda problem: problem.line)
            told = (f"{self._file}, line {p.line}: {_location(p.path)}{_sentence(p.message)}" for p in ordered)
            raise ScenarioError([printable(problem) for problem in told])


def _sentence(message: str) -> str:
    return message if message.endswith(("?", ".")) else f"{message}."


def printable(text: str) -> str:
    """What a file says is shown on a terminal, which must not take it for commands."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _location(path: Path) -> str:
    """`("turn", 1, "says")` as people count: "turn 2, says: "."""
    named = ""
    for part in path:
        named += f" {part + 1}" if isinstance(part, int) else f", {part}" if named else part
    return f"{named}: " if named else ""
