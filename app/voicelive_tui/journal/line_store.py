"""The lines of a journal: on disk as far as they are written, in memory until then.

One thread puts lines, one writes them out, any may read. A line is in memory, then in both places,
then on disk, so that a reader who looks in memory first always finds it. While the disk takes
nothing, the oldest lines in memory are forgotten once there are too many; their numbers stay,
without a line.
"""

import os
import threading
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from typing import NamedTuple

from voicelive_tui.journal.wav_file import write_all

MAX_WAITING_LINES = 20_000
MAX_WAITING_BYTES = 32 * 1024 * 1024
"""How much is kept in memory when it cannot be written, audio included, before the oldest lines are
let go."""
_BATCH_LINES = 1000
_BATCH_BYTES = 1024 * 1024
"""How much is written at a time, so that a little room is enough to make progress."""
_BLOCK_BYTES = 4 * 1024 * 1024


HAS_PREAD = hasattr(os, "pread")
"""Whether this system can read at a place of a file without moving there; Windows cannot."""


def read_at(fd: int, size: int, offset: int, *, pread: bool = HAS_PREAD) -> bytes:
    """These bytes of a file; without `pread` the place in the file is lost. Raises OSError."""
    if pread:
        return os.pread(fd, size, offset)
    os.lseek(fd, offset, os.SEEK_SET)
    found = bytearray()
    while len(found) < size and (piece := os.read(fd, size - len(found))):
        found += piece
    return bytes(found)


class WaitingLine(NamedTuple):
    """A line that is not on disk yet. audio_bytes: how much audio waits with it."""

    n: int
    line: bytes
    audio_bytes: int

    @property
    def size_bytes(self) -> int:
        """What it takes of the memory."""
        return len(self.line) + self.audio_bytes


