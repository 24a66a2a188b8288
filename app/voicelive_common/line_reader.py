"""Reads the lines of a file that anyone may have written: one that is longer than a journal's is passed over, not kept."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

LONGEST_LINE_BYTES: Final = 256 * 2**20
"""More than the journal writes for the largest frame, 16 MiB, with every byte of it escaped in `raw` and in `event`."""
_PIECE_BYTES: Final = 2**20


class ReadingCancelled(Exception):
    """The caller does not want the file any more."""


class TextLine(NamedTuple):
    """text: without its end, empty when it is too long. length: in bytes, without its end. ended: whether it has an end."""

    text: bytes
    length: int
    ended: bool

    @property
    def too_long(self) -> bool:
        """No journal wrote it."""
        return self.length > LONGEST_LINE_BYTES


def _never() -> bool:
    return False


def read_lines(file: BinaryIO, is_cancelled: Callable[[], bool] = _never) -> Iterator[TextLine]:
    """Each line of a file. Raises ReadingCancelled when `is_cancelled`, asked at each of them, says so."""
    while line := file.readline(LONGEST_LINE_BYTES + 1):
        if is_cancelled():
            raise ReadingCancelled
        length, ended = len(line), line.endswith(b"\n")
        if length > LONGEST_LINE_BYTES and not ended:
            rest, ended = _skip_line(file, is_cancelled)
            line, length = b"", length + rest
        yield TextLine(line.removesuffix(b"\n"), length - ended, ended)


def _skip_line(file: BinaryIO, is_cancelled: Callable[[], bool]) -> tuple[int, bool]:
    """Read on to the end of a line without keeping it: how many bytes that was, and whether the line has an end."""
    length = 0
    while piece := file.readline(_PIECE_BYTES):
        if is_cancelled():
            raise ReadingCancelled
        length += len(piece)
        if piece.endswith(b"\n"):
            return length, True
    return length, False
