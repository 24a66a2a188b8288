"""Reads TOML from untrusted sources: bounded before it is parsed, with a `TomlProblem` for every
failure.

The bounds are far above what people write. They limit the cost of one file to about a second and a
hundred megabytes, and limit nesting, so that code may recurse once per level.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Any, Final

from voicelive_common.toml.positions import LineIndex, Position, key_positions
from voicelive_common.toml.tokens import tokens

__all__ = ["MOST_CHARS", "MOST_LEVELS", "TomlProblem", "read_toml"]

MOST_CHARS: Final = 2**20
MOST_LEVELS: Final = 64
"""How deeply tables and arrays may be nested, by brackets, by the parts of one key, and by both
together."""
_MOST_NAME_CHARS: Final = 1_000
_MOST_ITEMS: Final = 100_000
_MOST_SPELLED_CHARS: Final = 2**24
_LARGEST: Final = 2**63

_POSITION: Final = re.compile(
    r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$",
    re.DOTALL,
)
_LONGEST_MESSAGE: Final = 200


@dataclass(frozen=True, slots=True)
class TomlProblem:
    """Why a text cannot be read. message: a clause without full stop; hint: what to do; at: line
    and column, if known."""

    message: str
    hint: str
    at: Position | None = None
    key: str = ""

    def __str__(self) -> str:
        """Return the problem for the middle of a sentence: `line 3: this is not TOML: ...`."""
        return f"line {self.at[0]}: {self.message}" if self.at else self.message


def read_toml(text: str) -> dict[str, Any] | TomlProblem:
    """Return the document of a text, nested at most `MOST_LEVELS` deep, with numbers of at most 64
    bits, or the problem with it. Never raises."""
    if len(text) > MOST_CHARS:
        return TomlProblem(f"it has more than {MOST_CHARS:,} characters", "make it shorter")
    if problem := _beyond_bounds(text):
        return problem
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax_problem(str(error), text)
    except Exception as error:  # a foreign file's border: the parser may fail in undocumented ways
        return TomlProblem(
            f"this is not TOML that can be read ({type(error).__name__})",
            "look for what is unusual in it",
        )
    problem = _unusable(document)
    if problem is None or not problem.key:
        return problem or document
    return TomlProblem(
        problem.message, problem.hint, key_positions(text).get(problem.key), problem.key
    )


def _beyond_bounds(text: str) -> TomlProblem | None:
    """Find what would be too costly for the parser, from the tokens alone."""
    depth = parts = items = 0
    for token in tokens(text):
        if token.text == ".":
            parts += 1
            problem = _too_deep("a key has too many parts") if parts >= MOST_LEVELS else None
        elif token.kind in ("word", "string"):
            items += 1
            problem = _long_word(token.text) if token.kind == "word" else None
        else:
            parts = 0
            opens, closes = token.text in ("[", "{"), token.text in ("]", "}")
            items += opens
            depth = max(0, depth + opens - closes)
            problem = _too_deep("the tables are nested too deeply") if depth > MOST_LEVELS else None
        if items > _MOST_ITEMS:
            return TomlProblem(
                f"it holds more than {_MOST_ITEMS:,} keys and values", "keep to what is needed"
            )
        if problem:
            return TomlProblem(
                problem.message, problem.hint, LineIndex(text).position(token.offset)
            )
    return None


def _long_word(word: str) -> TomlProblem | None:
    if len(word) <= _MOST_NAME_CHARS:
        return None
    if word[0] in "+-0123456789":
        return TomlProblem(
            f"the number has {len(word):,} characters",
            "write a smaller one, or put it between quotes",
        )
    return TomlProblem(f"a key has {len(word):,} characters", "use a shorter name")


def _too_deep(message: str) -> TomlProblem:
    return TomlProblem(message, "keep to a few levels")


def _unusable(document: dict[str, Any]) -> TomlProblem | None:
    """Find what was parsed but would break later: nesting that is too deep, keys that are too long
    together with their parent tables, huge numbers."""
    todo: list[tuple[Any, str, int]] = [(document, "", 0)]
    spelled = 0
    while todo:
        value, key, level = todo.pop()
        if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
            return TomlProblem(
                "the number has more than 64 bits",
                "write a smaller one, or put it between quotes",
                key=key,
            )
        if not isinstance(value, dict | list):
            continue
        if level > MOST_LEVELS:
            return _too_deep("the tables are nested too deeply")
        for name, child in value.items() if isinstance(value, dict) else enumerate(value):
            if len(str(name)) > _MOST_NAME_CHARS:
                return TomlProblem(f"a key has {len(str(name)):,} characters", "use a shorter name")
            path = f"{key}.{name}" if key else str(name)
            spelled += len(path)
            if spelled > _MOST_SPELLED_CHARS:
                return TomlProblem(
                    "its keys are too long and too many", "use shorter names and fewer levels"
                )
            todo.append((child, path, level + 1))
    return None


def _syntax_problem(message: str, text: str) -> TomlProblem:
    found = _POSITION.match(message)
    reason = found["what"] if found else message
    reason = reason if len(reason) <= _LONGEST_MESSAGE else reason[: _LONGEST_MESSAGE - 1] + "…"
    if found and found["line"]:
        at = int(found["line"]), int(found["column"])
    else:
        at = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    return TomlProblem(
        f"this is not TOML: {reason[:1].lower()}{reason[1:]}", "correct this line", at
    )
