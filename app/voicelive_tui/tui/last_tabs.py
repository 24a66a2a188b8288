"""Which profiles had tabs when the console was left, to open them again next time."""

import json
from collections.abc import Sequence
from pathlib import Path

_FILE = "console-tabs.json"


def remember_tabs(state_dir: Path, paths: Sequence[str]) -> None:
    """Write the paths of the profiles, in the order of their tabs. Raises OSError."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = state_dir / (_FILE + ".new")
    beside.write_text(json.dumps(list(paths)), encoding="utf-8")
    beside.replace(state_dir / _FILE)


def last_tabs(state_dir: Path) -> tuple[str, ...]:
    """The paths remembered; none when there is no usable file."""
    try:
        paths = json.loads((state_dir / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(path for path in paths if isinstance(path, str)) if isinstance(paths, list) else ()
