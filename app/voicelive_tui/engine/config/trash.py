"""The trash folder in the state directory: what the console deletes is moved there and can be
brought back.

Each deletion has a folder of its own below `trash`, named after its time. It holds the deleted file
or folder under its own name, and a text file with the path where that was.

Invariant: nothing is lost. A file is either where it was or in the trash; between two disks it is
removed only after its copy is complete. Nothing is emptied and nothing is overwritten.
"""

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from voicelive_common.text_file import open_ordinary

from voicelive_tui.engine.config.file_protection import (
    not_done,
    why_folder_protected,
    why_not_moved,
    why_unwritable,
)
from voicelive_tui.engine.config.profile_store import write_new
from voicelive_tui.paths import short_path

ORIGIN: Final = "where-it-was.txt"
"""The file beside a deleted one, with the path that it had."""
_MOST_IN_A_SECOND: Final = 1_000


class TrashError(Exception):
    """Something was not moved to the trash, or not brought back, and is where it was. The message
    is one sentence."""


@dataclass(frozen=True, slots=True)
class TrashedItem:
    """A deleted file or folder. path: where it is now. origin: where it was."""

    path: Path
    origin: Path


def trash_folder(state_dir: Path) -> Path:
    """Return the folder that holds what was deleted."""
    return state_dir / "trash"


def move_to_trash(path: Path, state_dir: Path, now: datetime) -> TrashedItem:
    """Move a file, or a folder with everything in it, to the trash. Blocks on the disk. Raises
    TrashError; a link and what is read-only are refused."""
    if why := why_not_moved(path):
        raise TrashError(not_done(path, "deleted", why))
    origin = Path(os.path.abspath(path))
    try:
        folder = _new_folder(trash_folder(state_dir), now)
    except OSError as error:
        raise TrashError(
            f"{short_path(path)} was not deleted, because the trash folder "
            f"{short_path(trash_folder(state_dir))} cannot be written "
            f"({error.strerror or type(error).__name__})."
        ) from None
    item = TrashedItem(folder / path.name, origin)
    try:
        write_new(folder / ORIGIN, f"{origin}\n".encode("utf-8", "surrogateescape"))
        _move(path, item.path)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        why = why_not_moved(path) or why_unwritable(error)
        raise TrashError(not_done(path, "deleted", why)) from None
    return item


def bring_back(item: TrashedItem) -> None:
    """Move what was deleted back to where it was. Blocks on the disk. Raises TrashError, also when
    there is something else of this name by now."""
    name, where = item.origin.name, short_path(item.origin)
    if os.path.lexists(item.origin):
        raise TrashError(f"{name} was not brought back, because there is another {where} now.")
    why = why_folder_protected(item.origin.parent)
    if not os.path.lexists(item.path):
        why = "it is no longer in the trash"
    if why:
        raise TrashError(f"{name} was not brought back, because {why}.")
    try:
        item.origin.parent.mkdir(parents=True, exist_ok=True)
        _move(item.path, item.origin)
    except OSError as error:
        raise TrashError(f"{name} was not brought back, because {why_unwritable(error)}.") from None
    with suppress(OSError):
        (item.path.parent / ORIGIN).unlink()
        item.path.parent.rmdir()


def _new_folder(trash: Path, now: datetime) -> Path:
    """Make a folder for one deletion. Raises OSError."""
    trash.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now:%Y-%m-%dT%H-%M-%S}"
    for number in range(1, _MOST_IN_A_SECOND):
        folder = trash / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise FileExistsError(errno.EEXIST, "too much was deleted in this second", str(trash))


def _move(source: Path, target: Path) -> None:
    """Move a file or folder to a place where nothing is. Raises OSError, after which the source is
    complete."""
    if source.is_dir() and not source.is_symlink():
        _move_folder(source, target)
    else:
        move_file(source, target)


def move_file(source: Path, target: Path) -> None:
    """Move a file without ever replacing another one. Raises OSError, which is FileExistsError if
    there is something of the new name."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        # Another disk, or a file system without hard links.
        if not source.is_file():
            raise error
        _copy(source, target)
    try:
        os.unlink(source)
    except FileNotFoundError:
        return  # another program has removed it meanwhile; it is kept here
    except OSError:
        with suppress(OSError):
            os.unlink(target)
        raise


def _copy(source: Path, target: Path) -> None:
    """Copy a file with its times and permissions. Raises OSError, after which there is no copy."""
    with open(open_ordinary(source, follow_links=False), "rb") as file:
        before = os.fstat(file.fileno())
        write_new(target, file)  # in pieces, because it may be larger than the memory
    try:
        shutil.copystat(source, target)
        if _identity(os.stat(source)) != _identity(before):
            raise OSError(errno.EBUSY, "another program is writing it", str(source))
    except OSError:
        os.unlink(target)
        raise


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _move_folder(source: Path, target: Path) -> None:
    try:
        os.rename(source, target)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    try:
        shutil.copytree(source, target, symlinks=True)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(target, ignore_errors=True)
        why = _first_reason(error)
        raise OSError(errno.EIO, f"it could not be copied to another disk ({why})") from None
    shutil.rmtree(source, ignore_errors=True)


def _first_reason(error: OSError) -> str:
    """Return why a folder could not be copied: the first reason of those that `shutil` lists, whose
    last part is a text."""
    listed = error.args[0] if isinstance(error, shutil.Error) and error.args else None
    reasons = [each[-1] for each in listed or () if isinstance(each, tuple) and each]
    return str(reasons[0]) if reasons else error.strerror or type(error).__name__
