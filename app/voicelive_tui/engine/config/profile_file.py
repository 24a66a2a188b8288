"""The file of a profile as it is on the disk, byte for byte, and whether it has changed since."""

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from voicelive_common.text_file import MOST_BYTES, open_ordinary
from voicelive_common.toml.read import TomlProblem, read_toml

_BOM: Final = b"\xef\xbb\xbf"
_SETTLES_S: Final = 0.1
_MOST_WAITS: Final = 20
"""How long a file that was changed must stay as it is, and how often that is waited for."""
Fingerprint = tuple[int, int, int]
"""Time of the last change in ns, size in bytes, and number of a file."""


class UnusableFile(Exception):
    """A file cannot be read as TOML. The message is a clause; cure: a sentence with a command in
    braces, or empty."""

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """data: all bytes of the file. text: its text with the line ends as they are. document: what
    the text reads as."""

    data: bytes
    text: str
    document: Mapping[str, Any]

    def encoded(self, text: str) -> bytes:
        """Return a changed text as this file's bytes, with the mark with which the file begins."""
        return (_BOM if self.data.startswith(_BOM) else b"") + text.encode()


def read_profile_file(path: Path) -> ProfileFile:
    """Read the file of a profile. Raises UnusableFile."""
    try:
        with open(open_ordinary(path), "rb") as file:
            data = file.read(MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise UnusableFile("it is no longer there", "Save it as a new file.") from None
    except OSError as error:
        raise UnusableFile(f"it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise UnusableFile("it is not UTF-8 text", cure="{profile.edit} opens it.") from None
    if len(data) > MOST_BYTES:
        raise UnusableFile("it is larger than 1 MiB")
    document = read_toml(text)
    if isinstance(document, TomlProblem):
        raise UnusableFile(str(document), cure="{profile.edit} corrects it.")
    return ProfileFile(data, text, document)


class FileWatch:
    """Notices that files changed on the disk. A file whose times and size are the same is not read
    again, and one whose bytes are the same has not changed. A file that is being written is waited
    for.

    Not for two threads at once.
    """

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[Fingerprint | None, bytes]] = {}

    def changed(self, path: Path) -> bool:
        """Return whether a file may not be as it was at the last call; True at the first one. A
        file that vanished or cannot be read has changed. Blocks on the disk."""
        seen, fingerprint = self._seen.get(path), _fingerprint(path)
        if seen is not None and seen[0] == fingerprint:
            return False
        fingerprint = _settled(path, fingerprint)
        digest = _digest(path)
        self._seen[path] = (fingerprint, digest)
        return seen is None or seen[1] != digest


def _fingerprint(path: Path) -> Fingerprint | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _settled(path: Path, fingerprint: Fingerprint | None) -> Fingerprint | None:
    """Wait until the file is as it was a moment before, because a program that writes it in place
    leaves it empty or broken meanwhile; not forever, because a file may change all the time."""
    for _ in range(_MOST_WAITS):
        time.sleep(_SETTLES_S)
        before, fingerprint = fingerprint, _fingerprint(path)
        if fingerprint == before:
            break
    return fingerprint


def _digest(path: Path) -> bytes:
    try:
        with open(open_ordinary(path), "rb") as file:
            return hashlib.sha256(file.read(MOST_BYTES + 1)).digest()
    except OSError:
        return b""
