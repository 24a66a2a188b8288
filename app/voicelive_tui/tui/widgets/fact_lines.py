"""Lays out the rows of an event's summary: labels in a column, values wrapped beside it."""

from collections.abc import Sequence
from typing import Final

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
        value = wrap([(printable(fact.value), fact.look)], max(8, width - column))
        for at, line in enumerate(value):
            lines.append([(label if not at else " " * column, "dim"), *line])
    return lines
