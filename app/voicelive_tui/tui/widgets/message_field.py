"""The field in which a message is typed: several lines, a history, and harmless pastes.

Imported on the first use of the message line, because Textual's text area is costly to import.
"""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from voicelive_tui.engine.intents import LONGEST_MESSAGE
from voicelive_tui.tui.message_history import MessageHistory
from voicelive_tui.tui.widgets.message_line_events import (
    MessageEntered,
    MessageLineLeft,
    MessageTooLong,
)

MOST_ROWS = 4
ROWS_PER_ROW = 6
"""The rows of the screen for each row of the field, so that a small screen keeps its panes."""


class MessageField(TextArea):
    """The field of the message line. Enter, Esc and Tab leave text alone; at its edges the arrows
    up and down walk the history. It grows with its text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("alt+enter,shift+enter,ctrl+j", "new_line", show=False),
        Binding("up", "cursor_up", show=False),
    ]

    def __init__(self, history: MessageHistory, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(history.draft, id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self._sent = history

    def use(self, history: MessageHistory) -> None:
        """Show the draft of this history, which belongs to another tab or begins anew."""
        self._sent = history
        if self.text != history.draft:
            self._show(history.draft)

    def show_hint(self, hint: str) -> None:
        """Show this while the field is empty."""
        self.placeholder = Content(hint)

    def _show(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Send with Enter, and add a line with Alt+Enter; Ctrl+J is what some terminals send for
        it."""
        if event.key not in ("enter", "alt+enter", "shift+enter", "ctrl+j"):
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.post_message(MessageEntered(self.text))
        else:
            self.action_new_line()

    def action_new_line(self) -> None:
        """Begin another line."""
        self._insert("\n")

    def on_paste(self, event: events.Paste) -> None:
        """Insert a paste as it is, its lines included. The app has made it harmless."""
        event.stop()
        event.prevent_default()
        self._insert(event.text)

    def _insert(self, text: str) -> None:
        if len(self.text) - len(self.selected_text) + len(text) > LONGEST_MESSAGE:
            self.post_message(MessageTooLong())
            return
        self.replace(text, *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def action_leave(self) -> None:
        """Return to the pane that had the focus."""
        self.post_message(MessageLineLeft())

    def action_cursor_up(self, select: bool = False) -> None:
        """Move up a row; from the first one to the message before."""
        at_edge = self.navigator.is_first_wrapped_line(self.cursor_location)
        older = self._sent.older(self.text) if at_edge and not select else None
        if older is None:
            super().action_cursor_up(select)
        else:
            self._show(older)

    def action_cursor_down(self, select: bool = False) -> None:
        """Move down a row; from the last one to the message after, or back to the draft."""
        at_edge = self.navigator.is_last_wrapped_line(self.cursor_location)
        newer = self._sent.newer() if at_edge and not select else None
        if newer is None:
            super().action_cursor_down(select)
        else:
            self._show(newer)

    # Size

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Grow or shrink with the text."""
        event.stop()
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the height to the text, once the text area has wrapped it to its new width."""
        self.call_later(self._fit)

    def _fit(self) -> None:
        most = max(1, min(MOST_ROWS, self.app.size.height // ROWS_PER_ROW))
        rows = max(1, min(most, self.wrapped_document.height))
        height = self.styles.height
        if height is None or height.value != rows:
            self.styles.height = rows
