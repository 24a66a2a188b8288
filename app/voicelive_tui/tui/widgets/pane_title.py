"""The row above a pane: its name, some facts, and a rule to the edge."""

from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit


class PaneTitle(SingleLine):
    """The name, the facts, and at the right the position in the pane."""

    def sync(self, name: str, facts: Spans, right: Spans = (), *, focused: bool = False) -> None:
        """Show this title. The name of the focused pane is marked."""
        look = "title-focus" if focused else "title"
        left: list[Span] = [("━" if focused else "─", "rule"), (f" {name} ", look)]
        room = self.outer_size.width - cells(left) - cells(right) - 1
        for text, fact_look in facts:
            left.append((fit(text, room), fact_look))
            room -= cells(left[-1:])
        room += 1
        if facts and room > 1:
            left.append((" ", ""))
            room -= 1
        self.show([*left, ("─" * max(0, room), "rule")], right)
