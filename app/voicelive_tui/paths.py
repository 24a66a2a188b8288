"""Paths as the user reads them."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

DEMO: Final = "demo"
"""The name with which `open` shows the recording that comes with the program."""
LAST: Final = "last"
"""The name that stands for the newest recorded session."""
LINK_FILE: Final = "link.json"
"""The file that says in a folder for `--audio` where the sound is."""


def recording_folder(name: str) -> Path:
    """The folder of a recorded session: `name` itself, or for `demo` the recording that comes with
    the program, unless there is such a folder."""
    folder = Path(name).expanduser()
    if name == DEMO and not folder.exists():
        return Path(__file__).parent / DEMO
    return folder


def short_path(path: str | Path) -> str:
    """The path as short as a shell accepts it: relative to the current folder, else below `~`, else
    unchanged."""
    # OSError: the current folder is gone. ValueError: the path is not below it.
    with suppress(OSError, ValueError):
        return str(_below(path, Path.cwd()))
    with suppress(ValueError):
        return f"~/{_below(path, Path(os.path.expanduser('~')))}"  # never raises, unlike Path.home
    return str(path)


def _below(path: str | Path, base: Path) -> Path:
    """The path relative to `base`. Raises ValueError when it is not below `base`, and when `base`
    is the root folder, which would not make it shorter."""
    if base == base.parent:
        raise ValueError(base)
    return Path(path).relative_to(base)
