"""An append-only WAV file whose header is right after every append (RIFF WAVE, pcm16 and G.711).

Data is written first and the sizes in the header afterwards, so that a crash in between leaves a
valid file that is a little short.
"""

import os
from contextlib import suppress

from voicelive_common.wav import mono_header

from voicelive_tui.model.formats import AudioFormat

_BLOCK_BYTES = 64 * 1024


def header_size(audio_format: AudioFormat) -> int:
    """Return the offset of the data in a file of this format."""
    return len(mono_header(audio_format.codec, audio_format.rate_hz, 0))


class WavFile:
    """One growing WAV file. Not thread-safe: it belongs to the journal's writer thread."""

    def __init__(self, path: str, audio_format: AudioFormat) -> None:
        """Create the file with mode 0600. Raises OSError."""
        self._format = audio_format
        self._data_bytes = 0
        self._start = header_size(audio_format)
        self._fd = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        try:
            write_all(self._fd, mono_header(audio_format.codec, audio_format.rate_hz, 0))
        except OSError:
            # A file without a header would make the next attempt fail.
            os.close(self._fd)
            with suppress(OSError):
                os.unlink(path)
            raise

    def append(self, data: bytes, offset: int | None = None) -> None:
        """Write data at this offset of the file, by default at its end; a gap before it is filled
        with silence.

        Raises OSError; earlier data and the header stay right, and the same data can be appended
        again.
        """
        end = self._start + self._data_bytes
        end = write_at(
            self._fd, end, end if offset is None else offset, data, self._format.silence(1)[:1]
        )
        os.lseek(self._fd, 0, os.SEEK_SET)
        write_all(
            self._fd, mono_header(self._format.codec, self._format.rate_hz, end - self._start)
        )
        self._data_bytes = end - self._start

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte; a nearly full disk writes only a part and reports no error. Raises
    OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_at(fd: int, end: int, offset: int, data: bytes, filler: bytes) -> int:
    """Write data at this offset of a file that ends at `end`, fill a gap with the byte `filler`,
    and return the new end.

    Raises OSError; the file has its old length then.
    """
    try:
        if offset > end:
            _fill(fd, end, offset, filler)
        os.lseek(fd, offset, os.SEEK_SET)
        write_all(fd, data)
    except OSError:
        with suppress(OSError):
            os.ftruncate(fd, end)
        raise
    return max(end, offset + len(data))


def _fill(fd: int, start: int, stop: int, filler: bytes) -> None:
    if filler == b"\0":
        os.ftruncate(fd, stop)  # most file systems store no blocks for these zeros
        return
    os.lseek(fd, start, os.SEEK_SET)
    for at in range(start, stop, _BLOCK_BYTES):
        write_all(fd, filler * min(_BLOCK_BYTES, stop - at))


class RawFile:
    """A growing file without a header, for encoded video."""

    def __init__(self, path: str) -> None:
        """Create the file with mode 0600. Raises OSError."""
        self._fd = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        self._end = 0

    def append(self, data: bytes, offset: int | None = None) -> None:
        """Write data at this offset of the file, by default at its end; a gap is filled with zeros.
        Raises OSError."""
        self._end = write_at(
            self._fd, self._end, self._end if offset is None else offset, data, b"\0"
        )

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)
