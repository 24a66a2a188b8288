"""The question whether what lives only in memory may be thrown away."""

import os
import tempfile
from collections.abc import Sequence
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType

from voicelive_tui.journal.folder import safe_name
from voicelive_tui.model.snapshot import SessionSnapshot
from voicelive_tui.model.text import printable
from voicelive_tui.tui.screens.sheet import SheetScreen
from voicelive_tui.tui.widgets.paint import Spans, wrap
from voicelive_tui.tui.words import plural

Choice = Literal["discard", "write"]
_WIDTH = 60


class UnsavedScreen(SheetScreen):
    """`choice` is what the user decided when the answer is True. Enter decides nothing: nobody loses a session by accident."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "choose('discard')", show=False),
        Binding("w", "choose('write')", show=False),
        Binding("n", "dismiss_sheet", show=False),
        Binding("enter", "ignore", show=False),
    ]

    def __init__(self, sessions: Sequence[SessionSnapshot], deed: str) -> None:
        """sessions: those that are not on the disk as a whole. deed: what throws them away, such as "Quit"."""
        super().__init__(f"{deed} and lose what is not recorded?", "n or Esc keeps everything as it is")
        self.choice: Choice = "discard"
        self._sessions = sessions

    def lines(self) -> list[Spans]:
        """Which sessions, why they are not recorded, and the answers."""
        out: list[Spans] = []
        for session in self._sessions:
            out += [[(printable(session.title), "strong")], *wrap([(why_unsaved(session), "")], _WIDTH)]
            out += [*wrap([(where_it_goes(session.title), "dim")], _WIDTH), []]
        keys = (("y", " lose it   "), ("w", " write it elsewhere first   "), ("n", " keep it"))
        return [*out, [span for key, word in keys for span in ((key, "keycap"), (word, ""))]]

    def action_choose(self, choice: Choice) -> None:
        """Go on, with or without writing first."""
        self.choice = choice
        self.dismiss(True)

    def action_ignore(self) -> None:
        """Neither yes nor no."""


def where_it_goes(title: str) -> str:
    """What `w` writes, and where: the current folder, or the temporary one where that takes no files."""
    folder = "." if os.access(".", os.W_OK | os.X_OK) else tempfile.gettempdir()
    return f"w writes to {folder}/{safe_name(title)}-unrecorded-…: events and transcript, without the sound."


def why_unsaved(session: SessionSnapshot) -> str:
    """What of a session is in memory only, and why."""
    recording = session.recording
    if recording.problem:
        return printable(recording.problem)
    lost = plural(recording.lost, "record")
    return f"{lost} had to be forgotten before the disk had room: what was said then stands only in the transcript here."
