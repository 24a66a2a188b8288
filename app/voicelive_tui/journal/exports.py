"""Writes exports of a session: a zip archive below `<state dir>/exports`, or, for a session that
could not be recorded, a folder wherever there is room.

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
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from voicelive_tui.journal.folder import EVENTS, replace_file, safe_name
from voicelive_tui.journal.index import EventIndex

EXPORTS: Final = "exports"
TRANSCRIPT: Final = "transcript.txt"
COPIED: Final = "copied.txt"
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


def write_zip(
    state_dir: Path,
    name: str,
    files: Mapping[str, Iterable[str | bytes]],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write each file, given in pieces, into a new zip archive named after `name`, and return the
    archive's path.

    The archive has mode 0600. is_cancelled: called before each piece. Raises ExportError, or
    ExportCancelled when is_cancelled returns True; the archive is removed then.
    """
    root = state_dir / EXPORTS
    try:
        _make_root(root)
        with _open_folder(root) as root_fd:
            file_name, fd = _new_file(root, root_fd, safe_name(name))
            try:
                with os.fdopen(fd, "wb") as file:
                    _write_archive(file, files, is_cancelled)
            except BaseException:
                with suppress(OSError):
                    os.unlink(_path_in(root / file_name, root_fd), dir_fd=root_fd)
                raise
    except OSError as error:
        raise _not_written(root, error) from error
    return root / file_name


def write_copy(state_dir: Path, text: str) -> Path:
    """Keep a copied text in a file beside the exports, in place of the one copied before, for
    terminals that do not let programs copy. Return the file's path. Raises ExportError."""
    root = state_dir / EXPORTS
    try:
        _make_root(root)
        replace_file(root / COPIED, text)
    except OSError as error:
        raise _not_written(root, error) from error
    return root / COPIED


def _not_written(root: Path, error: OSError) -> ExportError:
    return ExportError(
        f"The export cannot be written ({error.strerror or error}): free some space or grant "
        f"permission in {root}, then try again."
    )


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


def _new_file(root: Path, root_fd: int | None, name: str) -> tuple[str, int]:
    for number in range(1, _MAX_SAME_NAME + 1):
        file_name = f"{name}.zip" if number == 1 else f"{name}-{number}.zip"
        try:
            fd = os.open(_path_in(root / file_name, root_fd), _NEW_FILE, 0o600, dir_fd=root_fd)
        except FileExistsError:
            continue
        return file_name, fd
    raise ExportError(
        f"There are {_MAX_SAME_NAME} exports of this session: remove old ones from {root}, then "
        "try again."
    )


def _write_archive(
    file: BinaryIO, files: Mapping[str, Iterable[str | bytes]], is_cancelled: Callable[[], bool]
) -> None:
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, pieces in files.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                for piece in pieces:
                    if is_cancelled():
                        raise ExportCancelled
                    entry.write(_as_bytes(piece))


def _as_bytes(piece: str | bytes) -> bytes:
    return piece.encode("utf-8", "backslashreplace") if isinstance(piece, str) else piece


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
