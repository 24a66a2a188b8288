"""What can be heard again for a line of a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_tui.engine.refusals import NOTHING_TO_HEAR, TYPED
from voicelive_tui.journal.heard_audio import (
    HeardPart,
    heard_answer,
    heard_question,
    with_pauses,
)
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.model.turns.turn import Turn


@dataclass(frozen=True, slots=True)
class Hearable:
    """A turn, or the user's part of one. name: what it is, for a sentence. question: None if the
    user's part is not to be heard. answers: the agent's lines."""

    name: str
    question: Turn | None
    answers: tuple[TranscriptLine, ...] = ()

    def read(self, index: EventIndex) -> tuple[HeardPart, ...]:
        """Read what was heard, in order and with the pauses between. Raises NotRecorded and
        TooMuchAudio. This blocks on the disk."""
        parts = [heard_question(index, self.question)] if self.question is not None else []
        for line in self.answers:
            parts += heard_answer(index, line.item_id, range(line.first_n, line.last_n + 1))
        return with_pauses(parts)


def hearable(view: SessionView, item_id: str) -> Hearable | Notice:
    """Return what is heard for this line: the user's part for a line of the user, otherwise the
    turn around it; or the notice that says why nothing is."""
    lines = view.transcript
    at = next((at for at, line in enumerate(lines) if line.item_id == item_id), None)
    if at is None:
        return NOTHING_TO_HEAR
    begin = _turn_begin(lines, at)
    number = sum(lines[before].is_turn for before in range(at + 1))
    question = None if begin is None else _spoken(view, lines[begin])
    if lines[at].who == "you":
        if lines[at].mark == "typed" or lines[at].state == "waiting":
            return TYPED
        question = _spoken(view, lines[at])
        name = f"your part of turn {number}" if lines[at].is_turn else "your false start"
        return NOTHING_TO_HEAR if question is None else Hearable(name, question)
    answers = _answers(lines, 0 if begin is None else begin + 1)
    if question is None and not answers:
        return NOTHING_TO_HEAR
    return Hearable(f"turn {number}" if number else "the greeting", question, answers)


def _turn_begin(lines: Sequence[TranscriptLine], at: int) -> int | None:
    """The position of the user's line of the turn around this position; None before the first."""
    return next((before for before in range(at, -1, -1) if lines[before].is_turn), None)


def _answers(lines: Sequence[TranscriptLine], begin: int) -> tuple[TranscriptLine, ...]:
    """The agent's lines from a position up to the next turn."""
    found = []
    for at in range(begin, len(lines)):
        if lines[at].is_turn:
            break
        if lines[at].who == "agent":
            found.append(lines[at])
    return tuple(found)


def _spoken(view: SessionView, line: TranscriptLine) -> Turn | None:
    """The turn that the user began by speaking with this line; None if there is none."""
    if line.mark == "typed":
        return None
    return next((turn for turn in view.turns if turn.user_item_id == line.item_id), None)
