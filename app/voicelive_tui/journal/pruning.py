"""Removes recorded sessions for good.

Invariant: only files of a session's folder are removed, by name and without following links. A
folder that holds anything else, or that a console uses, stays as it is.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from voicelive_tui.journal.audio_store import is_audio_file
from voicelive_tui.journal.folder import EVENTS, META, PROFILE
from voicelive_tui.journal.in_use import is_in_use
from voicelive_tui.journal.recorded_sessions import RecordedSession, is_session_folder

_OWN: Final = frozenset({EVENTS, META, PROFILE, f"{META}.new", f"{PROFILE}.new"})


class NotRemoved(Exception):
    """A session's folder was not removed. The text is one sentence."""


def older_sessions(
    sessions: tuple[RecordedSession, ...], age: timedelta, now: datetime
) -> tuple[RecordedSession, ...]:
    """Return the sessions that began longer ago than this; one whose beginning is unknown is never
    among them."""
    return tuple(each for each in sessions if each.started is not None and now - each.started > age)


def why_kept(root: Path, folder: Path) -> str:
    """Return why this folder must not be removed; empty if it may be. root: the folder of all
    sessions."""
    if folder.parent != root or not is_session_folder(folder):
        return "it is not the folder of a session"
    if is_in_use(folder):
        return "a console uses it"
    try:
        with os.scandir(folder) as entries:
            foreign = sorted(entry.name for entry in entries if not _is_own(entry))
    except OSError as error:
        return f"it cannot be read ({error.strerror or error})"
    return f"it also holds {foreign[0]}, which is no part of a session" if foreign else ""


def remove_session(root: Path, folder: Path) -> None:
    """Remove the folder of a session for good. Blocks on the disk. Raises NotRemoved; a folder that
    could not be removed as a whole still has its file of events."""
    if why := why_kept(root, folder):
        raise NotRemoved(f"{folder.name} was kept, because {why}.")
    try:
        _remove_files(folder)
        os.rmdir(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotRemoved(f"{folder.name} was not removed as a whole ({reason}).") from None


def _remove_files(folder: Path) -> None:
    """Remove every file, the file of events last, because without it the rest is no session. Raises
    OSError."""
    if os.unlink not in os.supports_dir_fd:  # Windows
        for name in sorted(os.listdir(folder), key=_is_events):
            os.unlink(folder / name)
        return
    # A link that takes the place of the folder now leads nowhere.
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for name in sorted(os.listdir(fd), key=_is_events):
            os.unlink(name, dir_fd=fd)
    finally:
        os.close(fd)


def _is_events(name: str) -> bool:
    return name == EVENTS


def _is_own(entry: "os.DirEntry[str]") -> bool:
    own = entry.name in _OWN or is_audio_file(entry.name)
    with suppress(OSError):
        return own and (entry.is_file(follow_symlinks=False) or entry.is_symlink())
    return False
