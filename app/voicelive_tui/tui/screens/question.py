"""The one shape of a question over the console: its title is the question, and its last row shows
the letters that answer it.

Invariant: a question reacts to the letters that it shows and to Esc, which is always "not now".
Enter does nothing, so that nobody loses anything by accident.
"""

from typing import ClassVar

from textual.binding import Binding, BindingType

from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Span

TEXT_CELLS = 66
"""The cells of a row inside the frame."""


class QuestionScreen(TextModal, inherit_bindings=False):
    """A question. The result is True when the user does what it asks about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(20)", show=False),
        Binding("pageup", "scroll(-20)", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__(question, "")
        self.add_class("question")

    @property
    def question(self) -> str:
        """The question, which is the title."""
        return self._title


def answers(*choices: tuple[str, str]) -> list[Span]:
    """The row of answers. choices: each letter with what it does."""
    spans: list[Span] = []
    for letter, does in choices:
        spans += [(letter, "keycap"), (f" {does}    ", "")]
    return spans
