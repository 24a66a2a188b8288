"""Stores the lines of a journal: in memory until they are written to disk.

One thread puts lines, one thread writes them, and any thread may read. Invariant: a line is in
memory, then in memory and on disk, then on disk only, so a reader that looks in memory first always
finds it. While the disk accepts nothing and too many lines wait, the oldest are dropped; their
numbers stay, without a line.
"""

import os
import re
import threading
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from typing import NamedTuple

from voicelive_tui.journal.in_use import hold_to_show, hold_to_write
from voicelive_tui.journal.wav_file import write_all
from voicelive_tui.model.events.filter_terms import event_start

MAX_WAITING_LINES = 20_000
MAX_WAITING_BYTES = 32 * 1024 * 1024
"""The most that waits in memory when it cannot be written, audio included, before the oldest lines
are dropped."""
_BATCH_LINES = 1000
_BATCH_BYTES = 1024 * 1024
"""The most that is written at a time, so that a little free space is enough to make progress."""
_BLOCK_BYTES = 4 * 1024 * 1024


HAS_PREAD = hasattr(os, "pread")
"""Whether this system can read at an offset without moving the file's position. Windows cannot."""


def read_at(fd: int, size: int, offset: int, *, pread: bool = HAS_PREAD) -> bytes:
    """Return these bytes of a file. Without `pread` the file's position moves. Raises OSError."""
    if pread:
        return os.pread(fd, size, offset)
    os.lseek(fd, offset, os.SEEK_SET)
    data = bytearray()
    while len(data) < size and (piece := os.read(fd, size - len(data))):
        data += piece
    return bytes(data)


class WaitingLine(NamedTuple):
    """A line that is not on disk yet. audio_bytes: the audio that waits with it."""

    n: int
    line: bytes
    audio_bytes: int

    @property
    def size_bytes(self) -> int:
        """The memory that the line takes, with its audio."""
        return len(self.line) + self.audio_bytes


