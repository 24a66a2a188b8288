"""The console: a Textual app on an engine, redrawn by one heartbeat.

Invariant: the engine never sends a message to the app; it only wakes a heartbeat that has paused.
The heartbeat reads the engine's snapshot, indexes and notices; keys post intents to the engine.
"""

import logging
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import AppBlur, AppFocus, Event, InputEvent, Paste, Resize
from textual.screen import Screen
from voicelive_common.exit_codes import ExitCode
from voicelive_common.redaction.redact import redact

from voicelive_tui.engine.intents import Start, Stop
from voicelive_tui.model.notice import NoticeLevel
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.commands import BY_ID
from voicelive_tui.tui.config import ConsoleConfig, config_path
from voicelive_tui.tui.formatting import RUNNING, plural
from voicelive_tui.tui.glyphs import ASCII_CLASS
from voicelive_tui.tui.go_on_offer import GoOnOffer
from voicelive_tui.tui.heartbeat import Heartbeat
from voicelive_tui.tui.input_queue import InputQueue
from voicelive_tui.tui.kept_theme import kept_theme
from voicelive_tui.tui.palette_actions import PaletteActions
from voicelive_tui.tui.pasted_text import clean_paste
from voicelive_tui.tui.profile_files import ProfileFiles
from voicelive_tui.tui.profile_tabs import ProfileTabs
from voicelive_tui.tui.quit_question import QuitQuestion
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.screens.console import ConsoleScreen
from voicelive_tui.tui.screens.sessions import SessionsScreen
from voicelive_tui.tui.theme import THEMES, readable_theme, theme_name
from voicelive_tui.tui.trust_question import TrustQuestion
from voicelive_tui.tui.unsaved_question import UnsavedQuestion

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.profile_saving import ProfileSaving

LEAVE_WITHIN_S = 3.0
_WAKING = (InputEvent, Paste, Resize, AppFocus, AppBlur)
"""What a user or the terminal does, after which the screen may show something else."""

_log = logging.getLogger(__name__)


