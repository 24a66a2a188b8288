"""Reads the lines of a file that anyone may have written. A line longer than any line of a journal
is skipped and not kept in memory."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

LONGEST_LINE_BYTES: Final = 64 * 2**20
"""The longest line that is read: four times the largest frame that is received (16 MiB).

A journal's line holds the text of a frame once, without its audio, or twice, with more letters
escaped, where the frame has line breaks in its text or is not strict JSON. Reading a line takes
five times its size in memory. A longer line was written by another program, or by a service that
escaped every letter.
"""
_PIECE_BYTES: Final = 2**20


class ReadingCancelled(Exception):
    """Raised when the caller does not want the rest of the file."""


class TextLine(NamedTuple):
    """One line of a file. text: without the line end, empty when the line is too long. length: in
    bytes, without the line end. ended: whether the line has a line end."""

    text: bytes
    length: int
    ended: bool

    @property
    def too_long(self) -> bool:
        """Whether the line was skipped because it exceeds `LONGEST_LINE_BYTES`."""
        return self.length > LONGEST_LINE_BYTES


def _never() -> bool:
    return False


def read_lines(file: BinaryIO, is_cancelled: Callable[[], bool] = _never) -> Iterator[TextLine]:
    """Yield each line. Raises ReadingCancelled when `is_cancelled`, which is called for each line
    and for each MiB of a long line, returns True."""
    pieces: list[bytes] = []
    length = 0
    while piece := file.readline(_PIECE_BYTES):
        if is_cancelled():
            raise ReadingCancelled
        ended = piece.endswith(b"\n")
        length += len(piece) - ended
        if length > LONGEST_LINE_BYTES:
            pieces.clear()
        else:
            pieces.append(piece)
        if ended:
            yield TextLine(b"".join(pieces).removesuffix(b"\n"), length, True)
            pieces, length = [], 0
    if length:
        yield TextLine(b"".join(pieces), length, False)
