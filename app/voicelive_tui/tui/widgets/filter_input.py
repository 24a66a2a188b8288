"""The line in which a filter of the event list is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from voicelive_tui.model.events.filter_fields import NAMES

_MOST_KEPT = 50


class FilterInput(Input):
    """The filter line: Esc restores the previous filter, Tab completes a field, Up and Down bring
    the last filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("tab", "complete", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
        Binding("f1", "explain", show=False),
    ]

    class Left(Message):
        """The user left the line without entering a filter."""

    class HelpAsked(Message):
        """The user asks how a filter is written."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(placeholder=placeholder, id=id, compact=True)
        self._kept: list[str] = []
        self._at = 0

    def begin(self, value: str) -> None:
        """Begin to type, with this filter in the line."""
        self.value = value
        self.cursor_position = len(value)
        self._at = len(self._kept)

    def keep(self, value: str) -> None:
        """Keep an entered filter for Up."""
        if value:
            self._kept = [*(each for each in self._kept if each != value), value][-_MOST_KEPT:]

    def action_leave(self) -> None:
        """Leave the line without a new filter."""
        self.post_message(self.Left())

    def action_explain(self) -> None:
        """Show the filter's language, or hide it again."""
        self.post_message(self.HelpAsked())

    def action_complete(self) -> None:
        """Complete the field that is being typed."""
        before, after = self.value[: self.cursor_position], self.value[self.cursor_position :]
        completed = completed_field(before)
        if completed != before:
            self.value = completed + after
            self.cursor_position = len(completed)

    def action_recall(self, step: int) -> None:
        """Bring the filter before (`step` -1) or after (1) the one in the line."""
        at = self._at + step
        if 0 <= at <= len(self._kept):
            self._at = at
            self.value = self._kept[at] if at < len(self._kept) else ""
            self.cursor_position = len(self.value)


def completed_field(before: str) -> str:
    """The text before the cursor with its last word completed to the first field that begins with
    it; the text itself if none does. A whole field gives way to the next one that begins alike."""
    start = max(before.rfind(" "), before.rfind("(")) + 1
    start += before[start : start + 1] == "-"
    word = before[start:].lower()
    if not word:
        return before
    names = [name for name in NAMES if name.startswith(word.rstrip(":<>"))]
    if word in names:
        names = names[names.index(word) + 1 :] + names
    return before[:start] + names[0] if names else before
