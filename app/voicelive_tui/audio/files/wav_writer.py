"""A mono pcm16 WAV file whose header is always true, and which stands under its name only when it is whole."""

import errno
import os
import stat
from pathlib import Path

from voicelive_common.wav import mono_header

_NEW = (
    os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)
_MOST_NAMES = 1000
_LONGEST_NAME_BYTES = 255


class WavError(ValueError):
    """The file cannot be written; the text is one sentence without its full stop."""


class WavWriter:
    """A file that grows beside its place and is moved there by `close`; until then nothing changes under its name.

    unfinished_path: the growing file. It can be read at any moment: sound is written first, then the header that counts it.
    """

    def __init__(self, path: str, rate_hz: int) -> None:
        """Begin the file. WavError when it cannot be written."""
        self.path = path
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._whole = True
        try:
            _refuse_special_file(path)
            self.unfinished_path, fd = _create_beside(Path(path))
        except OSError as error:
            raise self._error(error) from error
        self._file = os.fdopen(fd, "wb", buffering=0)
        try:
            self._write_header()
        except OSError as error:
            self._file.close()
            os.unlink(self.unfinished_path)
            raise self._error(error) from error

    def write(self, audio: bytes) -> None:
        """Append samples. WavError when the disk takes no more; the file stays unfinished then."""
        rest = memoryview(audio)
        try:
            while rest:
                self._file.seek(0, os.SEEK_END)
                written = self._file.write(rest)
                self._data_bytes += written
                rest = rest[written:]
                self._write_header()
        except OSError as error:
            self._whole = False
            raise self._error(error) from error

    def _write_header(self) -> None:
        self._file.seek(0)
        self._file.write(mono_header("pcm16", self._rate_hz, self._data_bytes))

    def close(self) -> None:
        """Close the file and move it to its place when all was written; may be called again. WavError when it cannot be moved."""
        if self._file.closed:
            return
        self._file.close()
        if self._whole:
            try:
                os.replace(self.unfinished_path, self.path)
            except OSError as error:
                raise self._error(error) from error

    def _error(self, error: OSError) -> WavError:
        return WavError(f"cannot write {self.path}: {error.strerror or error}")


def _refuse_special_file(path: str) -> None:
    """OSError for a folder, a pipe or a device under this name, or behind a link; a link to a file is replaced, not followed."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return  # a free name, a link to nothing, or a folder that the creation will complain about
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device", path)


def _create_beside(path: Path) -> tuple[str, int]:
    """A new file in the same folder, open for writing, whose name says what it is and will be."""
    for number in range(1, _MOST_NAMES + 1):
        tail = f".unfinished{f'-{number}' if number > 1 else ''}{path.suffix}"
        stem = os.fsdecode(os.fsencode(path.stem)[: _LONGEST_NAME_BYTES - len(os.fsencode(tail))])
        beside = path.with_name(stem + tail)
        try:
            return str(beside), os.open(beside, _NEW, 0o666)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, f"there are {_MOST_NAMES} unfinished files of this name", str(path))
