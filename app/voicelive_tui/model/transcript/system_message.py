"""A system message of the client: it has a place in the conversation and no line."""

from dataclasses import dataclass

from voicelive_tui.model.transcript.history import PastItem, PastMessage
from voicelive_tui.model.transcript.line import TranscriptLine


@dataclass(slots=True)
class SystemMessage:
    """A system item."""

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    texts: tuple[str, ...] = ()

    def line(self) -> TranscriptLine | None:
        """Return no line: the person in the conversation neither said nor heard it."""
        return None

    def past(self) -> PastItem | None:
        """Return the message as another connection is told it; None for one without text."""
        return PastMessage(self.item_id, "system", self.texts) if self.texts else None
