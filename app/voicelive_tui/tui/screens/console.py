"""The one screen on which everything happens: tabs, figures, transcript, events, meters, messages, keys.

Invariant: nothing but `beat` changes what the screen shows of a session; keys only post intents or move about.
"""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widgets import Input

from voicelive_tui.engine.intents import GoOnAir, Interrupt, Mute, Say, Start, Stop, Talk
from voicelive_tui.model.redact import redact
from voicelive_tui.model.snapshot import EngineSnapshot, SessionSnapshot, SessionState
from voicelive_tui.tui.commands import COMMANDS, keys_of
from voicelive_tui.tui.next_step import hint
from voicelive_tui.tui.panes.talk import TalkPane
from voicelive_tui.tui.panes.wire import WirePane
from voicelive_tui.tui.screens.moving import MovingScreen
from voicelive_tui.tui.takeaway import Takeaway
from voicelive_tui.tui.widgets.hint_line import HintLine
from voicelive_tui.tui.widgets.keys_line import KeysLine
from voicelive_tui.tui.widgets.meters import MeterRow
from voicelive_tui.tui.widgets.status_line import StatusLine
from voicelive_tui.tui.widgets.top_bar import TopBar
from voicelive_tui.tui.words import IS_RECORDED, RUNNING

if TYPE_CHECKING:
    from voicelive_tui.tui.app import ConsoleApp

NARROW_BELOW = 100
WIDE_FROM = 160
TALL_FROM = 30


