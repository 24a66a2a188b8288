"""The row above a pane: its name, some facts, and a rule to the edge."""

from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit


class PaneTitle(SingleLine):
    """The name, the facts, and at the right what belongs to the pane's right edge. The pane with
    the focus has a double rule and its name reversed."""

    def sync(self, name: str, facts: Spans, right: Spans = (), *, focused: bool = False) -> None:
        """Show this title."""
        self.show(title_spans(name, facts, right, self.outer_size.width, focused=focused))


def title_spans(name: str, facts: Spans, right: Spans, width: int, *, focused: bool) -> list[Span]:
    """The title in `width` cells, with a cell of the rule at either end. The facts are cut before
    the right part is left out: the first of them at its end, the others whole."""
    rule = "═" if focused else "─"
    left: list[Span] = [(rule, "rule"), (f" {name} ", "title-focus" if focused else "title")]
    end: list[Span] = [(rule, "rule")]
    if right and cells(left) + cells(right) + 3 <= width:
        end = [(" ", ""), *_stripped(right), (" ", ""), *end]
    room = width - cells(left) - cells(end) - 1
    if facts and room > 2:
        left += [(" ", ""), *_fitting(facts, room - 2), (" ", "")]
    return [*left, (rule * max(0, width - cells(left) - cells(end)), "rule"), *end]


def _fitting(facts: Spans, room: int) -> list[Span]:
    """The first fact, cut if it must be, and the others as far as they fit whole."""
    (first, look), *others = facts
    fitting = [(fit(first, room), look)]
    for fact in others:
        if cells([*fitting, fact]) > room:
            break
        fitting.append(fact)
    return fitting


def _stripped(spans: Spans) -> list[Span]:
    """The spans without the blanks at either end."""
    texts = [text for text, _ in spans]
    texts[0] = texts[0].lstrip()
    texts[-1] = texts[-1].rstrip()
    return [(text, look) for text, (_, look) in zip(texts, spans, strict=True)]
