"""How a path is shown to a user."""

import os
from contextlib import suppress
from pathlib import Path


def short_path(path: str | Path) -> str:
    """The path as short as a shell takes it: relative to the current folder, else to the home folder, else as it is."""
    with suppress(OSError, ValueError):  # the current folder may be gone, and the path lie elsewhere
        return str(_below(path, Path.cwd()))
    with suppress(ValueError):
        return f"~/{_below(path, Path(os.path.expanduser('~')))}"  # never raises, unlike Path.home
    return str(path)


def _below(path: str | Path, base: Path) -> Path:
    """Raises ValueError when the path lies elsewhere; everything lies below the root, which shortens nothing."""
    if base == base.parent:
        raise ValueError(base)
    return Path(path).relative_to(base)
