"""The lines of a journal: on disk as far as they are written, in memory until then.

One thread puts lines, one writes them out, any may read. A line is in memory, then in both places, then on disk, so that a
reader who looks in memory first always finds it.
"""

import os
import threading
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress

from voicelive_tui.journal.wav import write_all

TAIL_LINES = 20_000
TAIL_BYTES = 32 * 1024 * 1024
"""How much is kept in memory when it cannot be written, before the oldest lines are let go."""
_BLOCK_BYTES = 4 * 1024 * 1024


_PREAD = hasattr(os, "pread")


def read_at(fd: int, size: int, offset: int) -> bytes:
    """These bytes of a file; where there is no `pread` (Windows), the place in the file is lost. Raises OSError."""
    if _PREAD:
        return os.pread(fd, size, offset)
    os.lseek(fd, offset, os.SEEK_SET)
    found = bytearray()
    while len(found) < size and (piece := os.read(fd, size - len(found))):
        found += piece
    return bytes(found)


class LineStore:
    """Numbered lines, without their ends.

    fd: an open file for the lines, owned by the store; None keeps a bounded tail in memory only.
    """

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self._offsets = array("Q")
        self._lengths = array("I")
        self._end = 0
        self._queue: deque[tuple[int, bytes]] = deque()
        self._waiting: dict[int, bytes] = {}
        self._tail_bytes = 0
        self._oldest = 0
        self._failed = fd is None
        self._reading = threading.Lock()

    def put(self, n: int, line: bytes) -> None:
        """Line n, one more than the last; it can be read at once."""
        self._waiting[n] = line
        if self._failed:
            self._forget_oldest(len(line))
        else:
            self._queue.append((n, line))

    def take(self) -> list[tuple[int, bytes]]:
        """The lines that are to be written next."""
        return [self._queue.popleft() for _ in range(len(self._queue))]

    def write(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Write these lines, which `take` gave. Raises OSError, and nothing of them is in the file then."""
        if self._fd is None or not lines:
            return
        try:
            with nullcontext() if _PREAD else self._reading:
                write_all(self._fd, b"".join(part for _, line in lines for part in (line, b"\n")))
        except OSError:
            # Half a line at the end would look like a crash.
            with suppress(OSError):
                os.ftruncate(self._fd, self._end)
            raise
        for n, line in lines:
            self.written(len(line))
            del self._waiting[n]

    def stop(self) -> None:
        """Write no more: what comes is kept in a bounded tail in memory, and what is written stays readable."""
        self._failed = True
        self._queue.clear()

    def written(self, length: int) -> None:
        """The next line stands at the end of the file with this length; also for lines found on reopening."""
        self._lengths.append(length)
        self._offsets.append(self._end)
        self._end += length + 1

    def skip(self, length: int) -> None:
        """These bytes of the file are no line."""
        self._end += length

    def read(self, n: int) -> bytes | None:
        """Line n; None when it had to be let go. Raises OSError."""
        line = self._waiting.get(n)
        if line is not None:
            return line
        if n >= len(self._offsets):
            return None
        return self._read_block(self._offsets[n], self._lengths[n]) or None

    def find(self, needle: bytes, start: int, stop: int) -> Iterator[int]:
        """Numbers of the lines in [start, stop) that hold the needle, upper and lower case of ASCII letters alike."""
        needle = needle.lower()
        on_disk = min(stop, len(self._offsets))
        while start < on_disk:
            last = min(on_disk, max(start + 1, bisect_right(self._offsets, self._offsets[start] + _BLOCK_BYTES)))
            base = self._offsets[start]
            yield from self._find_in(
                self._read_block(base, self._offsets[last - 1] + self._lengths[last - 1] - base), needle, base
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
        with self._reading:
            return b"" if self._fd is None else read_at(self._fd, size, offset)

    def close(self) -> None:
        """Close the file; lines on disk cannot be read any more."""
        with self._reading:
            if self._fd is not None:
                os.close(self._fd)
                self._fd = None

    def _forget_oldest(self, added_bytes: int) -> None:
        if not self._tail_bytes:
            self._tail_bytes = sum(map(len, list(self._waiting.values())))
            self._oldest = next(iter(self._waiting))
        else:
            self._tail_bytes += added_bytes
        while len(self._waiting) > 1 and (len(self._waiting) > TAIL_LINES or self._tail_bytes > TAIL_BYTES):
            # Numbers have no gaps; to ask a dict for its first key costs what was taken from its front.
            self._tail_bytes -= len(self._waiting.pop(self._oldest))
            self._oldest += 1
