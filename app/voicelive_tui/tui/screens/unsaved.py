"""The question whether sessions that exist only in memory may be thrown away."""

import os
import tempfile
from collections.abc import Sequence
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.journal.folder import safe_name
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.tui.formatting import plural
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen, answers
from voicelive_tui.tui.widgets.spans import Spans, wrap

Choice = Literal["discard", "write"]


class UnsavedScreen(QuestionScreen):
    """The result is True when the user goes on; `choice` says how."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "choose('discard')", show=False),
        Binding("w", "choose('write')", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, sessions: Sequence[SessionSnapshot], action: str) -> None:
        """sessions: those that are not recorded as a whole. action: what throws them away, such as
        "Quit"."""
        super().__init__(f"{action} and lose what is not recorded?")
        self.choice: Choice = "discard"
        self._sessions = sessions

    def lines(self) -> list[Spans]:
        """The sessions, the reasons why they are not recorded, and the answers."""
        out: list[Spans] = []
        for session in self._sessions:
            out += [
                [(printable(session.title), "strong")],
                *wrap([(why_unsaved(session), "")], TEXT_CELLS),
            ]
            out += [*wrap([(export_sentence(session.title), "dim")], TEXT_CELLS), []]
        return [
            *out,
            answers(("y", "lose it"), ("w", "write it elsewhere first"), ("n", "keep it")),
        ]

    def action_choose(self, choice: Choice) -> None:
        """Go on with this choice."""
        self.choice = choice
        self.dismiss(True)


def export_sentence(title: str) -> str:
    """A sentence that says what `w` writes and to which folder: the current one, or the temporary
    one where the current one cannot be written."""
    folder = "." if os.access(".", os.W_OK | os.X_OK) else tempfile.gettempdir()
    return (
        f"w writes to {folder}/{safe_name(title)}-unrecorded-…: events and transcript, without "
        "the sound."
    )


def why_unsaved(session: SessionSnapshot) -> str:
    """A sentence that says why a session is not recorded as a whole."""
    recording = session.recording
    if recording.problem:
        return printable(recording.problem)
    lost = plural(recording.lost, "record")
    return (
        f"{lost} were dropped before the disk had room: what was said then is only in the "
        "transcript here."
    )
