"""The main screen as far as it shows the recorded sessions.

Invariant: what a session's folder holds is never changed; a deleted one is moved to the trash as it
is, after a question.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.screens.pages import PagedScreen
from voicelive_tui.tui.widgets.spans import Spans

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.panes.sessions_page import SessionList, SessionsPage, SessionsPlace


class SessionsScreen(PagedScreen):
    """The main screen with the page of recorded sessions."""

    class RecordingChosen(Message):
        """The user opens a recorded session, or goes on with it."""

        def __init__(self, folder: str, *, go_on: bool) -> None:
            super().__init__()
            self.folder, self.go_on = folder, go_on

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__(engine, keymap, wake)
        self._sessions_page: SessionsPage | None = None
        self._sessions_place: SessionsPlace | None = None

    def action_sessions(self) -> None:
        """Show the recorded sessions, or the panes again."""
        if self._sessions_page is not None:
            self.close_page()
            return
        self.close_page()
        from voicelive_tui.tui.panes.sessions_page import SessionsPage, SessionsPlace

        place = self._sessions_place = self._sessions_place or SessionsPlace()
        self._sessions_page = SessionsPage(place, self._keymap, self.prices, self.wall_time)
        self.cover_panes(True)
        self.mount(self._sessions_page, after="#panes")
        self._read_sessions()
        self._wake()

    def _read_sessions(self) -> None:
        self.run_worker(self._show_sessions(), exclusive=True, group="sessions")

    async def _show_sessions(self) -> None:
        """Read the sessions in a thread, and show them if the page is still open."""
        from voicelive_tui.tui.reading_sessions import read_sessions

        root = self._engine.settings.sessions_dir
        problem, sessions = "", tuple[RecordedSession, ...]()
        try:
            sessions = await read_sessions(root)
        except OSError as error:
            problem = f"{root} cannot be read ({error.strerror or error})."
        if self._sessions_page is not None:
            self._sessions_page.list.show_sessions(sessions, problem)
            self._wake()

    def page_hint(self) -> Spans:
        """What is said below the page; empty without one."""
        return self._sessions_page.hint if self._sessions_page is not None else ()

    def close_page(self) -> None:
        """Show the panes instead of a page over them."""
        super().close_page()
        page, self._sessions_page = self._sessions_page, None
        if page is not None:
            self.cover_panes(False)
            self.set_focus(self.transcript_pane.transcript)
            page.remove()

    def on_session_list_closed(self) -> None:
        """Show the panes again."""
        self.close_page()

    def on_session_list_chosen(self, event: "SessionList.Chosen") -> None:
        """Open the session, go on with it, or delete it."""
        folder = str(event.session.folder)
        if event.what == "delete":
            self._ask_to_delete(event.session)
        elif event.what == "go_on":
            self.close_page()
            self.post_message(self.RecordingChosen(folder, go_on=True))
        elif key := self._tab_that_shows(folder):
            self.close_page()
            self.show_tab(key)
        else:
            self.close_page()
            self.post_message(self.RecordingChosen(folder, go_on=False))

    def _tab_that_shows(self, folder: str) -> str:
        """The key of the tab with this recording, or with the session that is recorded there; empty
        for none."""
        sessions = self.snapshot.sessions.values()
        shown = (
            each.key
            for each in sessions
            if each.folder == folder and each.state is not SessionState.FAILED
        )
        return next(shown, "")

    # Deleting

    def _ask_to_delete(self, session: RecordedSession) -> None:
        from voicelive_tui.tui.screens.delete_session import DeleteSessionScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._delete(session), exclusive=False, group="delete")

        self.app.push_screen(DeleteSessionScreen(session, self.wall_time()), answered)

    async def _delete(self, session: RecordedSession) -> None:
        """Move the session to the trash in a thread, and show the others."""
        from voicelive_tui.engine.config.trash import TrashError
        from voicelive_tui.engine.session_trash import move_session_to_trash

        move = partial(
            move_session_to_trash, session.folder, self._engine.settings, self.wall_time()
        )
        try:
            where = await run_to_end_in_thread(move)
        except TrashError as error:
            self.show_message("error", str(error))
        else:
            self.show_message("info", f"{session.folder.name} is in the trash: {where}")
        self._read_sessions()
