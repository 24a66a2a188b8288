"""The main screen as far as it shows what was asked for and what is in force.

Invariant: the page reads the snapshot and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from voicelive_tui.model.profile.check import wire_value
from voicelive_tui.model.profile.profile import Profile, Service
from voicelive_tui.model.profile.service_query import talks_to_agent
from voicelive_tui.tui.screens.sessions import SessionsScreen
from voicelive_tui.tui.widgets.spans import Spans

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.panes.in_force_page import InForceList, InForcePage
    from voicelive_tui.tui.widgets.in_force_rows import Inaction


class InForceScreen(SessionsScreen):
    """The main screen with the page of the settings in force."""

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__(engine, keymap, wake)
        self._in_force_page: InForcePage | None = None

    def action_in_force(self) -> None:
        """Show what was asked for and what is in force, or the panes again."""
        if self._in_force_page is not None:
            self.close_page()
            return
        if self.session is None:
            self.show_message("info", "No tab is open.", "{tab.open} opens a profile.")
            return
        self.close_page()
        from voicelive_tui.tui.panes.in_force_page import InForcePage

        self._in_force_page = InForcePage(self._keymap)
        self.cover_panes(True)
        self.mount(self._in_force_page, after="#panes")
        self._wake()

    def sync_in_force(self, profile: Profile | None) -> None:
        """Show the current settings, if their page is open. profile: that of the current tab."""
        page, session = self._in_force_page, self.session
        if page is None:
            return
        from voicelive_tui.tui.panes.in_force_page import InForceFacts

        if session is None:
            self.close_page()
            return
        document = session.file_document or (profile.document if profile is not None else {})
        page.sync(InForceFacts(session.view, _session_object(document), self._inactions()))

    def _inactions(self) -> "Sequence[Inaction]":
        """What was accepted in the current session and does not act."""
        return self.session.view.findings if self.session is not None else ()

    def page_hint(self) -> Spans:
        """What is said below the page; empty without one."""
        page = self._in_force_page
        if page is None:
            return super().page_hint()
        return [(f" {page.list.summary}", "dim")] if page.list.summary else ()

    def close_page(self) -> None:
        """Show the panes instead of a page over them."""
        super().close_page()
        page, self._in_force_page = self._in_force_page, None
        if page is not None:
            self.cover_panes(False)
            self.set_focus(self.transcript_pane.transcript)
            page.remove()

    def show_setting(self, key: str) -> None:
        """Show the field of this setting."""
        raise NotImplementedError

    def on_in_force_list_closed(self) -> None:
        """Show the panes again."""
        self.close_page()

    def on_in_force_list_setting_chosen(self, event: "InForceList.SettingChosen") -> None:
        """Go to the field of a setting."""
        self.show_setting(event.key)

    def on_in_force_list_record_chosen(self, event: "InForceList.RecordChosen") -> None:
        """Go to the event that began a configuration."""
        self.show_events()
        self.events_pane.events.go_to(event.n)
        self.set_focus(self.events_pane.events)


def _session_object(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The session object that a profile's document stands for."""
    service = document.get("service", {})
    # The model is in the URL, and the session object names it.
    model = {"model": service.get("model", Service().model)}
    named = {} if talks_to_agent(service) else model
    return {**named, **wire_value("session", document.get("session", {}))}
