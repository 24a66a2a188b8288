"""The profile store: TOML files in the folders of the search order, then the starters that ship
with the package."""

import contextlib
import difflib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from voicelive_common.text_file import MOST_BYTES, read_text_file

from voicelive_tui.journal.folder import EVENTS
from voicelive_tui.model.profile.problem import Fault, Problem
from voicelive_tui.model.profile.profile import Profile, fault_of, parse_profile
from voicelive_tui.model.profile.service_defaults import NO_DEFAULTS, ServiceDefaults

STARTERS = "voicelive_tui.starters"
THE_STARTER = "the starter"
"""What stands for a packaged file where paths of others stand."""
_CURES = {
    errno.ENOENT: "the link leads nowhere: correct or remove it",
    errno.ELOOP: "the link leads to itself: correct or remove it",
}


class ProfileError(Exception):
    """No profile has this name; the message is one sentence with the cure."""


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One file of the store.

    profile: None when one of the problems makes it unusable. starter: the file ships with the
    package. hides: files of the same name in later folders, which are not used because of this one;
    `THE_STARTER` stands for a packaged one. fault: the first problem that makes it unusable, if
    there is one.
    """

    slug: str
    path: str
    profile: Profile | None
    problems: tuple[Problem, ...] = ()
    starter: bool = False
    hides: tuple[str, ...] = ()
    fault: Fault | None = None

    @property
    def shown(self) -> Profile:
        """The profile, or what stands for one that cannot be used: its name, its file and its
        fault."""
        fault = self.fault or (Fault(self.problems[0]) if self.problems else None)
        return self.profile or Profile(self.slug, self.slug, path=self.path, fault=fault)


class ProfileStore:
    """Profiles by slug, which is the file's stem. A file hides those of the same name in later
    folders."""

    def __init__(self, folders: Sequence[Path], defaults: ServiceDefaults = NO_DEFAULTS) -> None:
        self._folders = tuple(folders)
        self._defaults = defaults

    def entries(self) -> tuple[ProfileEntry, ...]:
        """Return every profile, with the problems of broken ones: sorted by name within each
        folder, the starters last."""
        entries: dict[str, ProfileEntry] = {}
        for folder in self._folders:
            for path in _toml_files(folder):
                if path.stem not in entries:
                    entries[path.stem] = read_profile(path, self._defaults)
                elif entries[path.stem].path != str(path):
                    entries[path.stem] = _add_hidden(entries[path.stem], str(path))
        for path in _starters():
            if path.stem not in entries:
                entries[path.stem] = _read_starter(path.stem, path, self._defaults)
            elif entries[path.stem].path != str(path):
                entries[path.stem] = _add_hidden(entries[path.stem], THE_STARTER)
        return tuple(entries.values())

    def names(self) -> set[str]:
        """Return the slugs of the files in the folders, without reading them; the starters are not
        among them. Blocks on the disk."""
        return {path.stem for folder in self._folders for path in _toml_files(folder)}

    def state(self) -> tuple[tuple[str, int, int, int], ...]:
        """Return path, time of the last change in ns, size in bytes and permissions of every file
        and folder of the store: another value when something may have changed. Blocks on the
        disk."""
        files = [path for folder in self._folders for path in (folder, *_toml_files(folder))]
        return tuple(_state_of(path) for path in files)

    def load(self, name: str) -> ProfileEntry:
        """Return the profile of this slug or file path. Raises ProfileError when there is none."""
        if name.endswith(".toml") or os.sep in name or (os.altsep and os.altsep in name):
            # For a text that cannot be a path, such as one with a NUL, `os.path` returns False
            # where `Path` raises ValueError.
            path = Path(os.path.expanduser(name))
            if not os.path.isfile(path):
                _refuse_folder(name)
                raise ProfileError(
                    f"There is no profile file {name}; `voicelive-tui check` lists the profiles "
                    "there are."
                )
            return read_profile(path, self._defaults)
        entries = {entry.slug: entry for entry in self.entries()}
        if name not in entries:
            _refuse_folder(name)
            matches = difflib.get_close_matches(name, entries, n=1)
            suggestion = (
                f"did you mean {matches[0]}?"
                if matches
                else f"there are {', '.join(sorted(entries)) or 'none'}."
            )
            raise ProfileError(f"There is no profile named {name}; {suggestion}")
        return entries[name]


def _refuse_folder(name: str) -> None:
    """Raise ProfileError if this is a folder."""
    folder = os.path.expanduser(name)
    if os.path.isfile(os.path.join(folder, EVENTS)):
        raise ProfileError(
            f"{name} is a recorded session and no profile; `voicelive-tui open {name}` shows it."
        )
    if os.path.isdir(folder):
        raise ProfileError(
            f"{name} is a folder and no profile; `--profiles {name}` looks for profiles in it."
        )


def _add_hidden(entry: ProfileEntry, path: str) -> ProfileEntry:
    return replace(entry, hides=(*entry.hides, path))


def read_profile(path: Path, defaults: ServiceDefaults = NO_DEFAULTS) -> ProfileEntry:
    """Read the profile in a file, and judge it with these defaults. An unreadable file is reported
    among the problems."""
    try:
        file_status = path.stat()
        if not stat.S_ISREG(file_status.st_mode):
            # Reading a pipe could block for ever.
            return _unreadable(
                path, "this is no file", "a profile is a short TOML file: rename or remove it"
            )
        if file_status.st_size > MOST_BYTES:
            return _unreadable(
                path, "the file is larger than 1 MiB", "a profile is a short TOML file"
            )
        text = read_text_file(path)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(
            str(path), line, None, "", "error", "the file is not UTF-8 text", "save it as UTF-8"
        )
        return ProfileEntry(path.stem, str(path), None, (problem,), fault=Fault(problem))
    except OSError as error:
        if not os.path.lexists(path):
            return _unreadable(
                path, "the file is no longer there", "bring it back, or take another"
            )
        cure = _CURES.get(error.errno or 0, "check its permissions")
        return _unreadable(path, f"the file cannot be read ({error.strerror})", cure)
    profile, problems = parse_profile(text, slug=path.stem, path=str(path), defaults=defaults)
    fault = fault_of(text, problems)
    return ProfileEntry(path.stem, str(path), profile, problems, fault=fault)


def in_recording(path: str | Path) -> bool:
    """Return whether this file, or the target of this link, lies in a recorded session's folder,
    where it is evidence and must not be changed."""
    return any(
        os.path.isfile(os.path.join(os.path.dirname(name), EVENTS))
        for name in (path, os.path.realpath(path))
    )


def is_starter(path: Path) -> bool:
    """Return whether this file, or the target of this link, ships with the package."""
    return os.path.realpath(path) in starter_paths()


def starter_paths() -> frozenset[str]:
    """The files that ship with the package, which in a clone of the repository are also those of
    its folder `profiles`."""
    return frozenset(os.path.realpath(starter) for starter in _starters())


def own_folder(folders: Sequence[Path]) -> Path:
    """The folder for the user's own profiles: the first of these that exists, else the last."""
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


