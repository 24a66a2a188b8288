"""A mono pcm16 WAV file whose header is always true, and which stands under its name only when it
is whole.

Invariant: a file that stood there is replaced only by sound, never by silence, and never in a
recorded session's folder; behind a link only what is a WAV file, or becomes one by its name.
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
"""What makes a folder a recorded session's."""
_SUFFIX = ".wav"
_BEGINNINGS = (b"RIFF", b"RIFX", b"RF64", b"BW64")
_MOST_NAMES = 1000
_LONGEST_NAME_BYTES = 255


class WavError(ValueError):
    """The file cannot be written; the text is one sentence without its full stop."""


class WavWriter:
    """A file that grows beside its place and is moved there by `close`; until then nothing changes
    under its name.

    A link of that name stays a link: what it leads to is the file's place. A file that stood there
    hands its mode on. unfinished_path: the growing file. It can be read at any moment: sound is
    written first, then the header that counts
        it.
    """

    def __init__(self, path: str, rate_hz: int) -> None:
        """Begin the file. WavError when it cannot be written."""
        self.path = path
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._whole = True
        self._audible = False
        try:
            self._place = _place_of(path)
            self.unfinished_path, fd = _create_beside(Path(self._place))
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
        """Close the file and move it to its place when all was written; may be called again.
        WavError when it cannot be moved.

        Silence replaces nothing: when a file stands there, the new one is removed.
        """
        if self._file.closed:
            return
        self._file.close()
        if not self._whole:
            return
        try:
            if self._audible or not os.path.lexists(self._place):
                os.replace(self.unfinished_path, self._place)
            else:
                os.unlink(self.unfinished_path)
        except OSError as error:
            raise self._error(error) from error

    def _error(self, error: OSError) -> WavError:
        return WavError(f"cannot write {self.path}: {error.strerror or error}")


def _place_of(path: str) -> str:
    """The path behind all links. OSError for what is no file, for a loop of links, and in a
    recorded session's folder."""
    place = os.path.realpath(path)
    if os.path.lexists(os.path.join(os.path.dirname(place), _EVENTS)):
        raise OSError(
            errno.EPERM, "it lies in the folder of a recorded session, which stays as it is", path
        )
    mode = _mode_of(path)
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if mode is not None and not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device", path)
    if os.path.islink(path) and not _is_for_sound(place):
        raise OSError(errno.EPERM, "it is a link to something else than a WAV file", path)
    return place


def _is_for_sound(place: str) -> bool:
    """Whether a file of this name holds sound, or nothing yet: a link that came with a repository
    may lead anywhere."""
    if not place.lower().endswith(_SUFFIX):
        return False
    try:
        with open(place, "rb") as file:
            beginning = file.read(4)
    except FileNotFoundError:
        return True
    return not beginning or beginning in _BEGINNINGS


def _mode_of(path: str | Path) -> int | None:
    """None for a free name, a link to nothing, and a folder that creating complains about. OSError
    for a link to itself."""
    try:
        return os.stat(path).st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
        return None


def _create_beside(path: Path) -> tuple[str, int]:
    """A new file in the same folder, open for writing, whose name says what it is and will be; its
    mode is that of `path`."""
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
            os.chmod(beside, stat.S_IMODE(mode))  # what the umask took
        return str(beside), fd
    raise FileExistsError(
        errno.EEXIST, f"there are {_MOST_NAMES} unfinished files of this name", str(path)
    )
