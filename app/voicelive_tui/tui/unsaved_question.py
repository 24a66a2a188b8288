"""Asks before anything that lives only in memory is thrown away, and writes it elsewhere if the user wants that."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_tui.concurrency.worker_thread import run_in_thread
from voicelive_tui.engine.recording import describe
from voicelive_tui.journal.exports import write_elsewhere
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.snapshot import SessionSnapshot
from voicelive_tui.paths import short_path
from voicelive_tui.tui.export import transcript_text
from voicelive_tui.tui.screens.unsaved import UnsavedScreen

if TYPE_CHECKING:
    from voicelive_tui.tui.app import ConsoleApp


class UnsavedQuestion:
    """Stands before what ends a session's life on the screen: quitting, closing its tab, starting it again."""

    def __init__(self, app: "ConsoleApp") -> None:
        self._app = app

    def before(self, deed: str, sessions: Iterable[SessionSnapshot], do: Callable[[], None]) -> None:
        """Do it at once when the disk has everything, else when the user agrees. deed: its name on the screen, such as "Quit"."""
        unsaved = [session for session in sessions if session.recording.only_in_memory]
        if not unsaved:
            do()
            return
        screen = UnsavedScreen(unsaved, deed)

        def answered(agreed: bool | None) -> None:
            self._app.unrecorded = self._app.unrecorded or bool(agreed)
            if agreed and screen.choice == "write":
                self._app.main_screen.run_worker(self._write(unsaved, do), group="unsaved", exclusive=True)
            elif agreed:
                do()

        self._app.push_screen(screen, answered)

    async def _write(self, sessions: Sequence[SessionSnapshot], do: Callable[[], None]) -> None:
        """Go on only when every session is written."""
        for session in sessions:
            index = self._app.engine.index(session.key)
            if index is None:
                continue
            try:
                folder = await run_in_thread(partial(_write_elsewhere, session, index))
            except OSError as error:
                why = error.strerror or str(error)
                text = (
                    f"{session.title} cannot be written elsewhere either ({why}). It is still in memory: make room and try again."
                )
                self._app.main_screen.say("error", text)
                return
            describe(folder, session, self._app.engine.profile(session.key))
            self._app.tell_at_the_end(f"Wrote events and transcript to {short_path(folder)}")
        do()


def _write_elsewhere(session: SessionSnapshot, index: EventIndex) -> Path:
    return write_elsewhere(session.title, transcript_text(session.view.transcript), index)
