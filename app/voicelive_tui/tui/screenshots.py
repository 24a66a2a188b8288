"""Pictures of the screen in the state folder."""

from datetime import datetime
from pathlib import Path

from voicelive_tui.engine.config.profile_store import write_atomically

_FOLDER = "screenshots"


def save_screenshot(state_dir: Path, svg: str, wall_s: float) -> Path:
    """Write the picture under a name made of the time, which no other picture has, and return its
    path. Raises OSError. wall_s: seconds since 1970."""
    folder = state_dir / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = f"{datetime.fromtimestamp(wall_s):%Y-%m-%d_%H-%M-%S}"
    path, number = folder / f"{taken}.svg", 1
    while path.exists():
        number += 1
        path = folder / f"{taken}_{number}.svg"
    write_atomically(path, svg.encode("utf-8"))
    return path
