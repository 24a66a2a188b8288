"""Asks once before the console quits, if a session runs or would be lost."""

from collections.abc import Callable, Mapping

from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.context import ConsoleContext
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.unsaved_question import UnsavedQuestion

_WOULD_BE_STOPPED = RUNNING - {SessionState.CLOSING}


class QuitQuestion:
    """Guards quitting. keymap: the user's own keys by command id."""

    def __init__(
        self,
        context: ConsoleContext,
        unsaved: UnsavedQuestion,
        clock: Clock,
        keymap: Mapping[str, str],
    ) -> None:
        self._context = context
        self._unsaved = unsaved
        self._clock = clock
        self._keymap = keymap

    def ask_before(self, proceed: Callable[[], None]) -> None:
        """Proceed at once if no session runs and everything is on the disk, else if the user
        agrees. A user who would lose a session is asked about that alone."""
        sessions = list(self._context.engine.snapshot().sessions.values())
        running = [session for session in sessions if session.state in _WOULD_BE_STOPPED]
        if not running or any(session.recording.only_in_memory for session in sessions):
            self._unsaved.ask_before("Quit", sessions, proceed)
            return

        from voicelive_tui.tui.screens.quit import QuitScreen

        def answered(quits: bool | None) -> None:
            if quits:
                proceed()

        screen = QuitScreen(running, self._keymap, self._clock.now())
        self._context.push_screen(screen, answered)
