"""How the rows and columns of the main screen are divided at each size of the terminal."""

from dataclasses import dataclass
from typing import Literal

Arrangement = Literal["too small", "compact", "stacked", "columns"]
"""too small: one sentence. compact: status, transcript, messages and footer. stacked: transcript
above events. columns: transcript beside events."""

SMALLEST_COLUMNS, SMALLEST_ROWS = 40, 12
FULL_COLUMNS, FULL_ROWS = 80, 22
"""The size from which all panes are shown: a terminal of 80x24 less a row of tmux and the row in
which `voicelive-tui ssh` shows the microphone."""
_TWO_COLUMNS_FROM = 100
_TRANSCRIPT_CELLS = 52
"""The cells that a transcript beside the events has at least."""
_WIDE_FROM = 160
THIRD_COLUMN_FROM = _WIDE_FROM
THIRD_CELLS = 49
"""The cells of a third column, one of them for the line before it."""
_WIDE_SHARE, _MOST_TRANSCRIPT_CELLS = 0.56, 92
_TWO_NOTICES_FROM = 40
_TALLEST_FROM = 50
_FRAMED_LANES_FROM = 30
_FOUR_LANES_FROM = (120, 36)


@dataclass(frozen=True, slots=True)
class ScreenLayout:
    """The division of a screen.

    transcript_cells: the width of the transcript; the events have the rest, one cell of it for the
    line between both. notice_rows: the rows that notices have at least. detail_rows: the rows of
    the details that always stand under the events; 0 if they are opened by a key. third_cells: the
    width of a third column; 0 without one. timeline_rows: two lanes alone, or with a rule and an
    axis two or four of them.
    """

    arrangement: Arrangement
    transcript_cells: int
    notice_rows: int
    detail_rows: int
    third_cells: int = 0
    timeline_rows: int = 0

    @property
    def style_classes(self) -> dict[str, bool]:
        """The style classes of the screen, and whether each of them is set."""
        return {
            "tiny": self.arrangement == "too small",
            "compact": self.arrangement == "compact",
            "narrow": self.arrangement == "stacked",
            "tall": self.detail_rows > 0,
            "tallest": self.detail_rows > 6,
            "lanes": self.timeline_rows > 0,
            "framed-lanes": self.timeline_rows > 2,
            "four-lanes": self.timeline_rows > 4,
        }


def screen_layout(columns: int, rows: int, *, third_column: bool = False) -> ScreenLayout:
    """The division of a screen of this size. third_column: one is wanted, where there is room."""
    arrangement = _arrangement(columns, rows)
    wide = arrangement == "columns" and columns >= THIRD_COLUMN_FROM
    third = THIRD_CELLS if third_column and wide else 0
    if arrangement != "columns":
        cells = columns
    elif columns >= _WIDE_FROM:
        rest = columns - max(0, third - 1)
        cells = min(_MOST_TRANSCRIPT_CELLS, int((rest - 1) * _WIDE_SHARE))
    else:
        cells = max(_TRANSCRIPT_CELLS, columns // 2)
    whole = arrangement in ("stacked", "columns")
    detail_rows = 8 if rows >= _TALLEST_FROM else 6 if rows >= _TWO_NOTICES_FROM else 0
    return ScreenLayout(
        arrangement,
        cells,
        2 if whole and rows >= _TWO_NOTICES_FROM else 1,
        detail_rows if whole else 0,
        third,
        _timeline_rows(columns, rows) if whole else 0,
    )


def _timeline_rows(columns: int, rows: int) -> int:
    if rows < _FRAMED_LANES_FROM:
        return 2
    return 6 if rows >= _FOUR_LANES_FROM[1] and columns >= _FOUR_LANES_FROM[0] else 4


def _arrangement(columns: int, rows: int) -> Arrangement:
    if columns < SMALLEST_COLUMNS or rows < SMALLEST_ROWS:
        return "too small"
    if columns < FULL_COLUMNS or rows < FULL_ROWS:
        return "compact"
    return "columns" if columns >= _TWO_COLUMNS_FROM else "stacked"
