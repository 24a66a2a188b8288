"""The last row of the events pane while a filter is typed, with what is to be said about it below:
the place of a mistake, or what would find more."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from voicelive_tui.model.events.filters import FilterError
from voicelive_tui.tui.widgets.filter_input import FilterInput
from voicelive_tui.tui.widgets.single_line import SingleLine
from voicelive_tui.tui.widgets.spans import Span, Spans, cells, fit

_PROMPT = " / "


class FilterLine(Vertical):
    """The line and up to two rows below it."""

    DEFAULT_CSS = """
    FilterLine Horizontal { height: 1; }
    FilterLine SingleLine { display: none; }
    FilterLine SingleLine.said { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._input = FilterInput(placeholder="F1 explains the filter", id="filter")
        self._said = (SingleLine(), SingleLine())

    def compose(self) -> ComposeResult:
        """Yield the line and the rows."""
        with Horizontal():
            yield Static(_PROMPT, classes="prompt", markup=False)
            yield self._input
        yield from self._said

    @property
    def input(self) -> FilterInput:
        """The line that is typed in."""
        return self._input

    def say(self, *rows: Spans) -> None:
        """Show these rows below the line, at most two."""
        for at, line in enumerate(self._said):
            line.set_class(at < len(rows), "said")
            line.show(rows[at] if at < len(rows) else ())


def mistake_rows(mistake: FilterError, scrolled: int, width: int, still: str) -> tuple[Spans, ...]:
    """The two rows under an expression with a mistake: its place with the sentence, and what is
    still shown. scrolled: characters of the expression that are left of the line."""
    start = len(_PROMPT) + mistake.start - scrolled
    marked = max(1, mistake.end - mistake.start)
    start, end = max(len(_PROMPT), start), max(len(_PROMPT) + 1, start + marked)
    end = min(end, width)
    start = min(start, end - 1)
    mark: list[Span] = [(" " * start, ""), ("~" * (end - start - 1) + "^", "bad")]
    sentence = " " + mistake.brief
    if cells(mark) + len(sentence) > width and start > len(sentence):
        # There is more room at its left.
        mark = [(sentence.rjust(start - 1) + " ", "warn"), mark[1]]
    else:
        mark.append((fit(sentence, max(0, width - end)), "warn"))
    return mark, [(fit(f"   still shown: {still}", width), "dim")]
