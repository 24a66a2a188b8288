"""Lays out the rows of an event's summary: labels in a column, values wrapped beside it."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from voicelive_common.printable import printable

from voicelive_tui.model.events.event_facts import Fact
from voicelive_tui.tui.widgets.spans import Span, fit, wrap

LEAST_LABEL: Final = 10
MOST_LABEL: Final = 28
"""Cells of the column of labels."""


def fact_lines(facts: Sequence[Fact], width: int) -> list[list[Span]]:
    """The facts as lines of at most `width` cells."""
    column = 1 + max((len(printable(fact.label)) for fact in facts), default=0)
    column = min(max(column, LEAST_LABEL), MOST_LABEL, max(4, width // 2))
    lines: list[list[Span]] = []
    for fact in facts:
        label = fit(printable(fact.label), column - 1).ljust(column)
        value = _broken(printable(fact.value), max(8, width - column))
        for at, line in enumerate(wrap([(value, fact.look)], max(8, width - column))):
            lines.append([(label if not at else " " * column, "dim"), *line])
    return lines


def _broken(value: str, width: int) -> str:
    """The value with line breaks between its parts, which two blanks separate, so that no part is
    torn, such as an id from its name. Unchanged if it has lines already, or a part is wider than
    `width` cells."""
    parts = value.split("  ")
    if "\n" in value or max(map(cell_len, parts)) > width:
        return value
    lines = parts[:1]
    for part in parts[1:]:
        if cell_len(f"{lines[-1]}  {part}") <= width:
            lines[-1] += f"  {part}"
        else:
            lines.append(part)
    return "\n".join(lines)
