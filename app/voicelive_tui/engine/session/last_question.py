"""The user's last question, to be asked again."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_tui.model.session.snapshot import SessionView
from voicelive_tui.model.transcript.history import PastItem, PastMessage
from voicelive_tui.model.turns.turn import Turn


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """A question. asked: the conversation from it on. turn: its turn. text: what was typed; empty
    for a question that was spoken."""

    asked: tuple[PastItem, ...]
    turn: Turn
    text: str


def last_question(view: SessionView, history: Sequence[PastItem]) -> LastQuestion | None:
    """Return the last question that became an item; None if there is none."""
    places = {past.item_id: at for at, past in enumerate(history)}
    for turn in reversed(view.turns):
        at = places.get(turn.user_item_id or "")
        if at is not None and turn.asked_s is not None:
            text = _typed_text(view, history[at])
            return LastQuestion(tuple(history[at:]), turn, text)
    return None


def _typed_text(view: SessionView, past: PastItem) -> str:
    line = next((line for line in view.transcript if line.item_id == past.item_id), None)
    typed = line is not None and line.mark == "typed" and isinstance(past, PastMessage)
    return "\n".join(past.texts) if typed and isinstance(past, PastMessage) else ""
