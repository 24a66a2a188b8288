"""The base of the windows over the console: a titled page that any of the usual keys closes."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.text_page import TextPage


class TextModal(ModalScreen[bool]):
    """A page to read; the answer says whether the user wants more than to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "close", show=False),
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
        with Vertical(classes="modal") as modal:
            yield TextPage(self.lines(), id="page")
        modal.border_title, modal.border_subtitle = self._title, self._subtitle

    def on_mount(self) -> None:
        """As high as its text, if the screen allows it."""
        self._fit()

    def on_resize(self) -> None:
        """The screen has another size."""
        self._fit()

    def on_text_page_wrapped(self) -> None:
        """The text takes another number of lines at the width of this screen."""
        self._fit()

    def _fit(self) -> None:
        room = max(4, int(self.size.height * 0.9) - 2)
        for page in self.query(TextPage):  # none in a window that is closed while it still opens
            page.styles.height = min(max(3, page.line_count), room)

    def action_scroll(self, lines: int) -> None:
        """Move the page."""
        page = self.query_one(TextPage)
        page.scroll_to(y=min(max(0, page.top + lines), page.max_scroll_y), animate=False)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(False)
