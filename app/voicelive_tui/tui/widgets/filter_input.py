"""The line in which a filter of the event list is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FilterInput(Input):
    """The filter line; Esc restores the previous filter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Left(Message):
        """The user left the line without entering a filter."""

    def action_leave(self) -> None:
        """Leave the line without a new filter."""
        self.post_message(self.Left())
