"""The filter's language on one page, which stands in the transcript's place while a filter is
typed."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.text_page import TextPage

_WORD_CELLS: Final = 17
_ROWS: Final = (
    ("word word", "both, in type or content"),
    ('"two words"', "as they stand;  /regex/"),
    ("-word", "not;  and  or  ( );  a|b either"),
    ("type:done", "only in the type"),
    ("> < =  dir:>", "sent, received, local"),
    ("code:invalid*", "code of an error or a close"),
    ("call:get_parcel", "a call, by id or function"),
    ("item: resp:", "an id; . is the cursor's"),
    ("turn:4", "a turn; turn:. the cursor's"),
    ("size>4k", "bytes on the wire"),
    ("gap>200ms", "time since the row above"),
    ("t>0:50  t<1:00", "time since the start"),
    ("err", "errors only (they always show)"),
)


def filter_help_lines(shade_key: str) -> list[Spans]:
    """The page's lines: the first span of each is its label or its indent."""
    keys = (
        "Tab completes a field, Up brings the last filters.",
        f"Enter keeps it, Esc takes it back; {shade_key} shades the rest instead of hiding it.",
    )
    return [
        *([(f" {word:<{_WORD_CELLS}}", "strong"), (meaning, "dim")] for word, meaning in _ROWS),
        *([(" ", ""), (sentence, "dim")] for sentence in keys),
    ]


class FilterHelp(Vertical):
    """The page with its title."""

    DEFAULT_CSS = "FilterHelp { width: 1fr; height: 1fr; }"

    def __init__(self, shade_key: str) -> None:
        """shade_key: the key that shades instead of hiding."""
        super().__init__()
        self._title = PaneTitle()
        self._page = TextPage(filter_help_lines(shade_key))
        self._page.can_focus = False

    def compose(self) -> ComposeResult:
        """Yield title and page."""
        yield self._title
        yield self._page

    def on_resize(self) -> None:
        """Draw the title for the new width."""
        self._title.sync("Filter help", [], [(" F1 in the line ", "dim")])