def write_new(path: Path, data: bytes | BinaryIO) -> None:
    """Write a file that does not exist yet, as a whole or not at all. Raises OSError, which is
    FileExistsError if there is something of this name. data: its bytes, or an open file with
    them."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(BytesIO(data) if isinstance(data, bytes) else data, file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    _sync_folder(path.parent)


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the file's contents as a whole or not at all, even after a crash. Raises OSError."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Without this a power cut can undo the rename. Windows cannot open a folder and does not need
    # it.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        return  # some network file systems refuse; the file itself is written
    finally:
        os.close(handle)


def _state_of(path: Path) -> tuple[str, int, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), status.st_mtime_ns, status.st_size, status.st_mode


def _toml_files(folder: Path) -> Iterable[Path]:
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix == ".toml" and not path.name.startswith(".")
        )
    except OSError:
        return ()  # a folder that is missing or unreadable holds no profiles


def _starters() -> Iterable[Path]:
    # The package has a folder wherever this program does; `importlib.resources`, which reads
    # archives too, takes longer to import than the starters take to be read.
    try:
        folder = Path(next(iter(import_module(STARTERS).__path__)))
    except ModuleNotFoundError:
        return ()
    return _toml_files(folder)


def _read_starter(slug: str, path: Path, defaults: ServiceDefaults) -> ProfileEntry:
    text = path.read_text("utf-8")
    profile, problems = parse_profile(text, slug=slug, path=str(path), defaults=defaults)
    return ProfileEntry(slug, str(path), profile, problems, starter=True)


def _unreadable(path: Path, message: str, hint: str) -> ProfileEntry:
    problem = Problem(str(path), None, None, "", "error", message, hint)
    return ProfileEntry(path.stem, str(path), None, (problem,), fault=Fault(problem))
