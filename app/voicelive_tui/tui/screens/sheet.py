"""The base of the windows over the console: a titled page that any of the usual keys closes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from voicelive_tui.tui.widgets.paint import Spans
from voicelive_tui.tui.widgets.sheet import Page


class SheetScreen(ModalScreen[bool]):
    """A page to read; the answer says whether the person wants more than to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss_sheet", "close", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(20)", show=False),
        Binding("pageup", "scroll(-20)", show=False),
        Binding("g,home", "scroll(-1000000)", show=False),
        Binding("G,end", "scroll(1000000)", show=False),
    ]

    def __init__(self, title: str, subtitle: str = "Esc closes") -> None:
        super().__init__()
        self._title, self._subtitle = title, subtitle

    def lines(self) -> list[Spans]:
        """What stands on the page."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """A frame with the page in it."""
        with Vertical(classes="sheet") as sheet:
            yield Page(self.lines(), id="page")
        sheet.border_title, sheet.border_subtitle = self._title, self._subtitle

    def on_mount(self) -> None:
        """As high as its text, if the screen allows it."""
        self._fit()

    def on_resize(self) -> None:
        """The screen has another size."""
        self._fit()

    def _fit(self) -> None:
        room = max(4, int(self.size.height * 0.9) - 2)
        for page in self.query(Page):  # none in a window that is closed while it still opens
            page.styles.height = min(max(3, len(self.lines())), room)

    def action_scroll(self, lines: int) -> None:
        """Move the page."""
        page = self.query_one(Page)
        page.scroll_to(y=min(max(0, page.top + lines), page.max_scroll_y), animate=False)

    def action_dismiss_sheet(self) -> None:
        """Close."""
        self.dismiss(False)
