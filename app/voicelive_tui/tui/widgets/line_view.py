"""The base of every scrolling pane. Lines are painted on demand, whatever their number.

Invariant: a change of the number of lines never causes a layout. `virtual_size` is set without
Textual's watchers, because appending the ordinary way costs more than a whole frame
(measurements.md 3).
"""

from typing import ClassVar

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBarRender
from textual.widget import Widget

from voicelive_tui.tui.glyphs import ASCII_CLASS
from voicelive_tui.tui.widgets.spans import SpanWidget


class AsciiScrollBar(ScrollBarRender):
    """A scroll bar without parts of cells at its ends."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8


class LineView(SpanWidget, ScrollView, can_focus=True, inherit_bindings=False):
    """A ScrollView that follows its end until the user scrolls away from it."""

    DEFAULT_CSS = """
    LineView {
        height: 1fr; width: 1fr;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
    }
    """
    ALLOW_MAXIMIZE = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.following = True

    def on_mount(self) -> None:
        """Draw the scroll bar in the glyphs of this screen."""
        if self.app.has_class(ASCII_CLASS):
            self.vertical_scrollbar.renderer = AsciiScrollBar  # type: ignore[misc]  # as its docs say

    @property
    def line_count(self) -> int:
        """The number of lines."""
        return self.virtual_size.height

    @property
    def page(self) -> int:
        """The number of visible lines."""
        return max(1, self.scrollable_content_region.height)

    @property
    def top(self) -> int:
        """The first visible line."""
        return self.scroll_offset.y

    def set_line_count(self, count: int) -> None:
        """Set the number of lines. The scroll position stays unless it would lie behind the end."""
        if count == self.virtual_size.height:
            return
        self.set_reactive(Widget.virtual_size, Size(self.scrollable_content_region.width, count))
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = count
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def scroll_to_line(self, line: int) -> None:
        """Scroll as little as possible to make `line` visible."""
        if line < self.top:
            self.scroll_to(y=line, animate=False)
        elif line >= self.top + self.page:
            self.scroll_to(y=line - self.page + 1, animate=False)

    def to_end(self) -> None:
        """Scroll to the last lines."""
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stop following when the view is scrolled away from its end."""
        super().watch_scroll_y(old_value, new_value)
        if round(new_value) < self.max_scroll_y:
            self.following = False
