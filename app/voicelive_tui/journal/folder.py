"""The folder of a recorded session. Only its owner can read it, and this module names everything in
it."""

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

EVENTS: Final = "events.jsonl"
PROFILE: Final = "profile.toml"
META: Final = "meta.toml"
_MAX_TITLE_BYTES: Final = 120
"""The longest title in a folder's name. File systems allow 255 bytes for the whole name, and a
letter has up to four."""


class JournalError(Exception):
    """The session cannot be recorded, or a recorded one cannot be read; the message is one sentence
    with the cure."""


def safe_name(title: str) -> str:
    """Return the title as a file name: one path component of letters, digits and `_.-`, never empty
    and never hidden."""
    return (
        re.sub(r"[^\w.-]+", "-", title)
        .encode()[:_MAX_TITLE_BYTES]
        .decode("utf-8", "ignore")
        .strip("-.")
        or "session"
    )


def folder_name(title: str, started: datetime) -> str:
    """Return the name of the folder for a session with this title."""
    return f"{started:%Y-%m-%dT%H-%M-%S}_{safe_name(title)}"


def create_folder(root: Path, title: str, started: datetime) -> Path:
    """Make a new folder with mode 0700 below root, named after time and title. Raises
    JournalError."""
    name = folder_name(title, started)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for attempt in range(1, 1000):
            folder = root / (name if attempt == 1 else f"{name}-{attempt}")
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise folder_error(root, error) from error
    raise JournalError(
        f"The session cannot be recorded: {root} holds too many sessions that started in this "
        "second; move some away."
    )


def begin_session(root: Path, title: str, started: datetime, profile_toml: str) -> tuple[Path, int]:
    """Make a new folder with the profile in it, open its empty file of events, and return both.
    Raises JournalError, after removing the folder."""
    folder = create_folder(root, title, started)
    try:
        replace_file(folder / PROFILE, profile_toml)
        return folder, open_new(folder / EVENTS)
    except OSError as error:
        with suppress(OSError):
            (folder / PROFILE).unlink(missing_ok=True)
            folder.rmdir()
        raise folder_error(folder, error) from error


def folder_error(path: Path, error: OSError) -> JournalError:
    """Return the error for a path in which no session can be recorded."""
    reason = error.strerror or str(error)
    return JournalError(
        f"The session cannot be recorded yet ({reason}) and waits in memory: free some space or "
        f"grant permission, and it is written; or start with --record none. Its folder is {path}."
    )


def open_new(path: Path) -> int:
    """Create a file with mode 0600 for reading and appending. Raises OSError."""
    return os.open(
        path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
    )


def replace_file(path: Path, text: str) -> None:
    """Replace the whole file, or leave it as it was. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    flags = (
        os.O_WRONLY
        | os.O_CREAT
        | os.O_TRUNC
        | getattr(os, "O_BINARY", 0)
        | getattr(os, "O_NOFOLLOW", 0)
    )
    fd = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise
