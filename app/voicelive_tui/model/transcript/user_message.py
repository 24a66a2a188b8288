"""A message of the user: one line that grows from the first sound to the final transcript, or one
that was typed."""

import re
from dataclasses import dataclass, field
from typing import Final

from voicelive_tui.model.transcript.history import NotCarried, PastItem, PastMessage
from voicelive_tui.model.transcript.line import LineMark, LineState, TranscriptLine

_MEASUREMENT: Final = re.compile(r"\[(no )?speech, \d+\.\d s, -?\d+ dBFS\]")
"""What the simulator gives as the transcript of speech that no scenario has words for. It was never
said, so that no other connection is told it."""

_NO_SPEECH: Final = re.compile(r"\[no speech, ")


@dataclass(slots=True)
class UserMessage:
    """A user item.

    parts: text by content part. pictures: the indices of the parts that are pictures, whose text is
    a placeholder. committed: the service made it an item. typed: it was never speech.
    start_ms, end_ms: the position of the speech in the appended audio. awaits_words: a transcript
    was asked for and may still come. wordless: the service found no words in the speech.
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
    awaits_words: bool = False
    wordless: bool = False

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
            failure = self.failure or "not sent"
            text = f"{text} ({failure})" if text else failure
        elif not text and (self.state == "final" or self.committed):
            text = self._placeholder()
        return TranscriptLine(
            self.item_id,
            "you",
            self.t_s,
            text,
            self.state,
            self.first_n,
            self.last_n,
            mark=self._mark(),
        )

    def _mark(self) -> LineMark:
        if self.typed:
            return "typed"
        if self.state == "final" and self.has_no_words:
            return "false_start"
        return "late" if self.awaits_words and self.has_no_text and self.committed else ""

    @property
    def has_no_words(self) -> bool:
        """Whether the service looked for words in the speech and found none."""
        if self.has_no_text:
            return self.wordless
        return all(_NO_SPEECH.match(part) for part in self.parts.values() if part.strip())

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

    def _placeholder(self) -> str:
        if self.typed:
            return "(no words)"
        length = (
            f", {(self.end_ms - self.start_ms) / 1000:.1f} s"
            if self.start_ms is not None and self.end_ms is not None
            else ""
        )
        return f"[{'no ' * self.wordless}speech{length}]"
