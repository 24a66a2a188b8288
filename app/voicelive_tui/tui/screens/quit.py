"""The question whether to quit although sessions run."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.formatting import clock, plural
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.screens.text_modal import TextModal
from voicelive_tui.tui.widgets.spans import Spans

_QUIT = BY_ID["console.quit"]
_TITLE_CELLS = 24


class QuitScreen(TextModal):
    """The result is True when the user quits. Enter and the keys that asked quit, because a session
    that is stopped in order is not lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "leave", show=False),
        Binding("n", "close", show=False),
        _QUIT.binding("leave"),
    ]

    def __init__(
        self, sessions: Sequence[SessionSnapshot], keymap: Mapping[str, str], now_s: float
    ) -> None:
        """sessions: those that run. now_s: the time on the engine's clock."""
        super().__init__("Quit?", "n or Esc: the sessions go on")
        self._sessions, self._now_s = sessions, now_s
        self._quit_key = key_of(_QUIT.id, keymap)

    def lines(self) -> list[Spans]:
        """The number of sessions, a line for each, and the answers."""
        many = len(self._sessions)
        runs = "runs and will be stopped" if many == 1 else "run and will be stopped"
        out: list[Spans] = [[(f"{plural(many, 'session')} {runs}:", "")]]
        out += [self._line(session) for session in self._sessions]
        answers = ((self._quit_key, " again, Enter or "), ("y", " quit   "), ("n", " go on"))
        return [*out, [], [span for key, word in answers for span in ((key, "keycap"), (word, ""))]]

    def _line(self, session: SessionSnapshot) -> Spans:
        ago_s = 0.0 if session.connected_s is None else self._now_s - session.connected_s
        title = set_cell_size(printable(session.title), _TITLE_CELLS)
        facts = f"  {clock(ago_s)}   {plural(len(session.view.turns), 'turn')}   "
        recorded = ("recorded", "dim") if session.folder else ("not recorded", "warn")
        return [("  ", ""), (title, "strong"), (facts, ""), recorded]

    def action_leave(self) -> None:
        """Stop the sessions and quit."""
        self.dismiss(True)
