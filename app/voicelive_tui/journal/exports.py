"""Writes exports of a session, each into a new folder: below `<state dir>/exports`, or, for a
session that could not be recorded, wherever there is room.

Invariant: no existing file is opened for writing, and no link below the state directory is
followed, even if another program puts one there: folders and files are created exclusively, and a
name that exists gets a number.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from voicelive_tui.journal.folder import EVENTS, safe_name
from voicelive_tui.journal.index import EventIndex

EXPORTS: Final = "exports"
TRANSCRIPT: Final = "transcript.txt"
_MAX_SAME_NAME: Final = 1000
_DIRECTORY: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_NEW_FILE: Final = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_JUNCTION: Final = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT, the tag of Windows' links to folders."""
_CAN_OPEN_IN_FOLDER: Final = {os.open, os.mkdir, os.rmdir, os.unlink} <= os.supports_dir_fd
"""Whether names can be looked up in an open folder, so that nobody can put a link into the path
meanwhile. Windows cannot."""


class ExportError(Exception):
    """The export cannot be written; the message is one sentence with the cure."""


class ExportCancelled(Exception):
    """The export was cancelled."""


def write_export(
    state_dir: Path,
    name: str,
    files: Mapping[str, Iterable[str]],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write each text, given in pieces, under its file name into a new folder named after `name`,
    and return the folder.

    Folders have mode 0700, files 0600. is_cancelled: called before each piece. Raises ExportError,
    or ExportCancelled when is_cancelled returns True; the export is removed then.
    """
    root = state_dir / EXPORTS
    try:
        _make_root(root)
        with _open_folder(root) as root_fd:
            folder_name = _new_folder(root, root_fd, safe_name(name))
            try:
                with _open_folder(root / folder_name, root_fd) as fd:
                    _write_all(root / folder_name, fd, files, is_cancelled)
            except BaseException:
                _remove(root / folder_name, root_fd, files)
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"The export cannot be written ({reason}): free some space or grant permission in "
            f"{root}, then try again."
        ) from error
    return root / folder_name


def _make_root(root: Path) -> None:
    root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
    root_status = os.lstat(root)
    if (
        stat.S_ISLNK(root_status.st_mode)
        or getattr(root_status, "st_reparse_tag", None) == _JUNCTION
    ):
        raise ExportError(
            "The folder for exports is a link, and exports are not written through links: remove "
            f"{root}, then try again."
        )


@contextmanager
def _open_folder(folder: Path, parent_fd: int | None = None) -> Iterator[int | None]:
    """Yield a descriptor of the folder, which must not be a link; None where names cannot be looked
    up in a folder. parent_fd: the descriptor of its parent."""
    if not _CAN_OPEN_IN_FOLDER:
        yield None
        return
    fd = os.open(_path_in(folder, parent_fd), _DIRECTORY, dir_fd=parent_fd)
    try:
        yield fd
    finally:
        os.close(fd)


def _path_in(path: Path, folder_fd: int | None) -> str:
    """Return the path as calls with `dir_fd` need it: only its name when the folder is open."""
    return str(path) if folder_fd is None else path.name


def _new_folder(root: Path, root_fd: int | None, name: str) -> str:
    for number in range(1, _MAX_SAME_NAME + 1):
        folder_name = name if number == 1 else f"{name}-{number}"
        try:
            os.mkdir(_path_in(root / folder_name, root_fd), 0o700, dir_fd=root_fd)
        except FileExistsError:
            continue
        return folder_name
    raise ExportError(
        f"There are {_MAX_SAME_NAME} exports of this session: remove old ones from {root}, then "
        "try again."
    )


def _write_all(
    folder: Path,
    fd: int | None,
    files: Mapping[str, Iterable[str]],
    is_cancelled: Callable[[], bool],
) -> None:
    for name, pieces in files.items():
        file_fd = os.open(_path_in(folder / name, fd), _NEW_FILE, 0o600, dir_fd=fd)
        with os.fdopen(
            file_fd, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
        ) as file:
            for piece in pieces:
                if is_cancelled():
                    raise ExportCancelled
                file.write(piece)


def _remove(folder: Path, root_fd: int | None, files: Iterable[str]) -> None:
    """Remove the folder that this export made, with its files."""
    with suppress(OSError):
        with _open_folder(folder, root_fd) as fd:
            for name in files:
                with suppress(OSError):
                    os.unlink(_path_in(folder / name, fd), dir_fd=fd)
        os.rmdir(_path_in(folder, root_fd), dir_fd=root_fd)


def write_unrecorded_session(title: str, transcript: str, index: EventIndex) -> Path:
    """Write transcript and events, without audio, into a new folder in the current folder, or else
    in the temporary one; return the folder.

    The folder can be opened like a recorded session; events that memory had no room for are
    missing. Raises OSError when neither folder can be written.
    """
    try:
        return _write_session(Path.cwd(), title, transcript, index)
    except OSError:
        return _write_session(Path(tempfile.gettempdir()), title, transcript, index)


def _write_session(root: Path, title: str, transcript: str, index: EventIndex) -> Path:
    # A new folder with a random name: no existing file is overwritten, and nobody can have put a
    # link there.
    folder = Path(tempfile.mkdtemp(prefix=f"{safe_name(title)}-unrecorded-", dir=root))
    try:
        with open(folder / TRANSCRIPT, "x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(transcript)
        with open(folder / EVENTS, "xb") as events:
            events.writelines(
                line + b"\n" for n in range(index.count) if (line := index.kept_line(n)) is not None
            )
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder
