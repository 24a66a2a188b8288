"""Environment variables about the terminal that would mislead the console.

Must run before Textual is imported, which reads the environment then. Imports only the standard
library.
"""

import os
import sys
from collections.abc import MutableMapping

COLOR_SYSTEM = "TEXTUAL_COLOR_SYSTEM"
_COLOR_SYSTEMS = ("auto", "standard", "256", "truecolor", "windows")
_LONGEST_SHOWN = 20


def correct_environment(environment: MutableMapping[str, str], *, knows_size: bool) -> list[str]:
    """Remove what would mislead the console, and return a sentence for each variable that the user
    set to something unusable.

    knows_size: whether the terminal tells its size. `COLUMNS` and `LINES` would then freeze the
    size that they had when they were exported.
    """
    if knows_size:
        for name in ("COLUMNS", "LINES"):
            environment.pop(name, None)
    asked = environment.get(COLOR_SYSTEM)
    if asked is None or asked in _COLOR_SYSTEMS:
        return []
    del environment[COLOR_SYSTEM]
    *others, last = _COLOR_SYSTEMS
    return [
        f"{COLOR_SYSTEM} is {asked[:_LONGEST_SHOWN]!r}, which names no colours; it can be "
        f"{', '.join(others)} or {last}. The terminal's own colours are used."
    ]


def terminal_knows_size() -> bool:
    """Whether the terminal on standard output tells its size; a serial line does not."""
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno())  # type: ignore[union-attr]  # None raises
    except (OSError, ValueError, AttributeError):
        return False
    return size.columns > 0 and size.lines > 0
