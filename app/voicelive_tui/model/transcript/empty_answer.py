"""An answer of the assistant that held nothing."""

from dataclasses import dataclass

from voicelive_tui.model.transcript.history import PastItem
from voicelive_tui.model.transcript.line import TranscriptLine


@dataclass(slots=True)
class EmptyAnswer:
    """A response that was completed without content."""

    item_id: str
    t_s: float
    first_n: int
    last_n: int

    def line(self) -> TranscriptLine | None:
        """Return the line."""
        return TranscriptLine(
            self.item_id,
            "agent",
            self.t_s,
            "(empty answer)",
            "failed",
            self.first_n,
            self.last_n,
            mark="empty",
        )

    def past(self) -> PastItem | None:
        """Return None: there is nothing to tell."""
        return None
