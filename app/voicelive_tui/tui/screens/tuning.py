"""The main screen as far as it changes settings: their page or column, and what the user changes
there.

Invariant: only intents change a tab's profile; the page shows what the engine has, and what is on
its way to it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.geometry import Size
from textual.message import Message
from textual.widget import AwaitMount, Widget

from voicelive_tui.engine.intents import ChangeSettings, DropChanges
from voicelive_tui.model.events.cut_cause import cure_setting
from voicelive_tui.model.profile.complete_changes import changes_for
from voicelive_tui.model.profile.profile import DEFAULT_API_VERSION, Profile
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.edited_settings import Changes, EditedSettings
from voicelive_tui.tui.screen_layout import screen_layout
from voicelive_tui.tui.screens.in_force import InForceScreen
from voicelive_tui.tui.setting_facts import SettingFacts, SettingsFacts
from voicelive_tui.tui.settings_of_tab import TabSettings, concerns, facts_of

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.panes.settings_page import SettingsPage


LOOK_AT_FILE_S = 2.0
"""Seconds between two looks at the profile's file while the settings are shown."""


class TuningScreen(InForceScreen):
    """The main screen with the settings of the current tab."""

    class FileLookDue(Message):
        """It is time to look whether the file of the current tab's profile was changed."""

    def __init__(
        self, engine: "Engine", keymap: Mapping[str, str], wake: Callable[[], None]
    ) -> None:
        super().__init__(engine, keymap, wake)
        self._settings_page: SettingsPage | None = None
        self._edited: dict[str, EditedSettings] = {}
        self._shown_settings, self._setting_facts = TabSettings(), SettingsFacts()
        """The tab as it was shown last, and the facts of it."""
        self._before_settings: Widget | None = None
        """What had the focus before the page was opened."""
        self._setting = ""
        """The key of the setting that the cursor was on last."""
        self._folded = False
        """Whether the user has closed the third column."""
        self._helped_with: str | None = None
        """The cut answer for which the settings were opened at what helps against its cause."""

    def fit(self, size: Size) -> None:
        """Divide the screen for this size."""
        raise NotImplementedError

    # The page

    @property
    def has_settings_column(self) -> bool:
        """Whether the settings are the third column."""
        return self._settings_page is not None and self._settings_page.column

    async def action_settings(self) -> None:
        """Show the settings, or the panes again; a column without the focus gets it first."""
        page = self._settings_page
        if page is not None and (page.has_focus_within or not page.column):
            self._folded = page.column
            self.close_settings()
        elif page is not None or self._may_open_settings():
            await self._go_to_settings(self._setting_that_helps())

    async def _go_to_settings(self, setting: str) -> None:
        """Focus the settings, with the cursor on this one; where it was last for an empty text."""
        self._folded, page = False, self._settings_page
        self.close_page()
        self._before_settings = self.focused
        if page is None:
            page, mounted = self._open_settings(column=self._takes_column(self.size))
            await mounted
            self._show_settings_now()
        if setting:
            page.list.put_cursor(setting)
        self.set_focus(page.list)

    def _setting_that_helps(self) -> str:
        """The setting that the transcript names for the cut answer under the cursor, or once for
        the newest one; empty for none."""
        transcript = self.transcript_pane.transcript
        newest = next((one for one in reversed(transcript.entries) if one.is_cut), None)
        line = transcript.current or newest
        if line is None or (transcript.current is None and line.item_id == self._helped_with):
            return ""
        self._helped_with = line.item_id
        return cure_setting(line.cause)

    def _show_settings_now(self) -> None:
        """Show the settings before the next heartbeat: the next key acts on them."""
        self.sync_settings(self._engine.profile(self.active))

    def show_setting(self, key: str) -> None:
        """Show the field of this setting."""
        self.close_page()
        self._setting, page = key, self._settings_page
        if page is None and self._may_open_settings():
            self.call_later(self._go_to_settings, key)
        elif page is not None:
            page.list.put_cursor(key)
            self.set_focus(page.list)

    def _may_open_settings(self) -> bool:
        """Whether the current tab has settings to change; a notice says it if not."""
        if self.session is None:
            self.show_message("info", "No tab is open.", "{tab.open} opens a profile.")
        elif self.session.fault is not None:
            text = "This profile has an error, so its settings cannot be changed yet."
            self.show_message("info", text, "{profile.edit} opens the file.")
        elif not self._has_settings(self.session):
            cure = "{tab.open} opens a profile."
            self.show_message("info", "A recorded session keeps its settings.", cure)
        return self._has_settings(self.session)

    def _open_settings(self, *, column: bool) -> "tuple[SettingsPage, AwaitMount]":
        """Mount the page, or the column, with the cursor where it was last."""
        from voicelive_tui.tui.panes.settings_page import SettingsPage

        page = self._settings_page = SettingsPage(self._keymap, column=column, size=self.size)
        # A timer of the page ends with it.
        page.set_interval(LOOK_AT_FILE_S, lambda: self.post_message(self.FileLookDue()))
        page.list.cursor = self._setting
        if column:
            mounted = self.query_one("#panes").mount(page)
            self.fit(self.size)
        else:
            self.cover_panes(True)
            mounted = self.mount(page, after="#panes")
        self._wake()
        return page, mounted

    @staticmethod
    def _takes_column(size: Size) -> bool:
        """Whether a screen of this size has room for a third column."""
        return screen_layout(size.width, size.height, third_column=True).third_cells > 0

    def move_settings(self, size: Size) -> None:
        """Show the settings where they belong on a screen of this size."""
        page, column = self._settings_page, self._takes_column(size)
        if page is None or page.column == column:
            return
        focused = page.has_focus_within
        before = self._before_settings
        self.close_settings()
        if focused:
            moved, _ = self._open_settings(column=column)
            self._before_settings = before
            self.call_after_refresh(self._show_settings_now)
            self.call_after_refresh(self.set_focus, moved.list)

    def close_settings(self) -> None:
        """Show the panes without the settings."""
        page, self._settings_page = self._settings_page, None
        if page is None:
            return
        self._setting, had_focus = page.list.cursor, page.has_focus_within
        page.remove()
        if page.column:
            self.fit(self.size)
        else:
            self.cover_panes(False)
        if had_focus:
            self._leave_settings()

    def _leave_settings(self) -> None:
        before = self._before_settings
        shown = before is not None and before.is_attached and before.focusable
        self.set_focus(before if shown else self.transcript_pane.transcript)

    def close_page(self) -> None:
        """Show the panes instead of a page over them."""
        super().close_page()
        if self._settings_page is not None and not self._settings_page.column:
            self.close_settings()

    def _has_settings(self, session: SessionSnapshot | None) -> bool:
        usable = session is not None and session.fault is None
        return usable and session is not None and session.state is not SessionState.RECORDED

    # One heartbeat

    def sync_settings(self, profile: Profile | None) -> None:
        """Show the current settings, if their page or column is open."""
        self._keep_column(profile)
        page = self._settings_page
        if page is None:
            return
        session = self.session
        if profile is None or not self._has_settings(session):
            self.close_settings()
            return
        tab = self._tab_settings(profile)
        if not tab.same_as(self._shown_settings):
            self._shown_settings, self._setting_facts = tab, facts_of(tab)
        page.sync(self._setting_facts)

    def _keep_column(self, profile: Profile | None) -> None:
        """Show the column where there is room for it, unless the user has closed it. The start page
        has the whole width."""
        wanted = self._settings_page is None and not (self._folded or self.has_class("single"))
        has_settings = profile is not None and self._has_settings(self.session)
        if wanted and has_settings and self._takes_column(self.size):
            self._open_settings(column=True)

    def _tab_settings(self, profile: Profile) -> TabSettings:
        session, defaults = self.session, self._engine.settings.service_defaults
        version = profile.service.api_version or defaults.api_version
        return TabSettings(
            self._edited_document(profile),
            session.file_document if session is not None else {},
            profile.path,
            version or DEFAULT_API_VERSION,
            session,
            self.snapshot.audio,
            defaults.model,
        )

    def _edited_document(self, profile: Profile) -> Mapping[str, Any]:
        refused = self.session.refused_changes if self.session is not None else 0
        return self._edits().document(profile.document, refused)

    def _edits(self) -> EditedSettings:
        return self._edited.setdefault(self.active, EditedSettings())

    def forget_edits(self, key: str) -> None:
        """Drop what is known of a tab that was closed."""
        self._edited.pop(key, None)

    # What the user changes

    def on_settings_page_changed(self, event: "SettingsPage.Changed") -> None:
        """Give a setting its new value."""
        profile = self._engine.profile(self.active)
        if profile is None:
            return
        tab = self._tab_settings(profile)
        changes = changes_for(tab.document, event.facts.key, event.value, tab.api_version)
        self._edits().change(tab.document, changes)
        self._post_changes(changes)

    def _post_changes(self, changes: Changes) -> None:
        self._engine.post(ChangeSettings(self.active, changes))
        self._show_settings_now()
        self._wake()

    def action_undo_setting(self) -> None:
        """Take the last change of this tab's settings back."""
        profile = self._engine.profile(self.active)
        changes = self._edits().undo(self._edited_document(profile)) if profile is not None else ()
        if not changes:
            self.show_message("info", "No setting of this tab was changed.")
            return
        self._post_changes(changes)

    def on_settings_page_taken_back(self, event: "SettingsPage.TakenBack") -> None:
        """Take back what was not sent, or what the service did not take; else leave the page."""
        if keys := self._droppable(event.facts):
            self._engine.post(DropChanges(self.active, keys))
            self._edits().forget_sent()
            what = keys[0].removeprefix("session.") if len(keys) == 1 else f"{len(keys)} changes"
            self.show_message("info", f"Taken back: {what}.")
            self._wake()
        elif self.has_settings_column:
            self._leave_settings()
        else:
            self.close_settings()

    @property
    def takes_back(self) -> bool:
        """Whether Esc takes a change back on the settings page, instead of leaving it."""
        page = self._settings_page
        return page is not None and bool(self._droppable(page.list.current))

    def _droppable(self, facts: SettingFacts | None) -> tuple[str, ...]:
        """The changes that Esc takes back: those of the setting under the cursor, else all that
        wait to be sent."""
        session = self.session
        if session is None:
            return ()
        dropped = (*session.waiting_settings, *session.restart_settings, *session.refused_settings)
        own = tuple(each for each in dropped if facts is not None and concerns(each, facts.key))
        return own or session.waiting_settings

    def on_settings_page_notice_given(self, event: "SettingsPage.NoticeGiven") -> None:
        """Show what the page has to say."""
        notice = event.notice
        self.show_message(notice.level, notice.text, notice.cure)
