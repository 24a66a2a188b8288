"""Breaks a text into rows of a width in cells. Pure functions.

A row ends between two words, or beside a wide character, as the scripts that have them do. Only a
word that is longer than a whole row is broken, and never within what is one character to a reader.
"""

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, split_graphemes

from voicelive_tui.tui.widgets.spans import Span, Spans

HEARD_UP_TO: Final = "▌"
"""Stands in place of a space, between what was heard and what was not; a row may end behind it."""
_WORD: Final = re.compile(rf"[^\s{HEARD_UP_TO}]*{HEARD_UP_TO}|[^\s{HEARD_UP_TO}]+")
_CLOSING: Final = frozenset("、。，．！？：；」』）】〉》〕］｝ー…々?!,.;:)]}%")  # noqa: RUF001 - wide signs
_OPENING: Final = frozenset("「『（【〈《〔［｛")  # noqa: RUF001 - wide signs
_NARROWEST: Final = 2

Piece = tuple[int, int, int]
"""Start and end of a part of the text, and its width in cells."""


def wrapped(spans: Spans, first: int, room: int) -> list[list[Span]]:
    """The spans in rows of at most `room` cells, the first row of `first`. Looks are kept, spaces
    at a break are left out."""
    text = "".join(part for part, _ in spans)
    return [cut_out(spans, start, end) for start, end in break_rows(text, first, room)]


def cut_out(spans: Spans, start: int, end: int) -> list[Span]:
    """The part of the spans between two positions in their text."""
    found, at = [], 0
    for text, look in spans:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            found.append((part, look))
        at += len(text)
        if at >= end:
            break
    return found


def break_rows(text: str, first: int, room: int) -> list[tuple[int, int]]:
    """Start and end of each row: at least one, and one for each line of the text. first: the cells
    of the first row; room: those of every other."""
    rows: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        breaker = _Paragraph(text, start, room if rows else first, room)
        for word in _WORD.finditer(text, start, end):
            for piece in _pieces(text, word.start(), word.end()):
                breaker.add(piece)
        rows += breaker.rows()
        start = end + 1
    return rows


class _Paragraph:
    """The rows of one paragraph so far, the last of them open."""

    def __init__(self, text: str, start: int, first: int, room: int) -> None:
        self._text = text
        self._done: list[tuple[int, int]] = []
        self._start = self._end = start
        self._used = 0
        self._room = max(_NARROWEST, room)
        self._limit = max(_NARROWEST, first)

    def rows(self) -> list[tuple[int, int]]:
        return [*self._done, (self._start, self._end)]

    def add(self, piece: Piece) -> None:
        start, end, width = piece
        space = cell_len(self._text[self._end : start])
        if self._used + space + width <= self._limit:
            self._take(piece, space)
        elif width > self._room:
            self._break_up(start, end)
        else:
            self._next_row(start)
            self._take(piece, 0)

    def _break_up(self, start: int, end: int) -> None:
        for piece in _graphemes(self._text, start, end):
            space = cell_len(self._text[self._end : piece[0]])
            if self._used + space + piece[2] > self._limit:
                self._next_row(piece[0])
                space = 0
            self._take(piece, space)

    def _take(self, piece: Piece, space: int) -> None:
        self._end = piece[1]
        self._used += space + piece[2]

    def _next_row(self, start: int) -> None:
        if self._end > self._start or self._limit != self._room:
            self._done.append((self._start, self._end))
        self._start = self._end = start
        self._used, self._limit = 0, self._room


def _graphemes(text: str, start: int, end: int) -> list[Piece]:
    """What is one character to a reader, such as a letter with its accents or a family of emoji."""
    spans, _ = split_graphemes(text[start:end])
    return [(start + first, start + last, width) for first, last, width in spans]


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The parts of a word between which a row may end: beside each wide character, except before a
    sign that closes and behind one that opens."""
    word = text[start:end]
    width = cell_len(word)
    if width == len(word):
        yield start, end, width
        return
    piece_start, piece_end, piece_width, was_wide = start, start, 0, False
    for first, last, cells in _graphemes(text, start, end):
        may_end = (was_wide or cells > 1) and text[first] not in _CLOSING
        if piece_end > piece_start and may_end and text[piece_end - 1] not in _OPENING:
            yield piece_start, piece_end, piece_width
            piece_start, piece_width = first, 0
        piece_end, piece_width, was_wide = last, piece_width + cells, cells > 1
    yield piece_start, piece_end, piece_width
