"""The base of the windows over the console: a titled page of text that the usual keys close."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen

from voicelive_tui.tui.widgets.spans import Spans
from voicelive_tui.tui.widgets.text_page import TextPage


class TextModal(ModalScreen[bool]):
    """A page of text. The result is True if the user chose more than to close it."""

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
        """The lines of the page."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Yield a frame with the page in it."""
        with Vertical(classes="modal") as modal:
            yield TextPage(self.lines(), id="page")
        modal.border_title, modal.border_subtitle = escape(self._title), escape(self._subtitle)

    def on_mount(self) -> None:
        """Fit the height to the text."""
        self._fit()

    def on_resize(self) -> None:
        """Fit the height to the new size of the screen."""
        self._fit()

    def on_text_page_wrapped(self) -> None:
        """Fit the height to the new number of lines."""
        self._fit()

    def _fit(self) -> None:
        room = max(4, int(self.size.height * 0.9) - 2)
        for page in self.query(TextPage):  # none if the window is closed while it opens
            page.styles.height = min(max(3, page.line_count), room)

    def action_scroll(self, lines: int) -> None:
        """Scroll by this many lines, negative ones up."""
        page = self.query_one(TextPage)
        page.scroll_to(y=min(max(0, page.top + lines), page.max_scroll_y), animate=False)

    def action_close(self) -> None:
        """Close the window."""
        self.dismiss(False)
