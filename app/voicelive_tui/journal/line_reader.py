"""The lines of a file that may come from anybody: one that is longer than a journal's is passed over without being kept."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

LONGEST_LINE_BYTES: Final = 64 * 2**20
"""Four times the largest frame that is received, 16 MiB, of which a line holds the text once, without its audio; where the frame
has several lines of text or is no strict JSON, twice and with other letters escaped. Reading a line takes five times its size of
memory. A longer one comes from another hand, or from a service that made the most of every escape."""
_PIECE_BYTES: Final = 2**20


class ReadingCancelled(Exception):
    """The folder is not wanted any more."""


class TextLine(NamedTuple):
    """text: without its end, empty when it is too long. length: in bytes, without its end. ended: whether it has an end."""

    text: bytes
    length: int
    ended: bool

    @property
    def too_long(self) -> bool:
        """It is not read."""
        return self.length > LONGEST_LINE_BYTES


def read_lines(file: BinaryIO, is_cancelled: Callable[[], bool]) -> Iterator[TextLine]:
    """Each line. Raises ReadingCancelled when `is_cancelled`, asked at each of them and at each MiB of one, says so."""
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
