"""The question whether a session that has ended goes on with its conversation or begins anew."""

from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.formatting import countdown
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen
from voicelive_tui.tui.widgets.spans import Spans, fit, wrap

Choice = Literal["resume", "new"]


class ResumeScreen(QuestionScreen):
    """The result is True when the session is to be started; `choice` says how."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "choose('resume')", show=False),
        Binding("b", "choose('new')", show=False),
    ]

    def __init__(self, session: SessionSnapshot, now_s: float) -> None:
        """session: one that has ended and can go on. now_s: the time on the engine's clock."""
        ended_s = (session.connected_s or now_s) + session.view.last_t_s
        ago = countdown(now_s - ended_s).removeprefix("0")
        super().__init__(
            f"{fit(printable(session.title), 24)} ended {ago} ago: go on, or begin anew?"
        )
        self.choice: Choice = "resume"
        self._problem = session.problem

    def lines(self) -> list[Spans]:
        """The end of the session, and the answers."""
        return [
            *wrap([(printable(self._problem), "warn")], TEXT_CELLS),
            [],
            [("g", "keycap"), ("    go on: connect again, with what was said so far", "")],
            [("b", "keycap"), ("    begin anew: empty, in a new recording", "")],
            [("Esc", "keycap"), ("  neither", "")],
        ]

    def action_choose(self, choice: Choice) -> None:
        """Start the session in this way."""
        self.choice = choice
        self.dismiss(True)
