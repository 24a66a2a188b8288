"""A message of the assistant: one line that grows with its deltas and knows how much of it was
heard."""

from dataclasses import dataclass, field, replace

from voicelive_tui.model.events.cut_cause import CutByService, CutCause
from voicelive_tui.model.transcript.history import NotCarried, PastItem, PastMessage
from voicelive_tui.model.transcript.line import LineMark, LineState, TranscriptLine


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it is spoken, in milliseconds from the start of its content part's audio."""

    text: str
    offset_ms: int


@dataclass(slots=True)
class ContentPart:
    """A content part. spoken: it is audio, and its text is the transcript. played_ms: how much was
    heard; None while it is unknown."""

    text: str = ""
    spoken: bool = False
    audio_ms: float = 0.0
    played_ms: int | None = None
    words: list[Word] = field(default_factory=list)

    def heard_chars(self) -> int:
        """Return how many characters of the text were heard: the words that had begun by then, or a
        share in proportion to the audio when there are no word timings."""
        if self.played_ms is None or not self.audio_ms:
            return len(self.text)
        if self.played_ms >= round(self.audio_ms):
            return len(self.text)
        if self.words:
            return self._chars_of_words(self.played_ms)
        return min(len(self.text), round(len(self.text) * self.played_ms / self.audio_ms))

    def heard_text(self) -> str:
        """Return what was heard of a part that did not come to its end. Text that is no speech was
        read as it came; speech whose playback is unknown was not heard."""
        if not self.spoken:
            return self.text
        if self.played_ms is None or not self.audio_ms:
            return ""
        return self.text[: self.heard_chars()].rstrip()

    def _chars_of_words(self, heard_ms: int) -> int:
        end = 0
        for word in sorted(self.words, key=lambda each: each.offset_ms):
            if word.offset_ms >= heard_ms:
                break
            start = self.text.find(word.text, end)
            end = start + len(word.text) if start >= 0 else end
        return end


@dataclass(slots=True)
class AssistantMessage:
    """An assistant item.

    heard_at_s: when its first sample was heard. cut: it was stopped before its end. cause: what
    stopped it, as far as it is known. lost: the speaker was lost before its end. truncated_ms:
    where the service or the client says that it was cut, which counts when nothing was played here.
    no_speaker: its audio came while the session had no speaker. heard_after_ms: from the end of the
    user's part to its first sound, and slowest: no other answer took longer. greeting: nothing had
    been said before it.
    """

    item_id: str
    t_s: float
    first_n: int
    last_n: int
    response_id: str = ""
    parts: dict[int, ContentPart] = field(default_factory=dict)
    state: LineState = "partial"
    heard_at_s: float | None = None
    cut: bool = False
    lost: bool = False
    cause: CutCause | None = None
    truncated_ms: int | None = None
    no_speaker: bool = False
    heard_after_ms: float | None = None
    slowest: bool = False
    greeting: bool = False

    def part(self, index: int) -> ContentPart:
        """Return the content part with this index; make it if there is none."""
        return self.parts.setdefault(index, ContentPart())

    @property
    def received_ms(self) -> int:
        """The duration of the audio received, in milliseconds."""
        return round(sum(part.audio_ms for part in self.parts.values()))

    @property
    def has_content(self) -> bool:
        """Whether there is any text or audio."""
        return any(part.text or part.audio_ms for part in self.parts.values())

    def line(self) -> TranscriptLine | None:
        """Return the line; None while there is nothing to show, as for an item that only announces
        a call."""
        text = "".join(part.text for _, part in sorted(self.parts.items()))
        received = self.received_ms
        if not (text or received or self.state == "failed"):
            return None
        heard = self._heard_ms()
        return TranscriptLine(
            item_id=self.item_id,
            who="agent",
            t_s=self.t_s if self.heard_at_s is None else self.heard_at_s,
            text=text,
            state="interrupted" if self.cut else self.state,
            first_n=self.first_n,
            last_n=self.last_n,
            spoken_chars=self._spoken_chars() if self.cut or self.lost else None,
            heard_ms=None if heard is None else min(heard, received),
            received_ms=received if received else None,
            mark=self._mark(),
            cause=self.cause or (CutByService() if self.cut else None),
            heard_at_s=self.heard_at_s,
            heard_after_ms=None if self.greeting else self.heard_after_ms,
            slowest=self.slowest,
        )

    def _mark(self) -> LineMark:
        if self.no_speaker and self.heard_at_s is None and self._heard_ms() is None:
            return "unheard"
        return "greeting" if self.greeting else ""

    def _heard_ms(self) -> int | None:
        known = [part.played_ms for part in self.parts.values() if part.played_ms is not None]
        return sum(known) if known else self.truncated_ms

    def _spoken_chars(self) -> int:
        return sum(part.heard_chars() for part in self._played_parts())

    def _played_parts(self) -> list[ContentPart]:
        """Return the parts in order; where nothing was played here, as far as the truncation
        says."""
        parts = [part for _, part in sorted(self.parts.items())]
        played = any(part.played_ms is not None for part in parts)
        if played or self.truncated_ms is None:
            return parts
        remaining_ms, truncated = self.truncated_ms, []
        for part in parts:
            truncated.append(replace(part, played_ms=max(0, remaining_ms)))
            remaining_ms -= round(part.audio_ms)
        return truncated

    def past(self) -> PastItem | None:
        """Return the message as another connection is told it: of an answer that did not come to
        its end, only what was heard; None for one without any text."""
        stopped = self.cut or self.lost or self.state != "final"
        parts = [part for part in self._played_parts() if part.text]
        texts = [part.heard_text() if stopped else part.text for part in parts]
        heard = tuple(text for text in texts if text and not text.isspace())
        if heard:
            return PastMessage(self.item_id, "assistant", heard, cut=stopped)
        return NotCarried(self.item_id, "not_heard") if parts or self.received_ms else None
