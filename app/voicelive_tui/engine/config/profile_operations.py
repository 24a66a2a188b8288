"""What is done with the files of profiles as a whole: a new one from a template, a copy, another
name, and the trash.

Invariant: no file is overwritten, and a file is there as a whole or not at all. The starters and
the profiles of recorded sessions stay as they are.
"""

import os
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from voicelive_common.text_file import MOST_BYTES, open_ordinary

from voicelive_tui.engine.config.file_protection import (
    not_done,
    why_folder_protected,
    why_not_moved,
    why_unwritable,
)
from voicelive_tui.engine.config.profile_file import UnusableFile, read_profile_file
from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    in_recording,
    is_starter,
    read_profile,
    write_new,
)
from voicelive_tui.engine.config.trash import (
    TrashedItem,
    TrashError,
    bring_back,
    move_file,
    move_to_trash,
)
from voicelive_tui.model.profile.edit_text import UneditableText, rewrite_text
from voicelive_tui.model.profile.service_defaults import NO_DEFAULTS, ServiceDefaults
from voicelive_tui.paths import short_path

_NAME: Final = re.compile(r"[^\W_][\w .+-]{0,99}")
_MOST_NAME_BYTES: Final = 200
"""File systems allow 255 bytes for a name, and a letter has up to four."""


class ProfileOperationError(Exception):
    """Nothing was done with a profile. The message is one sentence that says why."""


def profile_name_problem(name: str, taken: Collection[str]) -> str:
    """Return why a profile cannot have this name, as a sentence; empty if it can. taken: the names
    of other profiles."""
    if not _NAME.fullmatch(name) or name != name.strip():
        return "A name has letters, digits, spaces and . _ + - in it, and no folder."
    if len(name.encode("utf-8", "surrogatepass")) > _MOST_NAME_BYTES:
        return f"A name has at most {_MOST_NAME_BYTES} bytes: take a shorter one."
    if name in taken:
        return f"There is already {name}.toml: take another name."
    return ""


def create_profile(template: Path, target: Path) -> ProfileEntry:
    """Write a new profile that is as the template, with the file's name as its own. Blocks on the
    disk. Raises ProfileOperationError."""
    _check_target(target)
    try:
        file = read_profile_file(template)
        text = rewrite_text(file.text, {**file.document, "name": target.stem})
    except (UnusableFile, UneditableText) as error:
        raise ProfileOperationError(
            f"No profile was made, because {short_path(template)} cannot be its template: {error}."
        ) from None
    return _written(target, text.encode())


def copy_profile(source: Path, target: Path) -> ProfileEntry:
    """Write a copy with the same bytes, also of a profile with errors. Blocks on the disk. Raises
    ProfileOperationError."""
    _check_target(target)
    try:
        with open(open_ordinary(source), "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ProfileOperationError(f"{short_path(source)} is no longer there.") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ProfileOperationError(f"{short_path(source)} cannot be read ({why}).") from None
    if len(data) > MOST_BYTES:
        raise ProfileOperationError(f"{short_path(source)} is larger than a profile may be.")
    return _written(target, data)


def rename_profile(
    source: Path, target: Path, defaults: ServiceDefaults = NO_DEFAULTS
) -> ProfileEntry:
    """Give a profile's file another name in its folder. defaults: with which it is judged there.
    Blocks on the disk. Raises ProfileOperationError."""
    _refuse_protected(source, "renamed")
    _check_target(target)
    if why := why_not_moved(source):
        raise ProfileOperationError(not_done(source, "renamed", why))
    try:
        move_file(source, target)
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        why = why_unwritable(error)
        raise ProfileOperationError(not_done(source, "renamed", why)) from None
    return read_profile(target, defaults)


def delete_profile(path: Path, state_dir: Path, now: datetime) -> TrashedItem:
    """Move a profile to the trash. Blocks on the disk. Raises ProfileOperationError."""
    _refuse_protected(path, "deleted")
    try:
        return move_to_trash(path, state_dir, now)
    except TrashError as error:
        raise ProfileOperationError(str(error)) from None


def bring_profile_back(item: TrashedItem) -> ProfileEntry:
    """Move a deleted profile back to where it was. Blocks on the disk. Raises
    ProfileOperationError."""
    try:
        bring_back(item)
    except TrashError as error:
        raise ProfileOperationError(str(error)) from None
    return read_profile(item.origin)


def _refuse_protected(path: Path, done: str) -> None:
    if is_starter(path):
        raise ProfileOperationError(
            f"{path.stem} is a starter that came with the program and is not {done}; a copy of it "
            "can be."
        )
    if in_recording(path):
        raise ProfileOperationError(
            f"The profile of a recorded session is evidence and is not {done}; a copy of it can be."
        )
    if path.is_dir() and not path.is_symlink():
        raise ProfileOperationError(
            f"{short_path(path)} was not {done}, because it is a folder and no profile."
        )


def _check_target(target: Path) -> None:
    if problem := profile_name_problem(target.stem, ()):
        raise ProfileOperationError(problem)
    if os.path.lexists(target):
        raise _taken(target)
    if why := why_folder_protected(target.parent):
        raise ProfileOperationError(not_done(target, "written", why))


def _written(target: Path, data: bytes) -> ProfileEntry:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_new(target, data)
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        why = why_unwritable(error)
        raise ProfileOperationError(not_done(target, "written", why)) from None
    return read_profile(target)


def _taken(target: Path) -> ProfileOperationError:
    return ProfileOperationError(f"There is already {short_path(target)}: take another name.")
