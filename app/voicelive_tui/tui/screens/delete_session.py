"""The question whether a recorded session is deleted."""

from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.journal.recorded_sessions import RecordedSession
from voicelive_tui.model.events.gists.phrases import size
from voicelive_tui.paths import short_path
from voicelive_tui.tui.formatting import plural, time_text
from voicelive_tui.tui.screens.question import TEXT_CELLS, QuestionScreen, answers
from voicelive_tui.tui.session_rows import when
from voicelive_tui.tui.widgets.spans import Spans, fit, wrap


class DeleteSessionScreen(QuestionScreen):
    """The result is True when the session is to be moved to the trash."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "delete", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, session: RecordedSession, now: datetime) -> None:
        """now: the time of day, with a time zone."""
        day = " ".join(when(session.started, now).split())
        super().__init__(f"Delete {fit(printable(session.title), 24)}, {day}?")
        self._session = session

    def lines(self) -> list[Spans]:
        """What would be deleted, and the answers."""
        session = self._session
        facts = [size(session.size_bytes)]
        if session.length_s is not None:
            facts.insert(0, time_text(session.length_s, tenths=False))
        if session.turns is not None:
            facts.insert(1, plural(session.turns, "turn"))
        return [
            *wrap([(printable(short_path(session.folder)), "")], TEXT_CELLS),
            [(", ".join(facts), "dim")],
            [],
            answers(("y", "move it to the trash"), ("n", "keep it")),
        ]

    def action_delete(self) -> None:
        """Delete the session."""
        self.dismiss(True)