class LineStore:
    """Numbered lines, without their ends.

    fd: an open file for the lines, owned by the store; None keeps a bounded tail in memory, until a
    file is attached. pread: whether to read with it; without it reading moves in the file, so that
    nothing is written meanwhile.
    """

    def __init__(self, fd: int | None, *, pread: bool = HAS_PREAD) -> None:
        self.lost = 0
        """How many lines were forgotten before they could be written."""
        self.closed = False
        self._fd = fd
        self._pread = pread
        self._offsets = array("Q")
        self._lengths = array("I")
        self._end = 0
        self._queue: deque[WaitingLine] = deque()
        self._queue_bytes = 0
        self._queue_lock = threading.Lock()
        """The queue and its size belong together, and the writer gives back what it could not
        write."""
        self._waiting: dict[int, bytes] = {}
        self._bounded = fd is None
        self._partly_written = False
        self._file_lock = threading.Lock()

    @property
    def unwritten(self) -> int:
        """How many lines are not in the file: those that wait, and those that were forgotten."""
        return len(self._waiting) + self.lost

    def attach(self, fd: int) -> None:
        """The file for the lines can be made now."""
        self._fd = fd

    def put(self, n: int, line: bytes, audio_bytes: int = 0) -> list[int]:
        """Line n, one more than the last; it can be read at once. The numbers of the lines that
        were forgotten for it."""
        self._waiting[n] = line
        with self._queue_lock:
            self._queue.append(WaitingLine(n, line, audio_bytes))
            self._queue_bytes += len(line) + audio_bytes
            return self._forget_oldest() if self._bounded else []

    def next_lines(self) -> list[WaitingLine]:
        """The lines that are to be written next; none while there is no file."""
        lines: list[WaitingLine] = []
        size = 0
        with self._queue_lock:
            while (
                self._fd is not None
                and self._queue
                and len(lines) < _BATCH_LINES
                and size < _BATCH_BYTES
            ):
                lines.append(self._queue.popleft())
                size += lines[-1].size_bytes
            self._queue_bytes -= size
        return lines

    def return_lines(self, lines: Sequence[WaitingLine]) -> None:
        """These lines, which `take` gave, could not be written."""
        with self._queue_lock:
            self._queue.extendleft(reversed(lines))
            self._queue_bytes += sum(line.size_bytes for line in lines)

    def write(self, lines: Sequence[WaitingLine]) -> None:
        """Write these lines, which `take` gave. Raises OSError, and nothing of them is in the file
        then."""
        if self._fd is None or not lines:
            return
        with nullcontext() if self._pread else self._file_lock:
            self._append(
                self._fd, b"".join(part for waiting in lines for part in (waiting.line, b"\n"))
            )
        for n, line, _ in lines:
            self.add_missing(n - len(self._offsets))
            self.add_written(len(line))
            del self._waiting[n]

    def _append(self, fd: int, data: bytes) -> None:
        if self._partly_written:
            os.ftruncate(fd, self._end)
        self._partly_written = True
        try:
            write_all(fd, data)
        except OSError:
            # Half a line at the end would look like a crash, and the next line would be glued to
            # it.
            with suppress(OSError):
                os.ftruncate(fd, self._end)
                self._partly_written = False
            raise
        self._partly_written = False

    def stop(self) -> None:
        """The disk takes nothing: what comes is kept in a bounded tail in memory, and what is
        written stays readable."""
        self._bounded = True

    def resume(self) -> None:
        """The disk takes lines again."""
        self._bounded = False

    def add_missing(self, count: int) -> None:
        """The next numbers have no line."""
        self._lengths.extend(array("I", [0]) * count)
        self._offsets.extend(array("Q", [self._end]) * count)

    def add_written(self, length: int) -> None:
        """The next line stands at the end of the file with this length; also for lines found on
        reopening."""
        self._lengths.append(length)
        self._offsets.append(self._end)
        self._end += length + 1

    def skip_bytes(self, length: int) -> None:
        """These bytes of the file are no line."""
        self._end += length

    def read(self, n: int) -> bytes | None:
        """Line n; None when it had to be forgotten. Raises OSError."""
        line = self._waiting.get(n)
        if line is not None:
            return line
        if n >= len(self._offsets):
            return None
        return self._read_block(self._offsets[n], self._lengths[n]) or None

    def find(self, needle: bytes, start: int, stop: int) -> Iterator[int]:
        """Numbers of the lines in [start, stop) that hold the needle, upper and lower case of ASCII
        letters alike."""
        needle = needle.lower()
        on_disk = min(stop, len(self._offsets))
        while start < on_disk:
            last = min(
                on_disk,
                max(start + 1, bisect_right(self._offsets, self._offsets[start] + _BLOCK_BYTES)),
            )
            base = self._offsets[start]
            yield from self._find_in(
                self._read_block(base, self._offsets[last - 1] + self._lengths[last - 1] - base),
                needle,
                base,
            )
            start = last
        for n in range(start, stop):
            if needle in (self.read(n) or b"").lower():
                yield n

    def _find_in(self, block: bytes, needle: bytes, base: int) -> Iterator[int]:
        block = block.lower()
        at = block.find(needle)
        while at >= 0:
            n = bisect_right(self._offsets, base + at) - 1
            end = self._offsets[n] + self._lengths[n] - base
            if at < end:  # not in bytes that were skipped
                yield n
            at = block.find(needle, max(at + 1, end))

    def _read_block(self, offset: int, size: int) -> bytes:
        with self._file_lock:
            return b"" if self._fd is None else read_at(self._fd, size, offset, pread=self._pread)

    def close(self) -> None:
        """Close the file; lines on disk cannot be read any more."""
        with self._file_lock:
            self.closed = True
            if self._fd is not None:
                os.close(self._fd)
                self._fd = None

    def _forget_oldest(self) -> list[int]:
        forgotten = []
        while len(self._queue) > 1 and (
            len(self._queue) > MAX_WAITING_LINES or self._queue_bytes > MAX_WAITING_BYTES
        ):
            oldest = self._queue.popleft()
            self._queue_bytes -= oldest.size_bytes
            del self._waiting[oldest.n]
            forgotten.append(oldest.n)
        self.lost += len(forgotten)
        return forgotten
