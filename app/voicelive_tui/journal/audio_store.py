"""Stores the audio of a session: what was sent and received, in growing files beside the events.

One thread puts audio and gets references at once, one thread writes it to disk, and any thread may
read. Invariant: audio is kept and dropped together with the record that refers to it, so no
reference ever points to other bytes; dropped audio is silence in the file.
"""

import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Literal, Protocol

from voicelive_common.text_file import open_ordinary

from voicelive_tui.journal.lines import Reference
from voicelive_tui.journal.wav_file import RawFile, WavFile, header_size
from voicelive_tui.model.formats import AudioFormat

Track = Literal["mic", "agent", "video"]
_FILE: Final = re.compile(r"(?:(?:mic|agent)(?:-\d+)?\.wav|video\.bin)")


def audio_files(folder: Path) -> list[Path]:
    """Return the audio and video files in a session's folder. Raises OSError."""
    return sorted(path for path in folder.iterdir() if _FILE.fullmatch(path.name))


def is_audio_file(name: str) -> bool:
    """Whether this is the name of a session's audio or video file."""
    return _FILE.fullmatch(name) is not None


def open_audio_file(folder: str, name: str) -> BinaryIO:
    """Open a file whose name `is_audio_file` accepts. Raises OSError, also for a link: a recording
    may come from anybody."""
    return open(open_ordinary(os.path.join(folder, name), follow_links=False), "rb")


class _File(Protocol):
    def append(self, data: bytes, offset: int | None = None) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _AudioFile:
    """The current file of a track; another audio format begins a new file."""

    audio_format: AudioFormat | None
    number: int = 0
    name: str = ""
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    audio_format: AudioFormat | None
    offset: int
    audio: bytes


@dataclass(slots=True)
class AudioStore:
    """The audio files of one folder. folder: "" while it cannot be made. writing: False when the
    files are only read."""

    folder: str
    writing: bool = True
    _tracks: dict[Track, _AudioFile] = field(default_factory=dict)
    _files: dict[str, _File] = field(default_factory=dict)
    _pieces: dict[int, _Piece] = field(default_factory=dict)
    """Audio that is not written yet, by the number of the record that refers to it."""
    _waiting: dict[tuple[str, int], bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(
        self, n: int, track: Track, audio_format: AudioFormat | None, audio: bytes, length_ms: float
    ) -> Reference:
        """Keep the audio of record n and return its reference, which is valid at once."""
        if not self.writing:
            return Reference(None, 0, len(audio), length_ms)
        file = self._tracks.get(track)
        if file is None or file.audio_format != audio_format:
            number = file.number + 1 if file else 1
            name = (
                "video.bin"
                if audio_format is None
                else f"{track}.wav"
                if number == 1
                else f"{track}-{number}.wav"
            )
            file = _AudioFile(
                audio_format, number, name, header_size(audio_format) if audio_format else 0
            )
            self._tracks[track] = file
        offset = file.end
        file.end += len(audio)
        if audio:
            self._waiting[file.name, offset] = audio
            self._pieces[n] = _Piece(file.name, audio_format, offset, audio)
        return Reference(file.name, offset, len(audio), length_ms)

    def waiting_bytes(self, n: int) -> int:
        """Return how much audio of record n is in memory, in bytes."""
        piece = self._pieces.get(n)
        return len(piece.audio) if piece else 0

    def forget(self, n: int) -> None:
        """Drop the audio of record n, which is written already or never will be."""
        piece = self._pieces.pop(n, None)
        if piece is not None:
            self._waiting.pop((piece.name, piece.offset), None)

    def flush(self, numbers: Iterable[int]) -> None:
        """Write the audio of these records. Raises OSError; flushing the same records again is
        safe."""
        pieces = [piece for n in numbers if (piece := self._pieces.get(n)) is not None]
        for name in dict.fromkeys(piece.name for piece in pieces):
            for run in _adjacent([piece for piece in pieces if piece.name == name]):
                self._file(run[0]).append(b"".join(piece.audio for piece in run), run[0].offset)

    def mark_written(self, numbers: Iterable[int]) -> None:
        """Drop the audio of records that are on disk with it."""
        for n in numbers:
            self.forget(n)

    def _file(self, piece: _Piece) -> _File:
        file = self._files.get(piece.name)
        if file is None:
            path = os.path.join(self.folder, piece.name)
            file = self._files[piece.name] = (
                WavFile(path, piece.audio_format) if piece.audio_format else RawFile(path)
            )
        return file

    def read(self, reference: Reference) -> bytes | None:
        """Return the audio of a reference; None when it was not kept, or when the reference names
        no file of the session."""
        if not reference.size_bytes:
            return b""
        name = reference.file or ""
        waiting = self._waiting.get((name, reference.offset))
        if waiting is not None:
            return waiting
        if not self.folder or not is_audio_file(name) or reference.offset < 0:
            return None
        try:
            with open_audio_file(self.folder, name) as file:
                file.seek(reference.offset)
                audio = file.read(reference.size_bytes)
        except (OSError, OverflowError, ValueError):
            return None
        return audio if len(audio) == reference.size_bytes else None

    def close(self) -> None:
        """Close the files that were written."""
        with self._lock:
            while self._files:
                self._files.popitem()[1].close()


def _adjacent(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Group the pieces of one file into runs without gaps."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and piece.offset != run[-1].offset + len(run[-1].audio):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run
