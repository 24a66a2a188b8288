"""The question whether to quit although sessions run."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.formatting import countdown, plural
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.screens.question import QuestionScreen, answers
from voicelive_tui.tui.widgets.spans import Spans

_QUIT = BY_ID["console.quit"]
_TITLE_CELLS = 24


class QuitScreen(QuestionScreen):
    """The result is True when the user quits. The keys that asked quit as well, because a session
    that is stopped in order is not lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "leave", show=False),
        Binding("n", "close", show=False),
        _QUIT.binding("leave"),
    ]

    def __init__(
        self, sessions: Sequence[SessionSnapshot], keymap: Mapping[str, str], now_s: float
    ) -> None:
        """sessions: those that run. now_s: the time on the engine's clock."""
        super().__init__("Quit?")
        self._sessions, self._now_s = sessions, now_s
        self._quit_key = key_of(_QUIT.id, keymap)

    def lines(self) -> list[Spans]:
        """The number of sessions, a line for each with its time and its recording, and the
        answers."""
        many = len(self._sessions)
        runs = "runs and will be stopped" if many == 1 else "run and will be stopped"
        out: list[Spans] = [[(f"{plural(many, 'session')} {runs}:", "")]]
        out += [self._line(session) for session in self._sessions]
        again = (f"({self._quit_key} again quits)", "dim")
        return [*out, [*answers(("y", "quit"), ("n", "stay")), again]]

    def _line(self, session: SessionSnapshot) -> Spans:
        ago_s = 0.0 if session.connected_s is None else self._now_s - session.connected_s
        title = set_cell_size(printable(session.title), _TITLE_CELLS)
        runs = countdown(ago_s).removeprefix("0")
        facts = f"  {runs}, {plural(len(session.view.turns), 'turn')}"
        recorded = ("recorded", "dim") if session.folder else ("NOT RECORDED", "warn")
        mark = "● " if session.on_air else "  "
        return [(f"  {mark}", "accent"), (title, "strong"), (f"{facts:<20}", ""), recorded]

    def action_leave(self) -> None:
        """Stop the sessions and quit."""
        self.dismiss(True)
