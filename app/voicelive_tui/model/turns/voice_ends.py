"""When the user's voice ended in each spoken turn, as this machine's own detector hears it."""

from collections import deque
from typing import Final

from voicelive_tui.model.turns.builder import TurnsBuilder

_LOOK_BACK: Final = 4
"""How many turns back the end of a voice may belong to. The detector is certain of it only after a
pause, when the answer may be heard already."""
_EARLIER_S: Final = 1.5
"""The voice may end so much earlier than the service says that it began: a short word is over when
the service has noticed it."""


class VoiceEnds:
    """Gives each spoken turn the last end of the voice between its beginning and `asked_s`.

    An end later than `asked_s` belongs to no turn: the service took the turn in the middle of the
    voice, or in a pause that the detector bridges.
    """

    def __init__(self, turns: TurnsBuilder) -> None:
        self._turns = turns
        self._ends_s: deque[float] = deque(maxlen=4 * _LOOK_BACK)

    def ended(self, t_s: float) -> list[int]:
        """Note that the voice ended. Return the turns that this changes."""
        self._ends_s.append(t_s)
        return self.assign()

    def assign(self) -> list[int]:
        """Look at the latest turns, of which one may have ended. Return those that changed."""
        first = max(0, len(self._turns) - _LOOK_BACK)
        return [at for at in range(first, len(self._turns)) if self._assign_to(at)]

    def _assign_to(self, position: int) -> bool:
        turn = self._turns[position]
        if not turn.spoken or turn.asked_s is None:
            return False
        after_s = max(turn.started_s - _EARLIER_S, self._asked_before(position))
        fitting_s = [end_s for end_s in self._ends_s if after_s < end_s <= turn.asked_s]
        if not fitting_s or max(fitting_s) == turn.voice_ended_s:
            return False
        self._turns.change(position, voice_ended_s=max(fitting_s))
        return True

    def _asked_before(self, position: int) -> float:
        """When the spoken turn before this one ended."""
        first = max(0, position - _LOOK_BACK)
        earlier = [self._turns[at] for at in range(first, position)]
        asked_s = [turn.asked_s for turn in earlier if turn.spoken and turn.asked_s is not None]
        return asked_s[-1] if asked_s else 0.0
