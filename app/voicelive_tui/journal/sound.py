"""The sound of a session: what was sent and what was received, in growing files beside the events.

One thread puts audio and gets references at once, one writes it out, any may read.
"""

import os
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from voicelive_tui.journal.lines import Reference
from voicelive_tui.journal.wav import RawFile, WavFile, header_size
from voicelive_tui.model.formats import WireFormat

Track = Literal["mic", "agent", "video"]
_FILE: Final = re.compile(r"(?:(?:mic|agent)(?:-\d+)?\.wav|video\.bin)")


class _File(Protocol):
    def append(self, data: bytes) -> None: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Take:
    """A track's present file; another audio format begins another take."""

    audio_format: WireFormat | None
    number: int = 0
    name: str = ""
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    audio_format: WireFormat | None
    offset: int
    audio: bytes


@dataclass(slots=True)
class SoundStore:
    """The audio files of one folder. writing: False for a recorded session, whose files are only read."""

    folder: str
    writing: bool = True
    _takes: dict[Track, _Take] = field(default_factory=dict)
    _files: dict[str, _File] = field(default_factory=dict)
    _queue: deque[_Piece] = field(default_factory=deque)
    _waiting: dict[tuple[str, int], bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, track: Track, audio_format: WireFormat | None, audio: bytes, length_ms: float) -> Reference:
        """Keep this audio; the reference holds from now on."""
        if not self.writing:
            return Reference(None, 0, len(audio), length_ms)
        take = self._takes.get(track)
        if take is None or take.audio_format != audio_format:
            number = take.number + 1 if take else 1
            name = "video.bin" if audio_format is None else f"{track}.wav" if number == 1 else f"{track}-{number}.wav"
            take = _Take(audio_format, number, name, header_size(audio_format) if audio_format else 0)
            self._takes[track] = take
        offset = take.end
        take.end += len(audio)
        if audio:
            self._waiting[take.name, offset] = audio
            self._queue.append(_Piece(take.name, audio_format, offset, audio))
        return Reference(take.name, offset, len(audio), length_ms)

    def flush(self) -> None:
        """Write what waits. Raises OSError; what was written before stays."""
        pieces = [self._queue.popleft() for _ in range(len(self._queue))]
        for name in dict.fromkeys(piece.name for piece in pieces):
            mine = [piece for piece in pieces if piece.name == name]
            if name not in self._files:
                path = os.path.join(self.folder, name)
                self._files[name] = WavFile(path, mine[0].audio_format) if mine[0].audio_format else RawFile(path)
            self._files[name].append(b"".join(piece.audio for piece in mine))
        for piece in pieces:
            del self._waiting[piece.name, piece.offset]

    def read(self, reference: Reference) -> bytes | None:
        """The audio of a reference; None when it was not kept, or when the reference names no file of ours."""
        if not reference.size_bytes:
            return b""
        name = reference.file or ""
        waiting = self._waiting.get((name, reference.offset))
        if waiting is not None:
            return waiting
        if not _FILE.fullmatch(name) or reference.offset < 0:
            return None
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                file.seek(reference.offset)
                audio = file.read(reference.size_bytes)
        except (OSError, OverflowError):
            return None
        return audio if len(audio) == reference.size_bytes else None

    def stop(self) -> None:
        """Keep no more; what is written stays readable."""
        self.writing = False
        self._queue.clear()
        self._waiting.clear()
        self.close()

    def close(self) -> None:
        """Close the files that were written."""
        with self._lock:
            while self._files:
                self._files.popitem()[1].close()
