"""A message of the user: one line that grows from the first sound to the final transcript, or one
that was typed."""

from dataclasses import dataclass, field

from voicelive_tui.model.transcript.line import LineState, TranscriptLine


@dataclass(slots=True)
class UserMessage:
    """A user item.

    parts: text by content part. committed: the service made it an item. typed: it was never speech.
    start_ms, end_ms: the position of the speech in the appended audio.
    """

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    parts: dict[int, str] = field(default_factory=dict)
    state: LineState = "partial"
    committed: bool = False
    typed: bool = False
    failure: str = ""
    start_ms: int | None = None
    end_ms: int | None = None

    def text(self) -> str:
        """Return the text of all parts."""
        return " ".join(part for _, part in sorted(self.parts.items()) if part).strip()

    @property
    def has_no_text(self) -> bool:
        """Whether no part has any text."""
        return all(not part or part.isspace() for part in self.parts.values())

    def line(self) -> TranscriptLine | None:
        """Return the line. A spoken message without a transcript shows its duration."""
        text = self.text()
        if self.state == "failed":
            text = (
                f"{text} ({self.failure or 'not sent'})"
                if text
                else self._placeholder(self.failure or "not transcribed")
            )
        elif self.state == "final" and not text:
            text = self._placeholder("no transcript")
        return TranscriptLine(
            self.item_id, "you", self.t_s, text, self.state, self.first_n, self.last_n
        )

    def _placeholder(self, reason: str) -> str:
        if self.typed:
            return f"({reason})"
        length = (
            f", {(self.end_ms - self.start_ms) / 1000:.1f} s"
            if self.start_ms is not None and self.end_ms is not None
            else ""
        )
        return f"(speech{length}, {reason})"
