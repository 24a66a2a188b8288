"""Rows that offer some letters and wait for one of them."""

from textual.events import Blur, Key
from textual.message import Message
from textual.strip import Strip

from voicelive_tui.tui.widgets.spans import Span, Spans, SpanWidget, cells


class ChoiceRows(SpanWidget, can_focus=True, inherit_bindings=False):
    """Shows the choices in as many rows as they need, and takes the next key, whatever it is."""

    DEFAULT_CSS = "ChoiceRows { width: 1fr; height: auto; }"

    class Chosen(Message):
        """A key was pressed: its character, or an empty text for one that is none or when the focus
        went elsewhere."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._parts: list[Spans] = []
        self._waits = False

    def offer(self, parts: list[Spans]) -> None:
        """Show these choices. The caller gives the focus."""
        self._parts, self._waits = parts, True
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many rows as the choices need."""
        return len(laid_out(self._parts, width))

    def render_line(self, y: int) -> Strip:
        """One row of choices."""
        rows = laid_out(self._parts, self.size.width)
        return self.strip(rows[y] if y < len(rows) else (), self.size.width)

    def on_key(self, event: Key) -> None:
        """Take the key, so that it is no command."""
        event.stop()
        event.prevent_default()
        self._choose(event.character or "")

    def on_blur(self, event: Blur) -> None:
        """Choose nothing when the focus goes elsewhere."""
        self._choose("")

    def _choose(self, letter: str) -> None:
        if self._waits:
            self._waits = False
            self.post_message(self.Chosen(letter if letter.isprintable() else ""))


def laid_out(parts: list[Spans], width: int) -> list[list[Span]]:
    """The parts in rows of at most `width` cells, two blanks between them."""
    rows: list[list[Span]] = [[(" ", "")]]
    for part in parts:
        is_first = len(rows[-1]) == 1
        if not is_first and cells(rows[-1]) + 2 + cells(part) > width:
            rows.append([(" ", "")])
            is_first = True
        rows[-1] += part if is_first else [("  ", ""), *part]
    return rows
