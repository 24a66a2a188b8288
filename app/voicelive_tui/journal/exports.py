"""What a user takes away, each time in a new folder: exports below `<state dir>/exports`, and what
could not be recorded wherever there is room.

Invariant: nothing that exists is opened for writing and no link below the state directory is
followed, whatever somebody else put there: folders and files are created exclusively, and a name
that is taken gives way to another.
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
"""IO_REPARSE_TAG_MOUNT_POINT: what Windows calls its links to folders."""
_CAN_OPEN_IN_FOLDER: Final = {os.open, os.mkdir, os.rmdir, os.unlink} <= os.supports_dir_fd
"""Names are looked up in an open folder, so that nobody can put a link into the path meanwhile; not
on Windows."""


class ExportError(Exception):
    """The export cannot be written; one sentence with the cure."""


class ExportCancelled(Exception):
    """The export is not wanted any more."""


def write_export(
    state_dir: Path,
    name: str,
    files: Mapping[str, Iterable[str]],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Write each text, given in pieces, under its file name into a new folder named after `name`;
    the folder.

    Folders have mode 0700, files 0600. Raises ExportError, and ExportCancelled when is_cancelled,
    asked at each piece, says so; nothing of the export is left then.
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
            f"The export cannot be written ({reason}): make room or permission in {root}, then "
            "write "
            "again."
        ) from error
    return root / folder_name


def _make_root(root: Path) -> None:
    root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
    found = os.lstat(root)
    if stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", None) == _JUNCTION:
        raise ExportError(
            f"The folder of exports is a link, and nothing is written through one: remove {root}, "
            "then write again."
        )


@contextmanager
def _open_folder(folder: Path, parent_fd: int | None = None) -> Iterator[int | None]:
    """A descriptor of the folder, which is no link; None where names cannot be looked up in one.
    `parent_fd`: its parent's."""
    if not _CAN_OPEN_IN_FOLDER:
        yield None
        return
    fd = os.open(_path_in(folder, parent_fd), _DIRECTORY, dir_fd=parent_fd)
    try:
        yield fd
    finally:
        os.close(fd)


def _path_in(path: Path, folder_fd: int | None) -> str:
    """The path as calls with `dir_fd` want it: only its name when the folder is open."""
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
        "write again."
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
    """The folder that this export made, with what it holds of it."""
    with suppress(OSError):
        with _open_folder(folder, root_fd) as fd:
            for name in files:
                with suppress(OSError):
                    os.unlink(_path_in(folder / name, fd), dir_fd=fd)
        os.rmdir(_path_in(folder, root_fd), dir_fd=root_fd)


def write_unrecorded_session(title: str, transcript: str, index: EventIndex) -> Path:
    """A new folder in the current folder, else in the temporary one, with the transcript and the
    events; sound is not in it.

    The folder can be opened like a recorded session; the numbers of events that were forgotten are
    missing in it. Raises OSError when neither folder takes it.
    """
    try:
        return _write_session(Path.cwd(), title, transcript, index)
    except OSError:
        return _write_session(Path(tempfile.gettempdir()), title, transcript, index)


def _write_session(root: Path, title: str, transcript: str, index: EventIndex) -> Path:
    # A new name and a new folder: nothing that exists is written to, and nobody else can have put a
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
