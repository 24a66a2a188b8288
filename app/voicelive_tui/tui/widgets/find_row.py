"""The row in which words to find are typed, with the number of matches at its right."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class FindInput(Input):
    """The text field of the row; Esc leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Left(Message):
        """The user left the row without a search."""

    def action_leave(self) -> None:
        """Leave the row without a search."""
        self.post_message(self.Left())


class FindRow(Horizontal):
    """A row that is there only while something is typed in it."""

    class Typed(Message):
        """The text has changed."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    class Entered(Message):
        """The user wants to go on from match to match."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._input = FindInput(placeholder=placeholder, id="find", compact=True)
        self._result = Static(id="find-result", markup=False)

    def compose(self) -> ComposeResult:
        """Yield prompt, text field and result."""
        yield Static(" / ", classes="prompt", markup=False)
        yield self._input
        yield self._result

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self.has_class("open")

    def open(self, query: str) -> None:
        """Show the row with this text, and focus it."""
        self._input.value = query
        self.add_class("open")
        self.screen.set_focus(self._input)

    def close(self) -> None:
        """Hide the row. The caller moves the focus."""
        self.remove_class("open")

    def show_result(self, text: str) -> None:
        """Show what was found."""
        self._result.update(text and f" {text} ")

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_open:
            self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value))
