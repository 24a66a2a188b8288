"""The transcript pane: title and transcript."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from voicelive_common.printable import printable

from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot
from voicelive_tui.model.transcript.line import TranscriptLine, TranscriptTotals
from voicelive_tui.model.transcript.waiting_messages import WaitingMessage, with_waiting
from voicelive_tui.model.turns.latency import LatencyStats, Percentiles
from voicelive_tui.tui.hints import empty_state
from voicelive_tui.tui.limits import Limits
from voicelive_tui.tui.panes.transcript_title import (
    search_facts,
    search_result,
    title_right,
    transcript_facts,
)
from voicelive_tui.tui.start_page import StartFacts, page_name
from voicelive_tui.tui.widgets.find_row import FindInput, FindRow
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.transcript_lines import milliseconds
from voicelive_tui.tui.widgets.transcript_view import TranscriptView


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
        limits: Limits,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._title = PaneTitle(id="transcript-title")
        self._transcript = TranscriptView(keymap, limits, id="transcript")
        self._lines: Sequence[TranscriptLine] = ()
        self._made_of: tuple[Sequence[TranscriptLine], tuple[WaitingMessage, ...]] = ((), ())
        """The transcript and the waiting messages of which `_lines` were made."""
        self._heading = "Transcript"
        self._find_row = FindRow("words, or a kind of lines: cut, unheard, typed", id="find-row")
        self._totals = TranscriptTotals()
        self._latencies = LatencyStats()
        self._before_find: tuple[str, str | None] = ("", None)
        """What was looked for, and the selected entry, when the row to find was opened."""

    def compose(self) -> ComposeResult:
        """Yield title and transcript."""
        yield self._title
        yield self._transcript
        yield self._find_row

    @property
    def transcript(self) -> TranscriptView:
        """The transcript view."""
        return self._transcript

    def bind(self) -> None:
        """Prepare for another tab's transcript."""
        self.transcript.bind()

    def sync(
        self,
        session: SessionSnapshot | None,
        profile: Profile | None,
        audio: AudioStatus,
        facts: StartFacts | None,
    ) -> None:
        """Show the session's current transcript."""
        view = self.transcript
        view.sync(
            self._with_waiting(session) if session else (),
            empty_state(session, profile, audio, self._keymap, facts),
        )
        self._heading = printable(page_name(session)) or "Transcript"
        self._totals = session.view.transcript_totals if session else TranscriptTotals()
        self._latencies = session.view.totals.latencies if session else LatencyStats()
        self._show_title()

    def _with_waiting(self, session: SessionSnapshot) -> Sequence[TranscriptLine]:
        """The transcript and the messages that wait, as the same object until one of them
        changes."""
        transcript, waiting = session.view.transcript, session.waiting_messages
        if self._made_of[0] is not transcript or self._made_of[1] is not waiting:
            self._made_of = (transcript, waiting)
            self._lines = with_waiting(transcript, waiting, session.connected_s or 0.0)
        return self._lines

    def _show_title(self) -> None:
        view, totals = self.transcript, self._totals
        facts = search_facts(view) if view.search_query else transcript_facts(totals)
        right = title_right(view, totals, self._keymap)
        self._title.sync(self._heading, facts, right, focused=view.has_focus)
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

    def select_slowest(self) -> Notice:
        """Go to the answer that was heard latest. Returns how late it was, and how the others
        were."""
        number, stats = self.transcript.select_slowest(), self._latencies
        if number is None or stats.heard.worst_ms is None:
            return Notice("info", "No answer to the user was heard yet.")
        slowest = f", the slowest of {stats.heard.count}" if stats.heard.count > 1 else ""
        text = (
            f"Turn {number} was heard after {milliseconds(stats.heard.worst_ms)}{slowest}: "
            f"{_percentiles(stats.heard)}."
        )
        if stats.from_voice:
            text += f" From the service's end of speech: {_percentiles(stats.service_heard)}."
        else:
            text += " Counted from the service's end of speech, or from sending."
        return Notice("info", text)

    def toggle_notes(self) -> str:
        """Leave out the system notes, or show them again. Returns what happened as a sentence."""
        hidden = self.transcript.toggle_notes()
        self._show_title()
        return "System notes are hidden." if hidden else "System notes are shown."


def _percentiles(latencies: Percentiles) -> str:
    figures = (("p50", latencies.p50_ms), ("p95", latencies.p95_ms))
    return ", ".join(f"{name} {milliseconds(ms)}" for name, ms in figures if ms is not None)
