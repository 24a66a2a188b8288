"""Writes a mono pcm16 WAV file whose header is always correct, and which gets its final name only
when it is complete.

Invariant: an existing file is replaced only by sound, never by silence, and never in a recorded
session's folder; behind a link only a file that is a WAV file, or becomes one by its name.
"""

import errno
import os
import stat
from pathlib import Path

from voicelive_common.wav import mono_header

_NEW = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_EVENTS = "events.jsonl"
"""The file that marks the folder of a recorded session."""
_SUFFIX = ".wav"
_BEGINNINGS = (b"RIFF", b"RIFX", b"RF64", b"BW64")
_MOST_NAMES = 1000
_LONGEST_NAME_BYTES = 255


class WavError(ValueError):
    """The file cannot be written. The text is one sentence without its full stop."""


class WavWriter:
    """A file that is written under a temporary name in the same folder and renamed by `close`.
    Until then nothing changes under its final name.

    A link of that name stays a link, and the file that it leads to is replaced. The new file gets
    the mode of the one that it replaces. unfinished_path: the temporary file. It can be read at any
    moment, because sound is written first and then the header that counts it.
    """

    def __init__(self, path: str, rate_hz: int) -> None:
        """Begin the file. Raises WavError if it cannot be written."""
        self.path = path
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._whole = True
        self._audible = False
        try:
            self._final_path = _real_path(path)
            self.unfinished_path, fd = _create_beside(Path(self._final_path))
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
        """Append samples. Raises WavError if the disk accepts no more; the file stays unfinished
        then."""
        self._audible = self._audible or any(audio)
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
        """Close the file and rename it if everything was written; may be called again. Raises
        WavError if it cannot be renamed.

        Silence replaces nothing: if a file of that name exists, the new one is removed.
        """
        if self._file.closed:
            return
        self._file.close()
        if not self._whole:
            return
        try:
            if self._audible or not os.path.lexists(self._final_path):
                os.replace(self.unfinished_path, self._final_path)
            else:
                os.unlink(self.unfinished_path)
        except OSError as error:
            raise self._error(error) from error

    def _error(self, error: OSError) -> WavError:
        return WavError(f"cannot write {self.path}: {error.strerror or error}")


def _real_path(path: str) -> str:
    """The path behind all links. Raises OSError for anything but a file, for a loop of links, and
    in a recorded session's folder."""
    real_path = os.path.realpath(path)
    if os.path.lexists(os.path.join(os.path.dirname(real_path), _EVENTS)):
        raise OSError(
            errno.EPERM, "it lies in the folder of a recorded session, which stays as it is", path
        )
    mode = _mode_of(path)
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if mode is not None and not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device", path)
    if os.path.islink(path) and not _is_for_sound(real_path):
        raise OSError(errno.EPERM, "it is a link to something else than a WAV file", path)
    return real_path


def _is_for_sound(path: str) -> bool:
    """Whether a file of this name holds sound, or nothing yet: a link that came with a repository
    may lead anywhere."""
    if not path.lower().endswith(_SUFFIX):
        return False
    try:
        with open(path, "rb") as file:
            beginning = file.read(4)
    except FileNotFoundError:
        return True
    return not beginning or beginning in _BEGINNINGS


def _mode_of(path: str | Path) -> int | None:
    """The mode of the file with this name; None for a free name, a link to nothing, and a folder in
    which creating the file will fail. Raises OSError for a link to itself."""
    try:
        return os.stat(path).st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
        return None


def _create_beside(path: Path) -> tuple[str, int]:
    """Create a file for writing in the same folder, under a name that says that it is the
    unfinished `path`, with the mode of `path`. Returns its path and file descriptor."""
    mode = _mode_of(path)
    for number in range(1, _MOST_NAMES + 1):
        tail = f".unfinished{f'-{number}' if number > 1 else ''}{path.suffix}"
        stem = os.fsdecode(os.fsencode(path.stem)[: _LONGEST_NAME_BYTES - len(os.fsencode(tail))])
        beside = path.with_name(stem + tail)
        try:
            fd = os.open(beside, _NEW, 0o666 if mode is None else stat.S_IMODE(mode))
        except FileExistsError:
            continue
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))  # restores what the umask removed
        return str(beside), fd
    raise FileExistsError(
        errno.EEXIST, f"there are {_MOST_NAMES} unfinished files of this name", str(path)
    )
