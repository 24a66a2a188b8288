"""Keeps the theme that was chosen in the palette for the next run. The config file is the user's
own and is not written."""

import json
from pathlib import Path

from voicelive_common.json_text import JsonError, read_json
from voicelive_common.text_file import read_text_file

from voicelive_tui.engine.config.profile_store import write_atomically

_FILE = "console-theme.json"


def keep_theme(state_dir: Path, theme: str, configured: str) -> None:
    """Write the chosen theme. configured: the config file's, empty without one. Raises OSError."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {"theme": theme, "configured": configured}
    write_atomically(state_dir / _FILE, json.dumps(kept).encode("utf-8"))


def kept_theme(state_dir: Path, configured: str) -> str:
    """The theme that was chosen last, else the configured one. A theme that was written into the
    config file after the choice counts as the newer choice."""
    try:
        kept = read_json(read_text_file(state_dir / _FILE))
    except (OSError, UnicodeDecodeError, JsonError):
        return configured
    match kept:
        case {"theme": str(theme), "configured": str(before)} if before == configured:
            return theme
    return configured
