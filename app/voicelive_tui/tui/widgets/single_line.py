"""A widget of one line with spans at its left and right, repainted only when they change."""

from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.widgets.spans import Span, Spans, SpanWidget, cells


class SingleLine(SpanWidget):
    """The left spans are cut to leave room for the right ones. A click on a clickable range runs
    its action."""

    class Resized(Message):
        """Tells the screen that a line has another size, for which its spans were not chosen."""

    DEFAULT_CSS = "SingleLine { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, classes=classes)
        self._left: tuple[Span, ...] = ()
        self._right: tuple[Span, ...] = ()
        self._clicks: tuple[tuple[int, int, str], ...] = ()

    def show(
        self, left: Spans, right: Spans = (), clicks: tuple[tuple[int, int, str], ...] = ()
    ) -> None:
        """Show these spans. clicks: (first cell, end cell, action) of each clickable range."""
        new = (tuple(left), tuple(right))
        self._clicks = clicks
        if new != (self._left, self._right):
            self._left, self._right = new
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Tell the screen, which chooses what fits."""
        self.post_message(self.Resized())

    @property
    def text(self) -> str:
        """The shown text without its looks, for tests and screen readers."""
        return "".join(text for text, _ in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        """The line, its right part aligned with the edge."""
        width = self.size.width
        if y:
            return self.strip((), width)
        room = max(0, width - cells(self._right))
        left = self.strip(self._left, room)
        return Strip.join([left, self.strip(self._right, width - room)])

    async def on_click(self, event: Click) -> None:
        """Run the action at the clicked cell."""
        for first, end, action in self._clicks:
            if first <= event.x < end:
                await self.run_action(action)
                return
