"""Why a file of the user cannot be changed or moved, in words."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

from voicelive_tui.paths import short_path

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota of the disk is used up",
    errno.EROFS: "its file system is read-only",
    errno.EACCES: "its folder cannot be written",
    errno.EPERM: "its folder cannot be written",
    errno.ENOENT: "its folder is gone",
    errno.EEXIST: "there is a file in place of its folder",
    errno.ENOTDIR: "there is a file in place of its folder",
    errno.ENAMETOOLONG: "the name is too long",
}


def why_unwritable(error: OSError) -> str:
    """Return why writing a file failed, as a clause."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def why_not_moved(path: Path) -> str:
    """Return why this file or folder is not to be moved away, as a clause; empty if it may be.

    A link is refused, because what is behind it may belong to something else. The permissions are
    read and not tried, because root is refused nothing.
    """
    try:
        status = os.lstat(path)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError | NotADirectoryError)
        return "it is no longer there" if gone else why_unwritable(error)
    if stat.S_ISLNK(status.st_mode):
        return "it is a link to another file"
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        return "it is neither a file nor a folder"
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        return "it is read-only"
    return why_folder_protected(path.parent)


def why_folder_protected(folder: Path) -> str:
    """Return why nothing can be added to or taken from this folder, as a clause; empty if it
    can. A folder that does not exist yet can be made."""
    try:
        mode = os.stat(folder).st_mode
    except FileNotFoundError:
        return ""
    except OSError as error:
        return why_unwritable(error)
    if not stat.S_ISDIR(mode):
        return "there is a file in place of its folder"
    return (
        "" if mode & 0o222 and os.access(folder, os.W_OK | os.X_OK) else "its folder is read-only"
    )


def not_done(path: Path, done: str, why: str) -> str:
    """The sentence for a file with which something was not done, such as `deleted`. The path comes
    last, because a long one is cut at the edge of the screen."""
    return f"{path.name} was not {done}, because {why}: {short_path(path)}"
