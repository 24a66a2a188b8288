"""Saves a profile that was changed in memory into its file, in which a person may have written
meanwhile.

Invariant: nobody's change is lost. What the file got meanwhile is merged by key; where both changed
the same, nothing is written before the user has chosen. A file is replaced as a whole or not at
all, and outside the changed values it keeps every byte.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import tomli_w
from voicelive_common.text_file import MOST_BYTES
from voicelive_common.toml.read import TomlProblem, read_toml

from voicelive_tui.engine.config.file_protection import why_unwritable
from voicelive_tui.engine.config.profile_file import (
    ProfileFile,
    UnusableFile,
    read_profile_file,
)
from voicelive_tui.engine.config.profile_store import (
    ProfileEntry,
    in_recording,
    is_starter,
    write_atomically,
    write_new,
)
from voicelive_tui.model.profile.document_changes import (
    document_changes,
    merged_documents,
    same_value,
)
from voicelive_tui.model.profile.edit_text import UneditableText, rewrite_text
from voicelive_tui.model.profile.profile import parse_profile
from voicelive_tui.paths import short_path

Choice = Literal["ours", "theirs"]
"""Whose values hold where the profile in memory and its file both changed: the profile's, or the
file's."""
_TRIES: Final = 3


class UnsavedProfile(Exception):
    """A profile could not be saved, and no file was changed. The message is one sentence; cure: a
    second one with a command in braces, or empty."""

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True, slots=True)
class EditedProfile:
    """A profile in memory. path: its file. base: the document as the file had it when it was last
    read or saved. document: the same with the changes in memory."""

    path: Path
    base: Mapping[str, Any]
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """A profile as its file has it now. from_file: how many settings came from the file, in which
    they had been changed meanwhile."""

    entry: ProfileEntry
    from_file: int


@dataclass(frozen=True, slots=True)
class SaveConflict:
    """The dotted keys that both the profile in memory and its file changed; nothing was written."""

    keys: tuple[str, ...]


def save_profile(
    edited: EditedProfile, choice: Choice | None = None
) -> SavedProfile | SaveConflict:
    """Write the changes into the file. choice: what holds where both changed; None returns a
    conflict. Blocks on the disk. Raises UnsavedProfile."""
    path = Path(os.path.realpath(edited.path))
    _refuse_others_files(edited.path)
    for _ in range(_TRIES):
        file = _readable(edited.path)
        document = merge_file(edited, file.document, choice)
        if isinstance(document, SaveConflict):
            return document
        text = _rewritten(edited.path, file.text, document)
        entry = _entry(edited.path, text)
        if text != file.text:
            _refuse_write_protected(path, edited.path)
            if _read_again(edited.path) != file.data:
                continue  # somebody wrote just now
            _write(path, file.encoded(text), edited.path)
        return SavedProfile(entry, len(document_changes(edited.base, file.document)))
    raise UnsavedProfile(f"{_named(edited.path)} is being written by another program; try again.")


def merge_file(
    edited: EditedProfile, file_document: Mapping[str, Any], choice: Choice | None = None
) -> dict[str, Any] | SaveConflict:
    """Return the document with the changes in memory and those of the file. choice: as for
    `save_profile`."""
    merged = merged_documents(edited.base, edited.document, file_document)
    if merged.conflicts and choice is None:
        return SaveConflict(merged.conflicts)
    return merged.with_second if choice == "theirs" else merged.with_first


def save_profile_as(edited: EditedProfile, target: Path) -> ProfileEntry:
    """Write the profile in memory into a new file, with the comments of its own file where that can
    still be read. Blocks on the disk. Raises UnsavedProfile, also when there is such a file."""
    text = _text_for_copy(edited)
    entry = _entry(target, text)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnsavedProfile(_why_unwritten(target, error)) from None
    try:
        write_new(target, text.encode())
    except FileExistsError:
        raise UnsavedProfile(
            f"There is already {_named(target)}.", "Save it under another name."
        ) from None
    except OSError as error:
        raise UnsavedProfile(_why_unwritten(target, error)) from None
    return entry


def changed_text(edited: EditedProfile) -> tuple[str, str]:
    """Return the file's text and what saving would make of it, both with line ends as `\\n`. Where
    both changed, the values in memory hold. Raises UnsavedProfile."""
    file = _readable(edited.path)
    document = merge_file(edited, file.document, "ours")
    assert not isinstance(document, SaveConflict)
    text = _rewritten(edited.path, file.text, document)
    return file.text.replace("\r\n", "\n"), text.replace("\r\n", "\n")


def _refuse_others_files(path: Path) -> None:
    if is_starter(path):
        raise UnsavedProfile(
            f"{path.name} is a starter that came with the program and stays as it is.",
            "Save it under another name, which makes your own copy of it.",
        )
    if in_recording(path):
        raise UnsavedProfile(
            "The profile of a recorded session is part of the record and stays as it is.",
            "Save it under another name.",
        )


def _refuse_write_protected(path: Path, shown: Path) -> None:
    # Replacing a file asks only for the folder's permission, and root is asked for none.
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise UnsavedProfile(_why_unwritten(shown, error), "Save it under another name.") from None
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise UnsavedProfile(
            f"{_named(shown)} is read-only, and nothing was changed.",
            "Save it under another name.",
        )


def _readable(path: Path) -> ProfileFile:
    try:
        return read_profile_file(path)
    except UnusableFile as error:
        raise UnsavedProfile(
            f"{_named(path)} cannot be saved into: {error}. Your changes stay in this tab.",
            error.cure,
        ) from None


def _read_again(path: Path) -> bytes | None:
    """Return the bytes of a profile's file as it is now; None if it cannot be read."""
    try:
        return read_profile_file(path).data
    except UnusableFile:
        return None


def _rewritten(path: Path, text: str, document: Mapping[str, Any]) -> str:
    try:
        return rewrite_text(text, document)
    except UneditableText as error:
        raise UnsavedProfile(
            f"{_named(path)} cannot be saved into: {error}. Your changes stay in this tab.",
            cure="{profile.edit} changes it by hand.",
        ) from None


def _entry(path: Path, text: str) -> ProfileEntry:
    """The profile that this text is. Raises UnsavedProfile if it could not be used, or read."""
    profile, problems = parse_profile(text.replace("\r\n", "\n"), slug=path.stem, path=str(path))
    if profile is None:
        problem = next(each for each in problems if each.unusable)
        raise UnsavedProfile(
            f"{_named(path)} would not be a profile that can be used: {problem.message}."
        )
    if len(text.encode()) > MOST_BYTES:
        raise UnsavedProfile(f"{_named(path)} would be larger than a profile may be (1 MiB).")
    return ProfileEntry(path.stem, str(path), profile, problems)


def _text_for_copy(edited: EditedProfile) -> str:
    try:
        return rewrite_text(read_profile_file(edited.path).text, edited.document)
    except (UnusableFile, UneditableText):
        text = tomli_w.dumps(dict(edited.document), multiline_strings=True)
    reread = read_toml(text)
    assert not isinstance(reread, TomlProblem) and same_value(reread, edited.document)
    return text


def _write(path: Path, data: bytes, shown: Path) -> None:
    try:
        write_atomically(path, data)
    except OSError as error:
        raise UnsavedProfile(_why_unwritten(shown, error), "Save it under another name.") from None


def _why_unwritten(path: Path, error: OSError) -> str:
    reason = why_unwritable(error)
    return f"{_named(path)} was not saved, because {reason}; your changes stay in this tab."


def _named(path: Path) -> str:
    return short_path(path)
