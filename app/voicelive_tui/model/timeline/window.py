"""The stretch of time that a timeline shows: some columns of one length each."""

from dataclasses import dataclass, replace
from typing import Final

from voicelive_tui.model.timeline.level_track import CELL_S, LONGEST_S, cell_of

ZOOMS: Final = (1, 2, 5, 10, 20, 40, 100, 200, 600)
"""The cells of 50 ms in a column, from the finest to the coarsest."""
DEFAULT_ZOOM: Final = 2
TICK_COLUMNS: Final = 20
COARSE_S: Final = 1.0
"""The length of a column from which on only levels, beginnings and cuts are shown."""


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """zoom: a position in `ZOOMS`. columns: how many are shown. last: the number of the last one,
    counted from the session's start; it may be far behind the session's end."""

    zoom: int
    columns: int
    last: int

    @classmethod
    def ending_at(cls, at_s: float, zoom: int, columns: int) -> "TimeWindow":
        """The window whose last column has this time in it."""
        return cls(zoom, columns, _column(at_s, zoom))

    @property
    def column_s(self) -> float:
        """The length of a column in seconds."""
        return ZOOMS[self.zoom] * CELL_S

    @property
    def is_coarse(self) -> bool:
        """Whether columns are so long that only levels, beginnings and cuts are shown."""
        return self.column_s >= COARSE_S

    @property
    def first(self) -> int:
        """The number of the first column; negative where it lies before the session."""
        return self.last - self.columns + 1

    @property
    def begin_s(self) -> float:
        """Where the first column begins."""
        return self.first * self.column_s

    @property
    def end_s(self) -> float:
        """Where the last column ends."""
        return (self.last + 1) * self.column_s

    def column_of(self, at_s: float) -> int:
        """The position of the column with this time, counted from 0. It may lie outside."""
        return _column(at_s, self.zoom) - self.first

    def time_of(self, column: int) -> float:
        """Where the column at this position begins; never before the session."""
        return max(0.0, (self.first + column) * self.column_s)

    def showing(self, at_s: float) -> "TimeWindow":
        """The window moved as little as is needed to show this time."""
        column = self.column_of(at_s)
        if column < 0:
            return replace(self, last=self.last + column)
        return replace(self, last=self.last + max(0, column - self.columns + 1))

    def ticks(self) -> list[int]:
        """The positions of the columns at which the axis has a tick, one in twenty."""
        begin = -(-max(0, self.first) // TICK_COLUMNS) * TICK_COLUMNS
        return [column - self.first for column in range(begin, self.last + 1, TICK_COLUMNS)]


def _column(at_s: float, zoom: int) -> int:
    return cell_of(min(max(0.0, at_s), LONGEST_S)) // ZOOMS[zoom]