class ConsoleApp(App[int]):
    """The console for an engine that has been started."""

    CSS_PATH = "app.tcss"
    TITLE = "voicelive-tui"
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            BY_ID["console.quit"].keys,
            "leave",
            "quit",
            show=False,
            priority=False,
            id="console.quit",
        ),
        Binding(
            BY_ID["console.palette"].keys,
            "command_palette",
            "palette",
            show=False,
            priority=True,
            id="console.palette",
        ),
    ]

    def __init__(
        self,
        engine: "Engine",
        *,
        tabs: Sequence[str] = (),
        start: Sequence[str] = (),
        go_on: str = "",
        clock: Clock | None = None,
        config: ConsoleConfig | None = None,
    ) -> None:
        super().__init__()
        self.engine = engine
        self.clock = clock or Clock()
        self.config = config or ConsoleConfig()
        self.profile_tabs = ProfileTabs(self, tabs, start, go_on)
        self.profile_files = ProfileFiles(
            self,
            self.profile_tabs,
            lambda: self.profile_saving,
            self.config.keys,
            self.clock.wall,
        )
        self.main_screen = ConsoleScreen(
            engine,
            self.clock,
            self.config.keys,
            self.wake,
            self.config.prices,
            limits=self.config.limits,
        )
        self._offer = GoOnOffer(self, self.main_screen, self.clock)
        self.trust = TrustQuestion(self)
        self.unsaved = UnsavedQuestion(self)
        self._quit_question = QuitQuestion(self, self.unsaved, self.clock, self.config.keys)
        self._palette = PaletteActions(self, self, self.config, self.clock)
        self.input_queue = InputQueue(self, super().on_event)
        self.exit_texts: list[str] = []
        """Sentences that are printed on the terminal after the console has closed."""
        self.unrecorded = False
        """Whether the user gave up a session that was not recorded as a whole."""
        self._heartbeat: Heartbeat | None = None
        self._last_notice = 0
        self._leave_by_s: float | None = None
        self._set_initial_theme()

    def _set_initial_theme(self) -> None:
        """Set the theme before any widget has styles: setting it later would compute every style
        twice."""
        for theme in THEMES:
            self.register_theme(theme)
        configured, colours = self.config.theme, self.console.color_system
        kept = kept_theme(self.engine.settings.state_dir, configured)
        name = theme_name(configured, self.available_themes, colours, kept)
        self.set_reactive(App.theme, name)
        self.set_class(self.config.glyphs == "ascii", ASCII_CLASS, update=False)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """The variables of the theme, with colours that can be read."""
        self.theme_variables = readable_theme(
            self.current_theme.name, super().get_css_variables(), self.console.color_system
        )
        return self.theme_variables

    def get_default_screen(self) -> Screen[Any]:
        """The console's only full screen, fitted to the terminal's size."""
        self.main_screen.fit(self.size)
        return self.main_screen

    def on_mount(self) -> None:
        """Apply the user's keys, open the first tabs and start the heartbeat."""
        self.set_keymap(self.config.keys)
        for problem in self.config.problems:
            self.show_message("warning", problem)
        self.profile_tabs.open_first_tabs()
        if not self.profile_tabs.goes_on:
            self._offer.look()
        self._heartbeat = Heartbeat(self, self._beat)
        self.engine.listen(self._heartbeat.wake)

    def on_unmount(self) -> None:
        """Let the engine go on without the console."""
        self.engine.listen(None)

    async def on_event(self, event: Event) -> None:
        """Queue keys, clicks and pastes, which are made harmless; handle every other event at
        once."""
        if isinstance(event, _WAKING):
            self.wake()
        if isinstance(event, Paste):
            event.text = clean_paste(event.text)
        if isinstance(event, AppFocus):
            # The user comes back, perhaps from another editor.
            self.profile_saving.look(self.main_screen.active)
        if self.input_queue.takes(event):
            await self.input_queue.put(event)
        else:
            await super().on_event(event)

    # The heartbeat

    def wake(self) -> None:
        """Look at everything soon, because something besides the engine may have changed."""
        self.main_screen.invalidate()
        if self._heartbeat is not None:
            self._heartbeat.wake()

    def sync(self) -> None:
        """Show the engine's current state, whether or not it has changed."""
        self.main_screen.invalidate()
        self._beat()

    def _beat(self) -> float:
        """Show what has changed in the engine. Returns the seconds until the next beat is needed,
        which is 0 while things move."""
        if not (self.is_running and self.main_screen.ready):
            return 0.0
        for serial, notice in self.engine.notices(self._last_notice):
            self._last_notice = serial
            self.main_screen.show_notice(
                notice, key=notice.key, attempt=notice.attempt, at_s=notice.at_s
            )
        snapshot = self.engine.snapshot()
        rest_s = self.main_screen.beat(snapshot)
        self.profile_tabs.select_when_ready(snapshot)
        self._offer.show_if_due(snapshot)
        if self.screen is self.main_screen:
            self.trust.sync(self.main_screen.session)
        if self._leave_by_s is not None:
            self._leave_when_closed()
            return 0.0
        return rest_s

    # Services for the other parts of the console

    def show_message(self, level: NoticeLevel, text: str, cure: str = "") -> None:
        """Show a notice in the message bar; text and cure are those of a `Notice`."""
        self.main_screen.show_message(level, text, cure)

    def note_problems(self, path: str, problems: Sequence[Problem]) -> None:
        """Keep the problems of a profile's file for the page that shows them."""
        self.main_screen.profile_problems[path] = tuple(problems)
        self.wake()

    def show_tab(self, key: str) -> None:
        """Show this tab."""
        self.main_screen.show_tab(key)

    # Sessions and their tabs

    def action_toggle_session(self) -> None:
        """Start or stop the session of the current tab. Asks first if an unrecorded session would
        be lost."""
        session = self.main_screen.session
        if session is None:
            self.main_screen.show_no_tab()
        elif self.profile_saving.faulty(session.key):
            self.profile_saving.read_again(session.key)
        elif session.state is SessionState.RECONNECTING:
            self.engine.post(Start(session.key))
        elif session.state in RUNNING:
            self.engine.post(Stop(session.key))
        elif session.state is SessionState.RECORDED:
            self._go_on(session.folder)
        elif session.can_resume:
            self._ask_to_resume(session)
        else:
            self._start_anew(session)

    def _ask_to_resume(self, session: SessionSnapshot) -> None:
        from voicelive_tui.tui.screens.resume import ResumeScreen

        screen = ResumeScreen(session, self.clock.now())

        def answered(start: bool | None) -> None:
            if start and screen.choice == "resume":
                self.engine.post(Start(session.key, resume=True))
            elif start:
                self._start_anew(session)

        self.push_screen(screen, answered)

    def _start_anew(self, session: SessionSnapshot) -> None:
        self.unsaved.ask_before(
            "Start again", [session], partial(self.engine.post, Start(session.key))
        )

    def action_close_tab(self) -> None:
        """Close the current tab. Asks first if an unrecorded session would be lost."""
        key, session = self.main_screen.active, self.main_screen.session

        def close() -> None:
            self.main_screen.events_pane.forget(key)
            self.main_screen.timeline_pane.forget(key)
            self.main_screen.message_line.forget(key)
            self.main_screen.forget_edits(key)
            self.profile_tabs.close_tab(key)

        if key:
            self.unsaved.ask_before("Close this tab", [session] if session else [], close)

    def action_open_profile(self) -> None:
        """Let the user choose a profile for a new tab."""
        self.profile_files.open_picker()

    def action_show_profile(self) -> None:
        """Show the profile of the current tab."""
        self.profile_files.show(self.main_screen.active)

    def action_go_on(self) -> None:
        """Go on with the recording of the current tab, or with the session whose terminal went
        away."""
        session, offered = self.main_screen.session, self.main_screen.offered
        if session is not None and session.state is SessionState.RECORDED:
            self._go_on(session.folder)
        elif offered is not None:
            self._go_on(str(offered.folder))
        else:
            self.show_message(
                "info",
                "There is no recorded session here to go on with.",
                "{console.sessions} lists all of them.",
            )

    def _go_on(self, folder: str) -> None:
        self._offer.withdraw(folder)
        self.profile_tabs.go_on(folder)

    def on_sessions_screen_recording_chosen(self, event: SessionsScreen.RecordingChosen) -> None:
        """Open the recorded session that was chosen, or go on with it."""
        if event.go_on:
            self._go_on(event.folder)
        else:
            self.profile_tabs.open_recording(Path(event.folder))

    def action_edit_profile(self) -> None:
        """Edit the profile of the current tab."""
        self.profile_files.edit(self.main_screen.active)

    @cached_property
    def profile_saving(self) -> "ProfileSaving":
        """What saves the profiles; the first frame does without it."""
        from voicelive_tui.tui.edited_profiles import EditedProfiles
        from voicelive_tui.tui.profile_saving import ProfileSaving

        return ProfileSaving(self, EditedProfiles(self.engine))

    def on_tuning_screen_file_look_due(self) -> None:
        """Take over what somebody else has written into the file of the tab whose settings are
        shown."""
        self.profile_saving.look(self.main_screen.active)

    def action_save_profile(self) -> None:
        """Save the changed settings of the current tab into its profile."""
        self.profile_saving.save(self.main_screen.active)

    def action_save_profile_as(self) -> None:
        """Save the profile of the current tab in a new file."""
        self.profile_saving.save_as(self.main_screen.active)

    def action_revert_profile(self) -> None:
        """Take back the changed settings of the current tab."""
        self.profile_saving.revert(self.main_screen.active)

    def action_show_profile_changes(self) -> None:
        """Show what saving the current tab's profile would change."""
        self.profile_saving.show_difference(self.main_screen.active)

    # Quitting

    def action_leave(self) -> None:
        """Close all sessions, then quit; a second call quits at once. Asks first if a session runs,
        or would be lost because it is not recorded."""
        if self._leave_by_s is not None:
            self._end()
        else:
            self._quit_question.ask_before(self.leave)

    def leave(self) -> None:
        """Close all sessions, then quit, without a question; a second call quits at once."""
        if self._leave_by_s is not None:
            self._end()
            return
        self._leave_by_s = self.clock.now() + LEAVE_WITHIN_S
        self.wake()
        self.profile_tabs.remember()
        running = [
            session.key
            for session in self.engine.snapshot().sessions.values()
            if session.state in RUNNING
        ]
        for key in running:
            self.engine.post(Stop(key))
        if running:
            self.show_message("info", f"Closing {plural(len(running), 'session')} ...")
        self._leave_when_closed()

    async def action_quit(self) -> None:
        """Quit as our own command does; Textual's own bindings call this."""
        self.action_leave()

    def _leave_when_closed(self) -> None:
        sessions = self.engine.snapshot().sessions.values()
        late = self._leave_by_s is not None and self.clock.now() > self._leave_by_s
        if late or not (
            self.profile_tabs.remembering or any(session.state in RUNNING for session in sessions)
        ):
            self._end()

    def show_at_exit(self, text: str) -> None:
        """Show a sentence now, and again on the terminal after the console has closed."""
        self.show_message("info", text)
        self.exit_texts.append(text)

    def _end(self) -> None:
        lost = self._holds_unrecorded()
        self.exit(ExitCode.UNRECORDED if lost or self.unrecorded else 0)

    def _holds_unrecorded(self) -> bool:
        """Whether a part of any session is only in memory."""
        sessions = self.engine.snapshot().sessions.values()
        return any(session.recording.only_in_memory for session in sessions)

    # Windows over the console

    def action_help(self) -> None:
        """Show all keys."""
        from voicelive_tui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.config.keys, str(config_path())))

    def action_command_palette(self) -> None:
        """Open the palette, or close it."""
        self._palette.open(lambda: self.main_screen.session)

    def action_choose_theme(self) -> None:
        """Let the user choose a theme."""
        self._palette.choose_theme()

    def action_use_theme(self, name: str) -> None:
        """Use this theme, in this run and in the next ones."""
        self._palette.use_theme(name)

    def action_save_screenshot(self) -> None:
        """Save a picture of the screen in the state folder."""
        self.call_after_refresh(self._palette.save_screenshot)

    # Borders

    async def run_action(self, *args: Any, **kwargs: Any) -> bool:
        """Run an action. A border: an action that fails is logged and shown, and ends nothing."""
        try:
            return await super().run_action(*args, **kwargs)
        except (OSError, RuntimeError, ValueError, LookupError) as error:
            _log.exception("an action failed")
            self.show_message(
                "error", f"That did not work: {redact(str(error)) or type(error).__name__}"
            )
            return True

    def _fatal_error(self) -> None:
        """Show one sentence instead of a traceback on the user's terminal. A border: the traceback
        is logged."""
        _log.critical("the console failed", exc_info=self._exception)
        cause = redact(f"{type(self._exception).__name__}: {self._exception}")
        lost = self._holds_unrecorded()
        consequence = "What was not recorded is lost" if lost else "What was said is in the journal"
        self.panic(
            Text(
                f"voicelive-tui failed because of an error of its own ({cause}). "
                f"{consequence}; --log FILE keeps the details."
            )
        )
