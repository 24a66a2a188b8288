"""The transcript pane: title and transcript."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from voicelive_common.printable import printable

from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.transcript.waiting_messages import WaitingMessage, with_waiting
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.hints import empty_state
from voicelive_tui.tui.keymap import with_keys
from voicelive_tui.tui.start_page import StartFacts, page_name
from voicelive_tui.tui.widgets.pane_title import PaneTitle
from voicelive_tui.tui.widgets.spans import Span
from voicelive_tui.tui.widgets.transcript_view import TranscriptView


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
        self._lines: Sequence[TranscriptLine] = ()
        self._made_of: tuple[Sequence[TranscriptLine], tuple[WaitingMessage, ...]] = ((), ())
        """The transcript and the waiting messages of which `_lines` were made."""

    def compose(self) -> ComposeResult:
        """Yield title and transcript."""
        yield self._title
        yield self._transcript

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
        name = printable(page_name(session)) or "Transcript"
        self._title.sync(name, self._facts(session), self._right(), focused=view.has_focus)

    def _with_waiting(self, session: SessionSnapshot) -> Sequence[TranscriptLine]:
        """The transcript and the messages that wait, as the same object until one of them
        changes."""
        transcript, waiting = session.view.transcript, session.waiting_messages
        if self._made_of[0] is not transcript or self._made_of[1] is not waiting:
            self._made_of = (transcript, waiting)
            self._lines = with_waiting(transcript, waiting, session.connected_s or 0.0)
        return self._lines

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
