"""The loudness of one side of the conversation over the session's time.

Invariant: one thread writes, any thread may read. A reader sees each cell as it was before a write
or after it.
"""

from collections.abc import Sequence
from typing import Final

from voicelive_tui.model.formats import BLOCK_S
from voicelive_tui.model.timeline.loudness import UNMEASURED

CELL_S: Final = 0.05
LONGEST_S: Final = 24 * 3600.0
"""Levels later than this in a session are not kept, so that a track has at most two megabytes."""
_STEP: Final = 10
"""How many cells one of the next coarser layer covers."""
_LAYERS: Final = 3
_NEARLY: Final = 1e-6


class LevelTrack:
    """The loudest level of each 50 ms, and of each 0.5 s and 5 s, as the bytes of `loudness.py`."""

    def __init__(self) -> None:
        self._layers = tuple(bytearray() for _ in range(_LAYERS))

    @property
    def size_bytes(self) -> int:
        """The memory of all layers."""
        return sum(map(len, self._layers))

    def write(self, begin_s: float, levels: Sequence[int]) -> None:
        """Note the levels of blocks of 20 ms, the first of which begins at `begin_s`. A cell keeps
        the loudest of its blocks."""
        middle_s = begin_s + BLOCK_S / 2
        for position, level in enumerate(levels):
            at_s = middle_s + position * BLOCK_S
            if 0 <= at_s < LONGEST_S:
                self._raise(cell_of(at_s), level)

    def _raise(self, cell: int, level: int) -> None:
        for layer in self._layers:
            if cell >= len(layer):
                layer.extend(bytes(cell + 1 - len(layer)))
            if layer[cell] >= level:
                return
            layer[cell] = level
            cell //= _STEP

    def erase(self, begin_s: float, end_s: float) -> None:
        """Forget the cells that begin in this stretch, because it was not heard after all."""
        finest = self._layers[0]
        first = max(0, cell_of(begin_s + CELL_S - _NEARLY))
        stop = min(len(finest), cell_of(end_s - _NEARLY) + 1)
        if first >= stop:
            return
        finest[first:stop] = bytes(stop - first)
        for finer, layer in zip(self._layers, self._layers[1:], strict=False):
            first, stop = first // _STEP, (stop - 1) // _STEP + 1
            for cell in range(first, min(stop, len(layer))):
                layer[cell] = max(finer[cell * _STEP : (cell + 1) * _STEP], default=UNMEASURED)

    def peaks(self, first: int, count: int, cells: int) -> bytes:
        """The loudest level in each of `count` columns of `cells` cells of 50 ms. The first column
        begins at cell `first * cells`, which may be before the session; there nothing is
        measured."""
        layer, size = self._layers[0], cells
        for coarser in self._layers[1:]:
            if size % _STEP:
                break
            layer, size = coarser, size // _STEP
        begin = first * size
        shown = bytes(max(0, -begin)) + layer[max(0, begin) : max(0, begin + count * size)]
        shown = shown.ljust(count * size, b"\0")
        if size == 1:
            return bytes(shown)
        return bytes(max(shown[at : at + size]) for at in range(0, count * size, size))


def cell_of(at_s: float) -> int:
    """The cell of 50 ms in which this time lies."""
    return int(at_s / CELL_S + _NEARLY)
