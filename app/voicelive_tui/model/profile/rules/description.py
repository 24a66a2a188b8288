"""Words for the messages about a profile: values described, shortened and guessed."""

import difflib
from collections.abc import Iterable
from typing import Any, Final

MAX_SHOWN_CHARS: Final = 40


def closest_match(word: str, known: Iterable[str]) -> str:
    """Return the known word that is closest to this one; empty when none is close."""
    # A word of this length is no typing error, and comparing it takes long.
    if len(word) > 2 * MAX_SHOWN_CHARS:
        return ""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else ""


def described(value: Any) -> str:
    """Return what a TOML value is, such as `the number 3`; long strings are not repeated."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'the string "{value}"' if len(value) <= MAX_SHOWN_CHARS else "a string"
        case int() | float():
            return f"the number {value}"
        case list():
            return "an array"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def truncated(text: str, max_chars: int = MAX_SHOWN_CHARS) -> str:
    """Return a text with an ellipsis in place of what is longer."""
    return text if len(text) <= max_chars else text[:max_chars] + "…"
