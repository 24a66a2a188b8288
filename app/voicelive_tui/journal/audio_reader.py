"""Reads the audio of a recorded session once, from its beginning to its end."""

import os
from typing import BinaryIO, NamedTuple, Self

from voicelive_tui.journal.audio_store import is_audio_file, open_audio_file
from voicelive_tui.journal.lines import Reference


class _OpenFile(NamedTuple):
    file: BinaryIO
    size_bytes: int


class AudioReader:
    """Keeps the files of a folder open between two references.

    Invariant: no byte is read twice, so that a damaged or hostile recording costs no more than its
    files are long.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[str, _OpenFile | None] = {}
        """The files by name; None for one that cannot be read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        for opened in self._files.values():
            if opened is not None:
                opened.file.close()

    def read(self, reference: Reference) -> bytes | None:
        """Return the audio of a reference; None when it was not kept, or lies before the last one
        that was read."""
        name, end = reference.file or "", reference.offset + reference.size_bytes
        opened = self._opened(name) if is_audio_file(name) else None
        if opened is None or end > opened.size_bytes:
            return None
        try:
            behind = reference.offset - opened.file.tell()
            if behind < 0 or reference.size_bytes < 0:
                return None
            if behind:
                opened.file.seek(reference.offset)
            return opened.file.read(reference.size_bytes)
        except OSError:
            return None

    def _opened(self, name: str) -> _OpenFile | None:
        if name not in self._files:
            self._files[name] = self._open(name)
        return self._files[name]

    def _open(self, name: str) -> _OpenFile | None:
        try:
            file = open_audio_file(self._folder, name)
            return _OpenFile(file, os.fstat(file.fileno()).st_size)
        except OSError:
            return None
