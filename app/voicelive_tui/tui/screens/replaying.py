"""The part of the main screen that plays turns again, and takes the user's marks and notes.

Invariant: a mark is in the journal as soon as its key is pressed. A note that is typed then belongs
to that moment, however long the typing takes.
"""

from collections.abc import Callable

from textual import on

from voicelive_tui.engine.intents import (
    AddNote,
    Hear,
    Intent,
    MarkMoment,
    StopHearing,
)
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.formatting import time_text
from voicelive_tui.tui.screen_clock import Clock
from voicelive_tui.tui.screens.turns import TurnScreen
from voicelive_tui.tui.widgets.message_line_events import MessageLineLeft
from voicelive_tui.tui.widgets.spans import Spans


class ReplayingScreen(TurnScreen):
    """The main screen with what was heard, and with marks."""

    _clock: Clock
    _intent_for_note: Callable[[str], Intent] | None = None
    """The intent of the note that is being typed; None while none is."""

    def show_no_tab(self) -> None:
        """Answer a key that needs a tab when there is none."""
        raise NotImplementedError

    # Hearing

    def action_hear(self) -> None:
        """Play what was heard of the turn under the cursor; stop if something is played."""
        line = self._line_to_hear()
        if self.snapshot.replay is not None:
            self._engine.post(StopHearing())
        elif self.session is None:
            self.show_no_tab()
        elif line is None:
            self.show_message("info", "There is nothing to hear yet.")
        else:
            self._engine.post(Hear(self.session.key, line.item_id))

    def _line_to_hear(self) -> TranscriptLine | None:
        """The line under the cursor; the newest one of a speaker while there is no cursor."""
        if (line := self._line_at_cursor()) is not None:
            return line
        entries = self.transcript_pane.transcript.entries
        return next((one for one in reversed(entries) if one.who in ("you", "agent")), None)

    def _line_at_cursor(self) -> TranscriptLine | None:
        """The line under the cursor, or the one of the event under it."""
        transcript, events = self.transcript_pane.transcript, self.events_pane.events
        if events.has_focus and events.cursor_n is not None:
            return transcript.line_of_record(events.cursor_n)
        return transcript.current

    def name_to_hear(self) -> str:
        """What `action_hear` would play; empty for nothing. Costs little, because it is asked in
        each heartbeat."""
        transcript, events = self.transcript_pane.transcript, self.events_pane.events
        if events.has_focus and events.cursor_n is not None:
            return "the turn under the cursor as it was heard"
        line, cursor = self._line_to_hear(), transcript.cursor
        if line is None:
            return ""
        number = transcript.turn_number(len(transcript.entries) - 1 if cursor is None else cursor)
        if line.who == "you":
            return f"what you said in turn {number}"
        return f"turn {number} as it was heard" if number else "the greeting as it was heard"

    def action_back(self) -> None:
        """Stop the replay, if there is one; otherwise go back one step."""
        if self.snapshot.replay is not None:
            self._engine.post(StopHearing())
        else:
            super().action_back()

    def page_hint(self) -> Spans:
        """The hint below the page; none during a replay, which has a hint of its own."""
        return super().page_hint() if self.snapshot.replay is None else ()

    # Marks and notes

    def action_mark_now(self) -> None:
        """Mark this moment, and offer to write a note about it."""
        at_s, session = self._clock.now(), self.session
        if not self._may_mark() or session is None:
            return
        key = session.key
        self._engine.post(MarkMoment(key, at_s))
        t_s = max(0.0, at_s - (session.connected_s or at_s))
        self._ask_for_note("mark", t_s, lambda note: MarkMoment(key, at_s, note))

    def action_note(self) -> None:
        """Write a note about the line or event under the cursor."""
        session, events = self.session, self.events_pane.events
        if not self._may_mark() or session is None:
            return
        line, index = self._line_at_cursor(), self.events_pane.state.index
        item_id = line.item_id if line is not None else ""
        if events.has_focus and events.cursor_n is not None and index is not None:
            t_s = index.t_s(events.cursor_n)
        elif line is not None:
            t_s = line.t_s
        else:
            self.show_message("info", "A note is about a line: choose one first.")
            return
        key = session.key
        self._ask_for_note("note", t_s, lambda note: AddNote(key, t_s, item_id, note))

    def _may_mark(self) -> bool:
        """Whether the journal of the current tab takes marks; says why it does not."""
        session = self.session
        if session is None:
            self.show_no_tab()
        elif session.mark_refusal is not None:
            refusal = session.mark_refusal
            self.show_message(refusal.level, refusal.text, refusal.cure)
        return session is not None and session.mark_refusal is None

    def _ask_for_note(self, what: str, t_s: float, intent_for: Callable[[str], Intent]) -> None:
        self.action_message_line()
        self._intent_for_note = intent_for
        self.message_line.open_note(f"{what} {time_text(t_s)}")

    def take_note(self, text: str) -> bool:
        """Keep what was typed as a note, if that is what is being typed. Returns whether it was."""
        intent_for, self._intent_for_note = self._intent_for_note, None
        if intent_for is None or not self.message_line.note_open:
            return False
        if note := text.strip():
            self._engine.post(intent_for(note))
        self.message_line.post_message(MessageLineLeft())
        return True

    @on(MessageLineLeft)
    def _close_note(self) -> None:
        self._intent_for_note = None
        self.message_line.close_note()

    def action_message_line(self) -> None:
        """Focus the message line for a message, whatever was typed in it before."""
        self._close_note()
        super().action_message_line()