class LineStore:
    """Numbered lines, without their line ends.

    fd: an open file for the lines, which the store owns; with None a limited number of lines is
    kept in memory until a file is attached. pread: whether to read with `os.pread`; without it
    reading moves the file's position, so reading and writing exclude each other.
    """

    def __init__(self, fd: int | None, *, pread: bool = HAS_PREAD) -> None:
        self.lost = 0
        """The number of lines that were dropped before they could be written."""
        self.closed = False
        self._fd = fd
        self._pread = pread
        self._offsets = array("Q")
        self._lengths = array("I")
        self._end = 0
        self._queue: deque[WaitingLine] = deque()
        self._queue_bytes = 0
        self._queue_lock = threading.Lock()
        """Guards the queue together with its size: one thread appends, the writer takes lines and
        returns those that it could not write."""
        self._waiting: dict[int, bytes] = {}
        self._bounded = fd is None
        self._partly_written = False
        self._file_lock = threading.Lock()

    @property
    def unwritten(self) -> int:
        """The number of lines that are not in the file, either waiting or dropped."""
        return len(self._waiting) + self.lost

    def attach(self, fd: int) -> None:
        """Set the file for the lines, which could be made only now. It is held until the store is
        closed."""
        hold_to_write(fd)
        self._fd = fd

    def written_to_end(self) -> None:
        """Note that nothing is written any more, so that other consoles may show the recording."""
        with self._file_lock:
            if self._fd is not None:
                hold_to_show(self._fd)

    def put(self, n: int, line: bytes, audio_bytes: int = 0) -> list[int]:
        """Add line n, the number after the last; it can be read at once. Return the numbers of the
        lines that were dropped for it."""
        self._waiting[n] = line
        with self._queue_lock:
            self._queue.append(WaitingLine(n, line, audio_bytes))
            self._queue_bytes += len(line) + audio_bytes
            return self._forget_oldest() if self._bounded else []

    def next_lines(self) -> list[WaitingLine]:
        """Remove and return the next lines to write; none while there is no file."""
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
        """Put back lines from `next_lines` that could not be written."""
        with self._queue_lock:
            self._queue.extendleft(reversed(lines))
            self._queue_bytes += sum(line.size_bytes for line in lines)

    def write(self, lines: Sequence[WaitingLine]) -> None:
        """Write lines from `next_lines`. Raises OSError, and none of them is in the file then."""
        if self._fd is None or not lines:
            return
        with nullcontext() if self._pread else self._file_lock:
            self._append(
                self._fd, b"".join(part for waiting in lines for part in (waiting.line, b"\n"))
            )
        for n, line, _ in lines:
            if n > len(self._offsets):
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
            # Half a line at the end would look like a crash, and the next line would be appended to
            # it.
            with suppress(OSError):
                os.ftruncate(fd, self._end)
                self._partly_written = False
            raise
        self._partly_written = False

    def stop(self) -> None:
        """Limit what waits in memory from now on, because the disk accepts nothing. Written lines
        stay readable."""
        self._bounded = True

    def resume(self) -> None:
        """Stop limiting what waits in memory, because the disk accepts lines again."""
        self._bounded = False

    def add_missing(self, count: int) -> None:
        """Add numbers without lines."""
        self._lengths.extend(array("I", [0]) * count)
        self._offsets.extend(array("Q", [self._end]) * count)

    def add_written(self, length: int) -> None:
        """Add a line of this length that is at the end of the file; also used for lines found when
        a session is read."""
        self._lengths.append(length)
        self._offsets.append(self._end)
        self._end += length + 1

    def skip_bytes(self, length: int) -> None:
        """Skip bytes at the end of the file that are no line."""
        self._end += length

    def read(self, n: int) -> bytes | None:
        """Return line n; None when it was dropped. Raises OSError."""
        line = self._waiting.get(n)
        if line is not None:
            return line
        if n >= len(self._offsets):
            return None
        return self._read_block(self._offsets[n], self._lengths[n]) or None

    def find(self, needle: bytes, start: int, stop: int) -> Iterator[int]:
        """Yield the numbers of the lines in [start, stop) that hold the needle. The case of ASCII
        letters is ignored."""
        needle = needle.lower()
        on_disk = min(stop, len(self._offsets))
        while start < on_disk:
            last, base, block = self._block(start, on_disk)
            yield from self._find_in(block, needle, base)
            start = last
        for n in range(start, stop):
            if needle in (self.read(n) or b"").lower():
                yield n

    def _find_in(self, block: bytes, needle: bytes, base: int) -> Iterator[int]:
        at = block.find(needle)
        while at >= 0:
            n = bisect_right(self._offsets, base + at) - 1
            end = self._offsets[n] + self._lengths[n] - base
            if at < end:  # not in skipped bytes
                yield n
            at = block.find(needle, max(at + 1, end))

    def search(self, pattern: "re.Pattern[bytes]", start: int, stop: int) -> Iterator[int]:
        """Yield the numbers of the lines in [start, stop) whose event matches the pattern when it
        is in lower case."""
        on_disk = min(stop, len(self._offsets))
        while start < on_disk:
            last, base, block = self._block(start, on_disk)
            yield from self._search_in(block, pattern, base)
            start = last
        for n in range(start, stop):
            line = (self.read(n) or b"").lower()
            if pattern.search(line, event_start(line)):
                yield n

    def _search_in(self, block: bytes, pattern: "re.Pattern[bytes]", base: int) -> Iterator[int]:
        at = 0
        while found := pattern.search(block, at):
            n = bisect_right(self._offsets, base + found.start()) - 1
            line = self._offsets[n] - base
            end = line + self._lengths[n]
            # What was found may reach into the next line, or stand before the event.
            if pattern.search(block, event_start(block, line, end), end):
                yield n
            at = max(end, found.start()) + 1

    def _block(self, start: int, stop: int) -> tuple[int, int, bytes]:
        """Return some lines on disk from line `start` on, in lower case: the number after the last
        one, their position in the file, and their text."""
        base = self._offsets[start]
        last = min(stop, max(start + 1, bisect_right(self._offsets, base + _BLOCK_BYTES)))
        size = self._offsets[last - 1] + self._lengths[last - 1] - base
        return last, base, self._read_block(base, size).lower()

    def _read_block(self, offset: int, size: int) -> bytes:
        with self._file_lock:
            return b"" if self._fd is None else read_at(self._fd, size, offset, pread=self._pread)

    def close(self) -> None:
        """Close the file. Lines on disk cannot be read afterwards."""
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
