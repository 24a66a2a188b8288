"""The question whether a session that has ended goes on with its conversation or begins anew."""

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Spans, wrap

Choice = Literal["resume", "new"]
_WIDTH = 60


class ResumeScreen(TextModal):
    """The result is True when the session is to be started; `choice` says how."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g,enter", "choose('resume')", show=False),
        Binding("n", "choose('new')", show=False),
    ]

    def __init__(self, problem: str) -> None:
        """problem: why the session has ended."""
        super().__init__("Go on with this conversation?", "Esc: not now")
        self.choice: Choice = "resume"
        self._problem = problem

    def lines(self) -> list[Spans]:
        """The end of the session, and the answers."""
        return [
            *wrap([(printable(self._problem), "warn")], _WIDTH),
            [],
            [("g", "keycap"), (" go on: connect again, with what was said so far", "")],
            [("n", "keycap"), (" begin anew, in a new recording", "")],
        ]

    def action_choose(self, choice: Choice) -> None:
        """Start the session in this way."""
        self.choice = choice
        self.dismiss(True)
