"""The main screen: tabs, status, transcript, events, message bar, message line, meters, footer.

Invariant: only `sync` and `beat` change what the screen shows of a session. Keys post intents or
move the cursor.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from voicelive_common.redaction.redact import redact

from voicelive_tui.concurrency.worker_thread import run_to_end_in_thread
from voicelive_tui.engine import refusals
from voicelive_tui.engine.intents import (
    GoOnAir,
    Intent,
    Interrupt,
    Mute,
    Restart,
    SendText,
    ToggleTalk,
)
from voicelive_tui.model.notice import Notice, NoticeLevel
from voicelive_tui.model.session.snapshot import EngineSnapshot, SessionState
from voicelive_tui.model.turns.prices import PriceTable
from voicelive_tui.paths import short_path
from voicelive_tui.tui.change_detector import ChangeDetector
from voicelive_tui.tui.commands import COMMANDS
from voicelive_tui.tui.formatting import amount, notice_time, recorded_where
from voicelive_tui.tui.hints import hint
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.limits import Limits
from voicelive_tui.tui.panes.events import EventsPane
from voicelive_tui.tui.panes.frame import Frame
from voicelive_tui.tui.panes.transcript import TranscriptPane
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.screen_layout import screen_layout
from voicelive_tui.tui.screens.time_cursor import TimeCursorScreen
from voicelive_tui.tui.selection import Selection
from voicelive_tui.tui.tab_state import default_filter
from voicelive_tui.tui.widgets.key_footer import Focus, keys_bound_by
from voicelive_tui.tui.widgets.message_line import MessageLine
from voicelive_tui.tui.widgets.message_line_events import MessageEntered, MessageTooLong
from voicelive_tui.tui.widgets.single_line import SingleLine

if TYPE_CHECKING:
    from voicelive_tui.engine.engine import Engine
    from voicelive_tui.tui.clipboard import Copied
    from voicelive_tui.tui.panes.in_force_page import InForceList
    from voicelive_tui.tui.panes.json_page import JsonPage
    from voicelive_tui.tui.panes.notices_page import NoticeList

EXPORT_ENDS_S = 1.0
"""Seconds that a cancelled export may still run. It checks for cancellation between two lines,
which it does not reach on a disk that hangs."""


class _Panes(Horizontal):
    """Transcript and events side by side, or one above the other."""

    BLANK = True  # Textual then draws no lines of its own for each frame of any other widget.


class ConsoleScreen(TimeCursorScreen):
    """The main screen. active: the key of the current tab. keymap: the user's own keys by command
    id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command.binding() for command in COMMANDS if command.id != "console.palette"
    ]
    AUTO_FOCUS = "#transcript"

    def __init__(
        self,
        engine: "Engine",
        clock: Clock,
        keymap: dict[str, str],
        wake: Callable[[], None],
        prices: PriceTable | None = None,
        *,
        limits: Limits,
    ) -> None:
        """wake: makes a heartbeat come soon, because a message arrived that the engine does not
        know."""
        super().__init__(engine, keymap, wake)
        self._clock, self.prices = clock, prices
        self._problems: set[str] = set()
        """Why sessions were not recorded at the last heartbeat."""
        self.ready = False
        self._transcript_pane = TranscriptPane(keymap, limits, id="transcript-pane")
        self._events_pane = EventsPane(keymap, id="events-pane")
        self._message_line = MessageLine(keymap, id="message-row")
        self._frame = Frame(engine, clock, keymap, prices, limits)
        self._changes = ChangeDetector()

    def on_mount(self) -> None:
        """Let the heartbeat run, now that every widget exists. Draw the first frame, and once more
        when the widgets know their sizes."""
        self.ready = True
        self._sync_now()
        self.call_after_refresh(self._sync_now)

    def _sync_now(self) -> None:
        self.sync(self._engine.snapshot())

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom."""
        yield from self._frame.upper_rows
        yield self.timeline_pane
        with _Panes(id="panes"):
            yield self._transcript_pane
            yield self._events_pane
        yield self.message_bar
        yield self._message_line
        yield from self._frame.lower_rows

    @property
    def transcript_pane(self) -> TranscriptPane:
        """The transcript pane."""
        return self._transcript_pane

    @property
    def message_line(self) -> MessageLine:
        """The message line."""
        return self._message_line

    @property
    def events_pane(self) -> EventsPane:
        """The events pane."""
        return self._events_pane

    def can_type(self) -> bool:
        """Whether there is a message line: the screen of a recorded session has none."""
        return self.session is not None and self.session.state is not SessionState.RECORDED

    def show_message(self, level: NoticeLevel, text: str, cure: str = "") -> None:
        """Show a notice in the message bar; text and cure are those of a `Notice`."""
        self.show_notice(Notice(level, text, cure))

    def show_notice(
        self, notice: Notice, *, key: str = "", attempt: int = 0, at_s: float | None = None
    ) -> None:
        """Show a notice in the message bar, its secrets hidden and the user's keys in its cure.

        key: the tab that it is about. attempt: the start of that tab's session. at_s: when it was
        given, on the engine's clock; None for just now.
        """
        shown = redact(notice.text)
        if notice.cure:
            shown = f"{shown} {with_keys(notice.cure, self._keymap)}"
        for text in notice.over:
            self.message_bar.retract(redact(text))
        at = self._time_of(key, at_s)
        self.message_bar.show_message(notice.level, shown, key=key, attempt=attempt, at=at)
        self._wake()

    def _time_of(self, key: str, at_s: float | None) -> str:
        sessions = self._engine.snapshot().sessions
        at_s = self._clock.now() if at_s is None else at_s
        return notice_time(sessions.get(key), at_s, self._clock.wall(), bool(sessions))

    def show_no_tab(self) -> None:
        """Answer a key that needs a tab when there is none."""
        self.show_message("info", "No tab is open.", "{tab.open} opens a profile.")

    def wall_time(self) -> datetime:
        """The time of day, with the local time zone."""
        return datetime.fromtimestamp(self._clock.wall()).astimezone()

    # One heartbeat

    def invalidate(self) -> None:
        """Look at everything in the next beats: something besides the engine may have changed."""
        self._changes.invalidate()

    def beat(self, snapshot: EngineSnapshot) -> float:
        """Show what has changed since the last beat. Returns the seconds until something does
        without a change in the engine: infinity if nothing will, 0 if the next beat must not be
        left out."""
        now_s, changes = self._clock.now(), self._changes
        moved = self._frame.meters.show_levels(snapshot, now_s)
        if changes.needs_full_refresh(snapshot, now_s):
            self.sync(snapshot)
        else:
            self.snapshot = snapshot
            moved = self._events_pane.show_new(now_s) or moved
            self.timeline_pane.show_now(now_s)
            changes.due_s = min(changes.due_s, self._events_pane.due_s)
        rest_s = min(changes.idle_s(now_s), max(0.0, self.timeline_pane.due_s - now_s))
        return 0.0 if moved else rest_s

    def sync(self, snapshot: EngineSnapshot) -> None:
        """Show the engine's current state. Every widget repaints only what differs."""
        self.snapshot = snapshot
        if self.active not in snapshot.sessions and snapshot.sessions:
            self.active = next(iter(snapshot.sessions))
            self.transcript_pane.bind()
        session, keymap = self.session, self._keymap
        profile = self._engine.profile(self.active)
        now_s = self._clock.now()
        facts = self.sync_start_page(profile)
        self.transcript_pane.sync(session, profile, snapshot.audio, facts)
        index = self._engine.index(self.active) if session else None
        self.events_pane.turns = session.view.turns if session else ()
        self.events_pane.sync(self.active, index, default_filter(profile), now_s)
        self.sync_timeline(now_s)
        self._message_line.sync(self.active)
        self._retract_old_problems(snapshot)
        self.sync_notices_page()
        self.sync_settings(profile)
        self.sync_in_force(profile)
        self.sync_turn()
        hints = self.page_hint() or hint(snapshot, session, keymap, self.name_to_hear())
        self.message_bar.sync(now_s, hints)
        recorded = session is not None and session.state is SessionState.RECORDED
        self.set_class(recorded, "recorded")
        compact = self.has_class("compact")
        self._frame.sync(snapshot, self.active, profile, self._focus(), compact=compact)
        self._changes.due_s = min(
            self._frame.due_s, self.message_bar.due_s, self._events_pane.due_s
        )

    def _focus(self) -> Focus:
        """What the keys of the footer depend on."""
        focused, transcript = self.focused, self.transcript_pane.transcript
        following = self.events_pane.events.following and transcript.following
        name = (focused.id or "") if focused is not None else ""
        name = "note" if name == "message" and self._message_line.note_open else name
        turn = self.turn_covers_events
        return Focus(name, keys_bound_by(focused), following, self.takes_back, turn)

    def _retract_old_problems(self, snapshot: EngineSnapshot) -> None:
        """Remove the errors of recordings that work again, and those of a session that has been
        started anew since; otherwise they would stay until a key is pressed."""
        problems = {
            redact(each.recording.problem)
            for each in snapshot.sessions.values()
            if each.recording.problem
        }
        for over in self._problems - problems:
            self.message_bar.retract(over)
        self._problems = problems
        for each in snapshot.sessions.values():
            if each.state is SessionState.CONNECTED:
                self.message_bar.retract_earlier(each.key, each.attempt)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the layout to the new size."""
        self.fit(event.size)
        self.move_settings(event.size)

    def fit(self, size: Size) -> None:
        """Divide the screen for this size. Called before the screen is mounted, too, so that its
        styles are computed once."""
        layout = screen_layout(size.width, size.height, third_column=self.has_settings_column)
        update = self.is_mounted
        for name, wanted in layout.style_classes.items():
            self.set_class(wanted, name, update=update)
        side_by_side = layout.arrangement == "columns"
        transcript = layout.transcript_cells if side_by_side else 1
        self._transcript_pane.styles.width = f"{transcript}fr"
        events = size.width - transcript - layout.third_cells
        self._events_pane.styles.width = f"{events if side_by_side else 1}fr"
        if update and self.focused is None:
            self.call_after_refresh(self.set_focus, self._transcript_pane.transcript)

    @on(SingleLine.Resized)
    def _choose_what_fits(self) -> None:
        self._wake()

    def on_key(self, event: events.Key) -> None:
        """Acknowledge the current message: any key means that it has been read."""
        self.message_bar.acknowledge()
        self._frame.unread_errors.acknowledge(self.active)

    @on(EventsPane.Notice)
    def _show_notice(self, event: EventsPane.Notice) -> None:
        self.show_notice(event.notice)

    # The session of the current tab

    def _post(self, intent_for: Callable[[str], Intent]) -> None:
        """Post an intent for the current tab. An engine that refuses it answers with a notice."""
        if self.session is None:
            self.show_no_tab()
        else:
            self._engine.post(intent_for(self.session.key))

    def action_on_air(self) -> None:
        """Give microphone and speaker to this session."""
        self._post(GoOnAir)

    def action_mute(self) -> None:
        """Mute or unmute the microphone."""
        self._engine.post(Mute(not self.snapshot.muted))

    def action_talk(self) -> None:
        """Open or close a manual turn, or let the file speak again."""
        self._post(ToggleTalk)

    def action_message_line(self) -> None:
        """Focus the message line; in a recorded session say why it takes no messages."""
        session = self.session
        if session is not None and session.text_refusal is not None and not self.can_type():
            self.show_notice(session.text_refusal)
        super().action_message_line()

    def action_restart(self) -> None:
        """Replace the session's connection by a new one."""
        self._post(Restart)

    def action_ask_again(self) -> None:
        """Ask the last question again over a new connection, with the profile as it is now."""
        self._post(lambda key: Restart(key, ask_again=True))

    def action_interrupt(self) -> None:
        """Interrupt the assistant; stop trying while the session reconnects."""
        self._post(Interrupt)

    @on(MessageEntered)
    def _send_message(self, event: MessageEntered) -> None:
        text = event.text.strip()
        if self.take_note(text) or not text:
            return
        self._post(lambda key: SendText(key, text))
        if self.session is not None and self.session.text_refusal is None:
            # A message that the engine refuses stays, so that it need not be typed again.
            self._message_line.sent(text)

    @on(MessageTooLong)
    def _say_too_long(self) -> None:
        self.show_notice(refusals.MESSAGE_TOO_LONG)

    # Tabs

    def action_tab(self, position: int) -> None:
        """Show the tab at this position, counted from 0."""
        keys = list(self.snapshot.sessions)
        if position < len(keys):
            self.show_tab(keys[position])

    def action_tab_step(self, step: int) -> None:
        """Show the next (`step` 1) or previous (-1) tab."""
        keys = list(self.snapshot.sessions)
        if self.active in keys:
            self.show_tab(keys[(keys.index(self.active) + step) % len(keys)])

    def show_tab(self, key: str) -> None:
        """Show this tab. All sessions go on as before."""
        if key != self.active:
            self.active = key
            self.transcript_pane.bind()
            self.sync(self.snapshot)

    # Copying and writing out

    def action_copy_event(self) -> None:
        """Copy the selected transcript line or event."""
        from voicelive_tui.tui.clipboard import Copied, copy_item

        if page := self.start_page_text():
            self._copy(Copied("this page", page), "")
            return
        selection = self._selection()
        self._copy(copy_item(selection) if selection else None, "There is no event to copy yet.")

    def action_copy_turn(self) -> None:
        """Copy the selected turn."""
        from voicelive_tui.tui.clipboard import copy_turn

        selection = self._selection()
        self._copy(copy_turn(selection) if selection else None, "There is no turn to copy yet.")

    def on_json_page_copy(self, event: "JsonPage.Copy") -> None:
        """Copy what the page with an event's JSON offers."""
        self._copy(event.copied, "")

    def action_export(self) -> None:
        """Write the recording and its transcript into one zip."""
        selection = self._selection()
        if selection is None or not selection.index.count:
            self.show_message("info", "There is nothing to write yet.")
        else:
            self.run_worker(self._export(selection), exclusive=True, group="export")

    def _selection(self) -> Selection | None:
        session, transcript, pane = self.session, self.transcript_pane.transcript, self.events_pane
        if session is None or pane.state.index is None:
            return None
        line = transcript.current if transcript.has_focus else None
        return Selection(
            session,
            pane.state.index,
            pane.state.expr,
            line,
            pane.current_record(),
            pane.events.cursor_n,
        )

    def on_notice_list_copied(self, event: "NoticeList.Copied") -> None:
        """Copy what the page gives."""
        from voicelive_tui.tui.clipboard import Copied

        self._copy(Copied(event.name, event.text), "")

    def on_in_force_list_copied(self, event: "InForceList.Copied") -> None:
        """Copy the settings in force."""
        from voicelive_tui.tui.clipboard import Copied

        self._copy(Copied("the settings in force", event.text), "")

    def _copy(self, copied: "Copied | None", nothing: str) -> None:
        if copied is None:
            self.show_message("info", nothing)
        else:
            # JSON may hold half of a character, which neither a terminal nor a file takes.
            copied = replace(copied, text=copied.text.encode(errors="replace").decode())
            self.app.copy_to_clipboard(copied.text)
            self.run_worker(self._keep_copy(copied), exclusive=True, group="copy")

    async def _keep_copy(self, copied: "Copied") -> None:
        """Write the copied text into a file, too: not every terminal lets programs copy."""
        from voicelive_tui.journal.exports import ExportError, write_copy

        what = f"Copied {copied.name} ({amount(len(copied.text))} characters)"
        write = partial(write_copy, self._engine.settings.state_dir, copied.text)
        try:
            path = await run_to_end_in_thread(write, within_s=EXPORT_ENDS_S)
        except ExportError as error:
            self.show_message("warning", f"{what}, if this terminal lets programs copy. {error}")
        else:
            self.show_message("info", f"{what}, also into {short_path(path)}")

    async def _export(self, selection: Selection) -> None:
        """Export in a thread; leaving the console cancels it."""
        from voicelive_tui.journal.exports import ExportError
        from voicelive_tui.tui.export_files import export, export_name

        name, cancelled = export_name(selection.session, self._clock), threading.Event()
        write = partial(export, self._engine.settings.state_dir, name, selection, cancelled.is_set)
        try:
            path = await run_to_end_in_thread(write, cancelled.set, within_s=EXPORT_ENDS_S)
        except ExportError as error:
            self.show_message("error", f"{error} {recorded_where(selection.session)}")
        else:
            self.app.copy_to_clipboard(str(path))
            self.show_message("info", f"Wrote {path}; the path is copied.")
