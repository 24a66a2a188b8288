"""The transcript pane: title, transcript and message line."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.model.transcript.line import TranscriptTotals
from voicelive_tui.tui.hints import empty_state
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.panes.transcript_title import (
    search_facts,
    search_result,
    title_right,
    transcript_facts,
)
from voicelive_tui.tui.widgets.find_row import FindInput, FindRow
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.transcript_view import TranscriptView


class MessageInput(Input):
    """The message line. Esc and Tab leave it; every other key is text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    class Left(Message):
        """The user left the line."""

    def action_leave(self) -> None:
        """Return to the pane that had the focus."""
        self.post_message(self.Left())


class TranscriptPane(Vertical):
    """The transcript of the current tab."""

    class NotFound(Message):
        """No line has the words that the user looks for."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._title = PaneTitle(id="transcript-title")
        self._transcript = TranscriptView(keymap, id="transcript")
        self._message_row = Horizontal(id="message-row")
        self._find_row = FindRow("words, or a kind of lines: cut, unheard, typed", id="find-row")
        self._totals = TranscriptTotals()
        self._before_find: tuple[str, str | None] = ("", None)
        """What was looked for, and the selected entry, when the row to find was opened."""

    def compose(self) -> ComposeResult:
        """Yield title, transcript and message line."""
        yield self._title
        yield self._transcript
        yield self._find_row
        with self._message_row:
            yield Static(" > ", classes="prompt", markup=False)
            yield MessageInput(
                placeholder=with_keys("{talk.message}: type a message, Enter sends", self._keymap),
                id="message",
                compact=True,
                select_on_focus=False,
            )

    @property
    def transcript(self) -> TranscriptView:
        """The transcript view."""
        return self._transcript

    def bind(self) -> None:
        """Prepare for another tab's transcript."""
        self.transcript.bind()

    def sync(
        self, session: SessionSnapshot | None, profile: Profile | None, audio: AudioStatus
    ) -> None:
        """Show the session's current transcript."""
        takes_messages = session is None or session.state is not SessionState.RECORDED
        if self._message_row.display != takes_messages:
            self._message_row.display = takes_messages
        view = self.transcript
        view.sync(
            session.view.transcript if session else (),
            empty_state(session, profile, audio, self._keymap),
        )
        self._totals = session.view.transcript_totals if session else TranscriptTotals()
        self._show_title()

    def _show_title(self) -> None:
        view, totals = self.transcript, self._totals
        facts = search_facts(view) if view.search_query else transcript_facts(totals)
        right = title_right(view, totals, self._keymap)
        self._title.sync("Transcript", facts, right, focused=view.has_focus)
        if self._find_row.is_open:
            self._find_row.show_result(search_result(view))

    # Finding

    def open_find(self) -> None:
        """Show the row in which words to find are typed."""
        self._before_find = (self.transcript.search_query, self.transcript.selected)
        self._find_row.open(self.transcript.search_query)
        self._show_title()

    @on(FindRow.Typed)
    def _find(self, event: FindRow.Typed) -> None:
        event.stop()
        self.transcript.search_for(event.query_text)
        self.transcript.seek_match(1, from_here=True)
        self._show_title()

    @on(FindRow.Entered)
    def _found(self, event: FindRow.Entered) -> None:
        event.stop()
        self.transcript.search_for(event.query_text)
        self.close_find()
        if self.transcript.search_query and not self.transcript.matches[1]:
            self.post_message(self.NotFound(self.transcript.search_query))

    @on(FindInput.Left)
    def _gave_up(self, event: FindInput.Left) -> None:
        event.stop()
        query, selected = self._before_find
        self.transcript.search_for(query)
        self.transcript.reselect(selected)
        self.close_find()

    def close_find(self) -> None:
        """Hide the row and focus the transcript; what was typed is still looked for."""
        self._find_row.close()
        self.screen.set_focus(self.transcript)
        self._show_title()

    def clear_find(self) -> bool:
        """End the search. Returns whether there was one."""
        had_one = bool(self.transcript.search_query)
        self.transcript.search_for("")
        self._show_title()
        return had_one

    def seek_match(self, step: int) -> Notice | None:
        """Go to the next (`step` 1) or previous (-1) match. Returns a notice if there is none, or
        if the search went on from the other end."""
        view = self.transcript
        if not view.search_query:
            return Notice("info", "Nothing to look for yet.", "{events.filter} takes words.")
        if not view.matches[1]:
            return Notice("info", f"No line of the transcript has {view.search_query}.")
        went_over = view.seek_match(step)
        self._show_title()
        if not went_over:
            return None
        return Notice("info", f"The search went on from the {'top' if step > 0 else 'end'}.")

    def toggle_notes(self) -> str:
        """Leave out the system notes, or show them again. Returns what happened as a sentence."""
        hidden = self.transcript.toggle_notes()
        self._show_title()
        return "System notes are hidden." if hidden else "System notes are shown."
