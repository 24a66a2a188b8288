"""The pages of the main screen in the place of its panes: start, failed, and all notices.

Invariant: a page stops neither sound nor socket, and every key that the page does not use itself
does what it does elsewhere.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from voicelive_tui.engine.service.connection_facts import connection_facts
from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.model.turns.prices import PriceTable
from voicelive_tui.tui.go_on_offer import offer_text
from voicelive_tui.tui.screens.navigation import NavigationScreen
from voicelive_tui.tui.start_page import StartFacts, is_idle, page_name
from voicelive_tui.tui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.panes.notices_page import NoticeList, NoticesPage


class PagedScreen(NavigationScreen):
    """The main screen as far as it shows pages. active: the key of the current tab. prices: the
    user's price table."""

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__()
        self._engine, self._keymap, self._wake = engine, keymap, wake
        self.active = ""
        self.prices: PriceTable | None = None
        self.snapshot = EngineSnapshot()
        # Created here, so that problems before the first paint are shown, too.
        self.message_bar = MessageBar(keymap, id="hints")
        self._notices_page: NoticesPage | None = None
        self._below_page: Widget | None = None
        """What had the focus when the notices were opened."""
        self._left_page: tuple[str, int, SessionState] | None = None
        """The start of a session whose start page or failed page the user has left."""
        self.offered: RecordedSession | None = None
        """The session that ended with its terminal, with which the start page offers to go on."""
        self.profile_problems: dict[str, tuple[Problem, ...]] = {}
        """The problems of the profiles' files by path, as they were read last."""

    @property
    def session(self) -> SessionSnapshot | None:
        """The session of the current tab; None without a tab."""
        return self.snapshot.sessions.get(self.active)

    def show_tab(self, key: str) -> None:
        """Show this tab."""
        raise NotImplementedError

    def _show_page_or_panes(self) -> None:
        """Show the start page or the failed page over the whole width, unless the user has gone
        from it to the events."""
        session = self.session
        single = bool(page_name(session)) and _start_of(session) != self._left_page
        if self.has_class("single") != single:
            self.set_class(single, "single")

    def sync_start_page(self, profile: Profile | None) -> StartFacts | None:
        """Show or leave the start page or failed page of the current tab. Returns the facts for it,
        None if the session runs or has something to show."""
        self._show_page_or_panes()
        session = self.session
        if session is None or profile is None or not is_idle(session):
            return None
        index = self._engine.index(session.key)
        return StartFacts(
            connection_facts(profile, self._engine.settings),
            self.profile_problems.get(profile.path, ()),
            index.count if index is not None else 0,
            self._offer_for(session),
        )

    def _offer_for(self, session: SessionSnapshot) -> str:
        """What the start page says of the session that ended with its terminal; empty without
        one of this profile."""
        offered = self.offered
        if offered is None or offered.title != session.title:
            return ""
        return offer_text(offered, self.wall_time().timestamp())

    def wall_time(self) -> datetime:
        """The time of day, with the local time zone."""
        raise NotImplementedError

    def start_page_text(self) -> str:
        """The text of the start page or failed page as it is copied; empty while the panes are
        shown."""
        if not self.has_class("single"):
            return ""
        lines = self.transcript_pane.transcript.hint
        return "\n".join("".join(part for part, _ in line).rstrip() for line in lines)

    def show_panes(self) -> None:
        """Show both panes instead of a page in their place."""
        self.close_page()
        self._left_page = _start_of(self.session)
        self._show_page_or_panes()

    def cover_panes(self, covered: bool) -> None:
        """Hide panes and timeline because a page stands in their place, or show them again."""
        # The class matters for these alone, and styling the whole screen again is the greatest cost
        # of opening a page.
        self.set_class(covered, "page-open", update=False)
        for each in self.query("#panes, #timeline-pane"):
            self.app.stylesheet.apply(each)

    def action_notices(self) -> None:
        """Show all notices, or the panes again."""
        if self._notices_page is not None:
            self.close_notices()
            return
        self.close_page()
        from voicelive_tui.tui.panes.notices_page import NoticesPage

        self._below_page = self.focused
        self._notices_page = NoticesPage(self.message_bar.history, self._keymap)
        self.cover_panes(True)
        self.mount(self._notices_page, after="#panes")
        self._wake()

    def sync_notices_page(self) -> None:
        """Show the current notices, if their page is open."""
        if self._notices_page is not None:
            self._notices_page.sync(self._other_tab)

    def close_page(self) -> None:
        """Show the panes instead of a page over them."""
        self.close_notices()

    def close_notices(self) -> None:
        """Show the panes instead of the page of notices, with the focus where it was."""
        page, self._notices_page = self._notices_page, None
        if page is not None:
            self.cover_panes(False)
            below = self._below_page
            stays = below is not None and below.is_attached
            self.set_focus(below if stays else self.transcript_pane.transcript)
            page.remove()

    def action_message_line(self) -> None:
        """Focus the message line; the page of notices has been read then."""
        self.close_notices()
        super().action_message_line()

    def _other_tab(self, key: str) -> str:
        session = self.snapshot.sessions.get(key)
        return session.title if session is not None and key != self.active else ""

    def on_notice_list_closed(self, event: "NoticeList.Closed") -> None:
        """Show the panes again, of the tab that the chosen notice is about."""
        self.close_page()
        if event.key in self.snapshot.sessions:
            self.show_tab(event.key)


def _start_of(session: SessionSnapshot | None) -> tuple[str, int, SessionState] | None:
    return (session.key, session.attempt, session.state) if session is not None else None
