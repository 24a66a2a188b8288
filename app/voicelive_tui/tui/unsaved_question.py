"""Asks before a session that exists only in memory is thrown away, and writes it elsewhere on
request."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.paths import short_path
from voicelive_tui.tui.context import ConsoleContext

WRITE_TIMEOUT_S = 2.0
"""Seconds that a user who leaves during the writing waits for the disk."""


class UnsavedQuestion:
    """Guards the actions that throw a session away: quitting, closing its tab, starting it
    again."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def ask_before(
        self, action: str, sessions: Iterable[SessionSnapshot], proceed: Callable[[], None]
    ) -> None:
        """Proceed at once if everything is on the disk, else if the user agrees.

        action: what the user is about to do, as the screen names it, such as "Quit".
        """
        unsaved = [session for session in sessions if session.recording.only_in_memory]
        if not unsaved:
            proceed()
            return
        from voicelive_tui.tui.screens.unsaved import UnsavedScreen

        screen = UnsavedScreen(unsaved, action)

        def answered(agreed: bool | None) -> None:
            self._context.unrecorded = self._context.unrecorded or bool(agreed)
            if agreed and screen.choice == "write":
                self._context.run_worker(
                    self._write(unsaved, proceed), group="unsaved", exclusive=True
                )
            elif agreed:
                proceed()

        self._context.push_screen(screen, answered)

    async def _write(
        self, sessions: Sequence[SessionSnapshot], proceed: Callable[[], None]
    ) -> None:
        """Write every session elsewhere, then proceed. Does not proceed when one cannot be
        written."""
        for session in sessions:
            index = self._context.engine.index(session.key)
            if index is None:
                continue
            try:
                profile = self._context.engine.profile(session.key)
                folder = await run_to_end_in_thread(
                    partial(_write_elsewhere, session, profile, index), within_s=WRITE_TIMEOUT_S
                )
            except OSError as error:
                why = error.strerror or str(error)
                text = (
                    f"{session.title} cannot be written elsewhere either ({why}). It is still "
                    "in memory: make room and try again."
                )
                self._context.show_message("error", text)
                return
            self._context.show_at_exit(f"Wrote events and transcript to {short_path(folder)}")
        proceed()


def _write_elsewhere(session: SessionSnapshot, profile: Profile | None, index: EventIndex) -> Path:
    """Write everything that is known of the session, and return the folder. Blocks on the disk."""
    from voicelive_tui.engine.session.recording import write_session_facts
    from voicelive_tui.journal.exports import write_unrecorded_session
    from voicelive_tui.tui.export import transcript_text

    text = transcript_text(session.view.transcript)
    folder = write_unrecorded_session(session.title, text, index)
    write_session_facts(folder, session, profile)
    return folder
