"""The lines of a transcript."""

from dataclasses import dataclass
from typing import Literal

from voicelive_tui.model.events.cut_cause import CutBy, CutCause

Who = Literal["you", "agent", "tool", "note", "mark"]
"""note: about the session, by this program. mark: a moment that the user marked."""
LineState = Literal["partial", "final", "interrupted", "failed", "waiting"]
"""waiting: a typed message that was not sent yet."""

LineMark = Literal["", "typed", "late", "false_start", "greeting", "unheard", "empty"]
"""What is special about a line.

typed: the user's message was typed. late: the transcript of the speech was asked for and has not
come. false_start: speech that gave no words. greeting: the answer that was spoken before the user
said anything. unheard: an answer that came while the session had no speaker. empty: an answer
without content.
"""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool's call. name: as it is shown. output: the result or the error; None while there is
    none. took_ms: from the complete arguments to the result. called_s: when the arguments were
    complete."""

    kind: str
    name: str
    arguments: str
    output: str | None
    took_ms: float | None
    called_s: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between two connections: a text around the time of the change, if it has one, and
    further facts, each with a row of its own."""

    head: str
    at_s: float | None
    tail: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript.

    t_s: seconds since the session's start: when the user began to speak, or the assistant's line
    was first heard or received. spoken_chars: how many characters were heard of an answer that did
    not come to its end (from word timings, else in proportion to the milliseconds played); None for
    any other line. heard_ms, received_ms: the assistant's audio; None for other lines. first_n,
    last_n: the first and last journal record of the line, to jump to. divides: whether the line
    stands between two connections; rule is what it says then. heard_after_ms: from the end of the
    user's part to the first sound of this answer; slowest: whether that is the longest of the
    session. heard_at_s: when the first sample was heard. cause: why an answer was cut.
    """

    item_id: str
    who: Who
    t_s: float
    text: str
    state: LineState
    first_n: int
    last_n: int
    spoken_chars: int | None = None
    heard_ms: int | None = None
    received_ms: int | None = None
    divides: bool = False
    mark: LineMark = ""
    cause: CutCause | None = None
    heard_at_s: float | None = None
    heard_after_ms: float | None = None
    slowest: bool = False
    call: ToolCall | None = None
    rule: Rule | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the line is an answer that was not heard to its end."""
        return self.spoken_chars is not None

    @property
    def cut_by(self) -> CutBy | Literal[""]:
        """The cause of a cut as a word; empty for any other line."""
        return "" if self.cause is None else self.cause.by

    @property
    def is_turn(self) -> bool:
        """Whether the line has the number of a turn: something that the user said or sent."""
        return self.who == "you" and self.mark != "false_start" and self.state != "waiting"


@dataclass(frozen=True, slots=True)
class TranscriptTotals:
    """The numbers of lines of a kind, so that a screen need not go through all of them."""

    turns: int = 0
    cut: int = 0
    false_starts: int = 0
    unheard: int = 0
