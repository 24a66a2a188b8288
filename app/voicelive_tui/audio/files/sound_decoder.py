"""Opens sound files for decoding: every format that libsndfile reads, and WAV files with wrong
lengths."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from voicelive_tui.audio.files.wav_layout import RiffError, find_samples, is_riff, true_header

if TYPE_CHECKING:
    from soundfile import SoundFile

CONVERT = "ffmpeg -i FILE -ac 1 -ar 24000 out.wav"
"""A command that converts any sound file into one that can be read."""
_UNKNOWN_FRAMES = (1 << 63) - 1
"""The length that libsndfile reports for a file that does not state one."""
_MP3_FRAME_BYTES = 2048
"""A little more than the longest frame of an MP3 file. The header, if the file has one, is in its
first frame."""
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class SoundFileError(ValueError):
    """The file cannot be read. The text is one sentence without its full stop."""


@contextmanager
def open_sound(path: str) -> Iterator[BinaryIO]:
    """Open the file. Raises OSError, and SoundFileError for anything but a file."""
    # Open without waiting: opening a pipe without a writer would block for ever.
    with open(os.open(path, _OPEN), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise SoundFileError(
                f"{path} is a folder, a pipe or a device; a microphone can be replaced by a file "
                "only"
            )
        yield file


@contextmanager
def decoder_of(file: BinaryIO, path: str) -> "Iterator[SoundFile]":
    """Return libsndfile's decoder of an open file, with the header read. Raises OSError and
    SoundFileError."""
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise SoundFileError(
            f"cannot read {path}: soundfile is missing; reinstall it with `pip install soundfile`"
        ) from error
    head = file.read(12)
    file.seek(0)
    if not head:
        raise SoundFileError(f"{path} holds no sound: it is empty")
    try:
        source = (
            _with_true_header(file)
            if is_riff(head)
            else SoundBytes(b"", file, 0, os.fstat(file.fileno()).st_size)
        )
        with soundfile.SoundFile(source, "r") as decoded:
            if not 1 <= decoded.channels <= 64 or not 1_000 <= decoded.samplerate <= 768_000:
                raise RiffError(f"it claims {decoded.channels} channels at {decoded.samplerate} Hz")
            yield decoded
    except RiffError as error:
        raise SoundFileError(f"{path} is a damaged sound file: {error}") from error
    except soundfile.LibsndfileError as error:
        what = error.error_string.strip().rstrip(".")
        raise SoundFileError(
            f"{path} cannot be read as a sound file ({what}); convert it, for example with: "
            f"{CONVERT}"
        ) from error
    if source.error is not None:
        raise source.error


def _with_true_header(file: BinaryIO) -> "SoundBytes":
    layout = find_samples(file)
    return SoundBytes(true_header(layout), file, layout.data_at, layout.data_bytes)


class SoundBytes:
    """The file object that libsndfile reads: a header made by this program, if any, and `size`
    bytes of the real file from `at`.

    It has no name from which libsndfile would guess a format. It raises nothing, because libsndfile
    prints and forgets an exception of a callback; `error` keeps it.
    """

    def __init__(self, header: bytes, file: BinaryIO, at: int, size: int) -> None:
        self._header = header
        self._file = file
        self._file_at = at
        self._size = len(header) + size
        self._at = 0
        self.error: OSError | None = None

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = min(max(0, base + offset), self._size)
        return self._at

    def read(self, size: int) -> bytes:
        wanted = min(max(0, size), self._size - self._at)
        found = self._header[self._at : self._at + wanted]
        try:
            if wanted > len(found):
                self._file.seek(self._file_at + max(0, self._at - len(self._header)))
                found += self._file.read(wanted - len(found))
        except OSError as error:
            self.error = error
        self._at += len(found)
        return found


def named_frames(file: BinaryIO, decoded: "SoundFile") -> int | None:
    """The number of frames that the file's header states; None if it states none."""
    frames: int = decoded.frames
    # libsndfile guesses the length of an MP3 file without a header from the first bit rate.
    return (
        None
        if frames == _UNKNOWN_FRAMES or (decoded.format == "MP3" and not _has_mp3_header(file))
        else frames
    )


def _has_mp3_header(file: BinaryIO) -> bool:
    file.seek(0)
    tag = file.read(10)
    start = (
        10 + sum(size << shift for size, shift in zip(tag[6:], (21, 14, 7, 0), strict=False))
        if tag[:3] == b"ID3"
        else 0
    )
    file.seek(start)
    first = file.read(_MP3_FRAME_BYTES)
    return any(mark in first for mark in (b"Xing", b"Info", b"VBRI"))
