"""The transcript pane: title, transcript and message line."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static
from voicelive_common.printable import printable

from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.hints import empty_state
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.start_page import StartFacts, page_name
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Span
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

    def compose(self) -> ComposeResult:
        """Yield title, transcript and message line."""
        yield self._title
        yield self._transcript
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
        self,
        session: SessionSnapshot | None,
        profile: Profile | None,
        audio: AudioStatus,
        facts: StartFacts | None,
    ) -> None:
        """Show the session's current transcript. facts: as in `empty_state`."""
        takes_messages = session is None or session.state is not SessionState.RECORDED
        if self._message_row.display != takes_messages:
            self._message_row.display = takes_messages
        view = self.transcript
        view.sync(
            session.view.transcript if session else (),
            empty_state(session, profile, audio, self._keymap, facts),
        )
        name = printable(page_name(session)) or "Transcript"
        self._title.sync(name, self._facts(session), self._right(), focused=view.has_focus)

    def _facts(self, session: SessionSnapshot | None) -> list[Span]:
        if session is None or not session.view.turns:
            return []
        cut = session.view.totals.interrupted
        return [
            (
                plural(len(session.view.turns), "turn") + (f", {cut} interrupted" if cut else ""),
                "dim",
            )
        ]

    def _right(self) -> list[Span]:
        view = self.transcript
        below = view.line_count - view.top - view.page
        follows = with_keys("{events.follow} follows", self._keymap)
        return (
            [(f" {plural(below, 'line')} below, {follows} ", "accent")]
            if below > 0 and not view.following
            else []
        )
