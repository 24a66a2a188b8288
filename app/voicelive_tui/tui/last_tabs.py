"""Remembers which profiles had tabs when the console was closed, to open them again next time."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from voicelive_common.json_text import JsonError, read_json
from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.profile_store import write_atomically

_FILE = "console-tabs.json"


def remember_tabs(state_dir: Path, paths: Sequence[str]) -> None:
    """Write the paths of the profiles, in the order of their tabs. Raises OSError."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(state_dir / _FILE, json.dumps(list(paths)).encode("utf-8"))


def last_tabs(state_dir: Path) -> tuple[str, ...]:
    """The remembered paths; none without a usable file."""
    try:
        paths = read_json(read_text_file(state_dir / _FILE))
    except (OSError, UnicodeDecodeError, JsonError):
        return ()
    return (
        tuple(path for path in paths if isinstance(path, str) and _can_be_path(path))
        if isinstance(paths, list)
        else ()
    )


def _can_be_path(text: str) -> bool:
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
