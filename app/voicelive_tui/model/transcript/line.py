"""The lines of a transcript."""

from dataclasses import dataclass
from typing import Literal

Who = Literal["you", "agent", "tool", "note"]
LineState = Literal["partial", "final", "interrupted", "failed", "waiting"]
"""waiting: a typed message that was not sent yet."""


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript.

    t_s: seconds since the session's start: when the user began to speak, or the assistant's line
    was first heard or received. spoken_chars: how many characters of an interrupted answer were
    heard (from word timings, else in proportion to the milliseconds played); None when the line is
    not interrupted. heard_ms, received_ms: the assistant's audio; None for other lines. first_n,
    last_n: the first and last journal record of the line, to jump to. divides: whether the line
    stands between two connections.
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