class ConsoleScreen(MovingScreen):
    """The console. `active` is the key of the tab that is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [command.binding() for command in COMMANDS if command.id != "console.palette"]
    AUTO_FOCUS = "#transcript"

    def __init__(self) -> None:
        super().__init__()
        self.active = ""
        self.snapshot = EngineSnapshot()
        self.takeaway = Takeaway(self)
        # Made here: what goes wrong before the first paint is said, too.
        self.hints = HintLine(id="hints")
        self._problems: set[str] = set()
        """Why sessions were not recorded at the last beat."""
        self.ready = False

    def on_mount(self) -> None:
        """Every widget is there, and the heart may beat: once for the first frame, and once when they know their sizes."""
        self.ready = True
        self.console_app.beat()
        self.call_after_refresh(self.console_app.beat)

    @property
    def console_app(self) -> "ConsoleApp":
        """The app."""
        return cast("ConsoleApp", self.app)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopBar(id="top")
        yield StatusLine(id="status")
        with Horizontal(id="panes"):
            yield TalkPane(id="talk")
            yield WirePane(id="wire")
        yield self.hints
        yield MeterRow(id="meters")
        yield KeysLine(id="keys")

    @property
    def session(self) -> SessionSnapshot | None:
        """The active tab."""
        return self.snapshot.sessions.get(self.active)

    def can_type(self) -> bool:
        """A recorded session takes no messages."""
        return self.session is not None and self.session.state is not SessionState.RECORDED

    def say(self, level: str, text: str) -> None:
        """Show a sentence in the line of messages."""
        self.hints.say(level, redact(text))

    # One heartbeat

    def beat(self, snapshot: EngineSnapshot) -> None:
        """Show the world as it is now; every widget repaints only what differs."""
        self.snapshot = snapshot
        if self.active not in snapshot.sessions and snapshot.sessions:
            self.active = next(iter(snapshot.sessions))
            self.talk.bind()
        session, console = self.session, self.console_app
        now_s = console.clock.now()
        self.query_one(TopBar).beat(tuple(snapshot.sessions.values()), self.active)
        self.query_one(StatusLine).beat(session, snapshot.audio, now_s, console.clock.wall())
        self.talk.beat(session, console.engine.profile(self.active), snapshot.audio, console.keys)
        self.wire.beat(
            self.active, console.engine.index(self.active) if session else None, console.default_filter(self.active), now_s
        )
        self._retract_old_problems(snapshot)
        self.hints.beat(now_s, hint(snapshot, session, console.keys))
        self.query_one(MeterRow).beat(snapshot, session)
        self.query_one(KeysLine).beat(self._keys(session))

    def _retract_old_problems(self, snapshot: EngineSnapshot) -> None:
        """A recording that goes on is no error any more that waits for a key."""
        problems = {redact(each.recording.problem) for each in snapshot.sessions.values() if each.recording.problem}
        for over in self._problems - problems:
            self.hints.retract(over)
        self._problems = problems

    def _keys(self, session: SessionSnapshot | None) -> list[tuple[str, str, str]]:
        running = session is not None and session.state in RUNNING
        recorded = session is not None and session.state is SessionState.RECORDED
        live = (
            []
            if recorded
            else [
                ("session.toggle", "stop" if running else "start"),
                ("session.mute", "unmute" if self.snapshot.muted else "mute"),
                ("talk.toggle", "talk"),
                ("talk.interrupt", "interrupt"),
                ("talk.message", "message"),
            ]
        )
        wanted = [
            *live,
            ("events.filter", "filter"),
            ("events.follow", "follow"),
            ("move.open", "details"),
            ("profile.show", "profile"),
            ("tab.open", "open"),
            ("console.palette", "palette"),
            ("console.help", "help"),
            ("console.quit", "quit"),
        ]
        actions = {command.id: command.action for command in COMMANDS}
        keymap = self.console_app.keys
        return [
            (keys_of(name, keymap)[0], word, actions[name] if "." in actions[name] else f"screen.{actions[name]}")
            for name, word in wanted
        ]

    def on_resize(self, event: events.Resize) -> None:
        """Narrow screens stack the panes; tall ones show the meters' scale."""
        self.fit(event.size)

    def fit(self, size: Size) -> None:
        """Take the classes of this size; before the screen is mounted, so that its styles are computed once."""
        self.set_class(size.width < NARROW_BELOW, "narrow")
        self.set_class(size.width >= WIDE_FROM, "wide")
        self.set_class(size.height >= TALL_FROM, "tall")

    def on_key(self, event: events.Key) -> None:
        """Any key: an error that stands there has been read."""
        self.hints.acknowledge()

    @on(WirePane.Said)
    def _said(self, event: WirePane.Said) -> None:
        self.say(event.level, event.text)

    # The session of this tab

    def action_toggle_session(self) -> None:
        """Start or stop."""
        session = self.session
        if session is None:
            self.say("info", "No tab is open: + opens a profile.")
        elif session.state is SessionState.RECORDED:
            self.say("info", IS_RECORDED)
        elif session.state in RUNNING:
            self.console_app.engine.post(Stop(session.key))
        else:
            self.console_app.unsaved.before("Start again", [session], lambda: self.console_app.engine.post(Start(session.key)))

    def _connected(self) -> SessionSnapshot | None:
        session = self.session
        if session is not None and session.state is SessionState.CONNECTED:
            return session
        recorded = session is not None and session.state is SessionState.RECORDED
        self.say("info", IS_RECORDED if recorded else "This session is not connected: s starts it.")
        return None

    def action_on_air(self) -> None:
        """Microphone and speaker to this session."""
        if session := self._connected():
            self.console_app.engine.post(GoOnAir(session.key))

    def action_mute(self) -> None:
        """Mute or unmute the microphone."""
        self.console_app.engine.post(Mute(not self.snapshot.muted))

    def action_talk(self) -> None:
        """Toggle a manual turn, or let the file speak again."""
        session = self._connected()
        if session is None:
            return
        if not session.on_air:
            self.say("info", "This session is not on air: a gives it the microphone.")
        elif not session.manual and not self.snapshot.audio.input_is_file:
            self.say("info", "The service detects turns by itself in this session: just speak.")
        else:
            self.console_app.engine.post(Talk(session.key))

    def action_message_line(self) -> None:
        """Type a message, where somebody would read it."""
        if self.session is not None and not self.can_type():
            self.say("info", IS_RECORDED)
        super().action_message_line()

    def action_interrupt(self) -> None:
        """Silence the agent."""
        if session := self._connected():
            self.console_app.engine.post(Interrupt(session.key))

    @on(Input.Submitted, "#message")
    def _send_message(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        if session := self._connected():
            self.console_app.engine.post(Say(session.key, text))
            event.input.value = ""

    # Tabs

    def action_tab(self, place: int) -> None:
        """Show the tab at this place."""
        keys = list(self.snapshot.sessions)
        if place < len(keys):
            self.show_tab(keys[place])

    def action_tab_step(self, step: int) -> None:
        """The next tab, or the one before."""
        keys = list(self.snapshot.sessions)
        if self.active in keys:
            self.show_tab(keys[(keys.index(self.active) + step) % len(keys)])

    def show_tab(self, key: str) -> None:
        """Show this tab; its session goes on as it was, and so do the others."""
        if key != self.active:
            self.active = key
            self.talk.bind()
            self.beat(self.snapshot)

    def action_close_tab(self) -> None:
        """Close the tab."""
        key, session = self.active, self.session

        def close() -> None:
            self.wire.forget(key)
            self.console_app.desk.close_tab(key)

        if key:
            self.console_app.unsaved.before("Close this tab", [session] if session else [], close)

    def action_open_profile(self) -> None:
        """Choose a profile for a new tab."""
        self.console_app.desk.open_picker()

    def action_profile(self) -> None:
        """Show this tab's profile."""
        self.console_app.desk.show(self.active)

    def action_edit_profile(self) -> None:
        """Edit this tab's profile."""
        self.console_app.desk.edit(self.active)

    def action_help(self) -> None:
        """Show all keys."""
        self.console_app.show_help()

    # Events

    def action_filter(self) -> None:
        """Type a filter."""
        self.show_wire()
        self.wire.open_filter()

    def action_match(self, step: int) -> None:
        """Next or previous match."""
        self.wire.seek_match(step)

    def action_error(self, step: int) -> None:
        """Next or previous error."""
        self.wire.seek_error(step)

    def action_follow(self) -> None:
        """Follow both panes."""
        self.wire.events.follow()
        self.talk.transcript.follow()
        self.wire.events.related = None

    def action_collapse(self) -> None:
        """Collapse runs or not."""
        self.wire.toggle_collapse()

    def action_time_mark(self) -> None:
        """Set or take away the time mark."""
        self.wire.toggle_mark()

    def action_copy_event(self) -> None:
        """Copy what is selected."""
        self.takeaway.copy()

    def action_copy_turn(self) -> None:
        """Copy the turn."""
        self.takeaway.copy_turn()

    def action_export(self) -> None:
        """Write files."""
        self.takeaway.export()
