"""Moves a recorded session to the trash."""

from datetime import datetime
from pathlib import Path

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trash import TrashError, move_to_trash
from voicelive_tui.journal.in_use import is_in_use
from voicelive_tui.journal.recorded_sessions import is_session_folder
from voicelive_tui.paths import short_path


def move_session_to_trash(folder: Path, settings: Settings, now: datetime) -> str:
    """Move the folder of a recorded session to the trash, and return the path that it has there,
    for the user. Blocks on the disk. Raises TrashError, also for a session that a console uses."""
    if folder.parent != settings.sessions_dir or not is_session_folder(folder):
        raise TrashError(f"{short_path(folder)} is not the folder of a recorded session.")
    if is_in_use(folder):
        raise TrashError(
            f"{folder.name} was not deleted, because a console uses it: close its tab first."
        )
    return short_path(move_to_trash(folder, settings.state_dir, now).path)
