"""A scrolling page of text in a window over the console."""

from textual.events import Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.widgets.line_view import LineView
from voicelive_tui.tui.widgets.spans import Spans, cells, hanging_indent


class TextPage(LineView):
    """Lines of spans, wrapped to the width of the window."""

    DEFAULT_CSS = "TextPage { height: 1fr; }"

    class Wrapped(Message):
        """The lines were wrapped again; `line_count` is their new number."""

    def __init__(self, lines: list[Spans], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.following = False
        self._source = lines
        self._lines: list[Spans] = []
        self._starts: list[int] = []
        """The first wrapped line of each line."""

    @property
    def text(self) -> str:
        """The text of the page."""
        return "\n".join("".join(text for text, _ in line) for line in self._source)

    def on_resize(self, event: Resize) -> None:
        """Wrap for the new width."""
        self._wrap()

    def _wrap(self) -> None:
        width = max(10, self.scrollable_content_region.width - 1)
        self._lines, self._starts = [], []
        for line in self._source:
            self._starts.append(len(self._lines))
            self._lines += [line] if cells(line) <= width else hanging_indent(line, width)
        self.set_line_count(len(self._lines))
        self.refresh()
        self.post_message(self.Wrapped())

    def show_line(self, number: int) -> None:
        """Scroll so that a line, counted from 0 before the wrapping, is in the middle."""
        if number < len(self._starts):
            middle = self._starts[number] - self.page // 2
            self.scroll_to(y=min(max(0, middle), self.max_scroll_y), animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the page."""
        line = self.top + y
        return self.strip(
            self._lines[line] if line < len(self._lines) else (),
            self.scrollable_content_region.width,
        )
