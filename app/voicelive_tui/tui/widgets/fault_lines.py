"""The line of a profile that has an error, with a mark under the place of the error."""

from typing import Final

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.model.profile.problem import Fault
from voicelive_tui.tui.widgets.spans import Spans, fit

LINE_CELLS: Final = 60
"""The cells of the line that are shown at most."""
_TAB_CELLS: Final = 4


def fault_lines(fault: Fault, width: int = LINE_CELLS) -> list[Spans]:
    """The line in at most `width` cells and a row with `^` under the error; no rows when the line
    is not known. Of a long line the part with the error is shown."""
    if not fault.line.strip():
        return []
    number = f" {fault.problem.line:>4}  "
    room = max(8, width - len(number))
    line = _shown(fault.line)
    if fault.column is None:
        return [[(number, "bad"), (fit(line, room), "")]]
    at = cell_len(_shown(fault.line[: fault.column - 1]))
    if at >= room:
        line, at = _from(fault.line, fault.column, room)
    return [
        [(number, "bad"), (fit(line, room), "")],
        [(" " * (len(number) + at), ""), ("^", "bad")],
    ]


def _from(text: str, column: int, room: int) -> tuple[str, int]:
    """The part of a text that begins half a row before the column, and the cells before it."""
    start = max(0, column - 1 - room // 2)
    before = "…" + _shown(text[start : column - 1])
    return before + _shown(text[column - 1 :]), cell_len(before)


def _shown(text: str) -> str:
    return printable(text.expandtabs(_TAB_CELLS))
