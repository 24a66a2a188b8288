"""A message of the user: one line that grows from the first sound to the final transcript, or one
that was typed."""

import re
from dataclasses import dataclass, field
from typing import Final

from voicelive_tui.model.transcript.history import NotCarried, PastItem, PastMessage
from voicelive_tui.model.transcript.line import LineState, TranscriptLine

_MEASUREMENT: Final = re.compile(r"\[(no )?speech, \d+\.\d s, -?\d+ dBFS\]")
"""What the simulator gives as the transcript of speech that no scenario has words for. It was never
said, so that no other connection is told it."""


@dataclass(slots=True)
class UserMessage:
    """A user item.

    parts: text by content part. pictures: the indices of the parts that are pictures, whose text is
    a placeholder. committed: the service made it an item. typed: it was never speech.
    start_ms, end_ms: the position of the speech in the appended audio.
    """

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    parts: dict[int, str] = field(default_factory=dict)
    pictures: frozenset[int] = frozenset()
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

    def past(self) -> PastItem:
        """Return the message as another connection is told it."""
        words = sorted((index, part) for index, part in self.parts.items() if part.strip())
        texts = tuple(part for index, part in words if index not in self.pictures)
        if self.typed and self.state == "failed":
            return NotCarried(self.item_id, "refused")
        if not texts:
            return NotCarried(self.item_id, "picture" if self.pictures else "no_transcript")
        if not self.typed and all(map(_MEASUREMENT.fullmatch, texts)):
            return NotCarried(self.item_id, "measurement")
        return PastMessage(self.item_id, "user", texts)

    def _placeholder(self, reason: str) -> str:
        if self.typed:
            return f"({reason})"
        length = (
            f", {(self.end_ms - self.start_ms) / 1000:.1f} s"
            if self.start_ms is not None and self.end_ms is not None
            else ""
        )
        return f"(speech{length}, {reason})"
