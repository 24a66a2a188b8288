"""Lays out the newest notice in the rows above the message line. A pure function of values."""

from collections.abc import Sequence

from voicelive_common.printable import printable

from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit, wrap

MOST_ROWS = 2
TIME_FROM = 100
"""The width from which the time of a notice is shown."""
_WORD_CELLS = 9
_LOOKS = {"info": "accent", "warning": "warn", "error": "bad"}


def notice_rows(
    level: NoticeLevel,
    text: str,
    width: int,
    *,
    at: str = "",
    others: Sequence[str] = (),
    rest: str = "",
    most_rows: int = MOST_ROWS,
) -> list[Spans]:
    """The rows of a notice, at most `most_rows`, each at most `width` cells wide.

    at: the time, as shown. others: what says, at the right end of the last row, that there are more
    notices, and shorter words for a text that leaves less room in a single row; empty if there are
    none. rest: what is said there if the text does not fit and there are no others.
    """
    head = _head(level, at if width >= TIME_FROM else "")
    room = width - cells(head) - 1
    words = " ".join(printable(text).split())
    free = room - cells([(words, "")])
    tag = next((each for each in others if _tag_cells(each) <= free), others[0] if others else "")
    upper, last = _broken(words, room, room - _tag_cells(tag), most_rows)
    if cells([(last, "")]) > room - _tag_cells(tag):
        tag = tag or rest
    shown = fit(last, room - _tag_cells(tag))
    look = "" if level == "info" else _LOOKS[level]
    blank: Spans = [(" " * cells(head), "")]
    rows: list[Spans] = [
        [*(blank if number else head), (row, look)] for number, row in enumerate([*upper, shown])
    ]
    if tag:
        gap = " " * max(0, width - cells(rows[-1]) - cells([(tag, "")]) - 1)
        rows[-1] = [*rows[-1], (gap, ""), (tag, "dim")]
    return rows


def _head(level: NoticeLevel, at: str) -> Spans:
    time: list[Span] = [(f" {at:<5}" if at else "", "dim")]
    word = "" if level == "info" else level
    return [*time, (f" {word:<{_WORD_CELLS}}" if word else " ", _LOOKS[level])]


def _tag_cells(tag: str) -> int:
    return cells([(tag, "")]) + 2 if tag else 0


def _broken(words: str, room: int, last_room: int, most_rows: int) -> tuple[list[str], str]:
    """The full rows, and all that is left for the last one, which may be too long for it."""
    upper: list[str] = []
    while len(upper) < most_rows - 1 and cells([(words, "")]) > last_room:
        row = "".join(text for text, _ in wrap([(words, "")], room)[0]).rstrip()
        upper.append(row)
        words = words[len(row) :].lstrip()
    return upper, words
