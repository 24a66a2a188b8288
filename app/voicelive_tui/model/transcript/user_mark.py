"""A moment that the user marked, with the note that was written about it."""

from dataclasses import dataclass

from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.line import TranscriptLine


@dataclass(slots=True)
class UserMark:
    """A mark. note: empty as long as nothing was written."""

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    note: str = ""

    def line(self) -> TranscriptLine | None:
        """Return the line. Its only record is the first one: what happened while the note was typed
        belongs to others."""
        text = self.note or "this moment"
        return TranscriptLine(
            self.item_id, "mark", self.t_s, text, "final", self.first_n, self.first_n
        )

    def past(self) -> PastItem | None:
        """Return None: a mark is for the person at the console."""
        return None
