"""The moments of each turn's responses, written into the turns."""

from dataclasses import replace

from voicelive_tui.model.turns.builder import TurnsBuilder
from voicelive_tui.model.turns.response_times import ResponseTimes
from voicelive_tui.model.turns.turn import MOST_STEPS


class ResponseMoments:
    """Knows the place of each response within its turn. A response without an id is the latest one
    of its turn."""

    def __init__(self, turns: TurnsBuilder) -> None:
        self._turns = turns
        self._places: dict[str, int] = {}
        self._sounding: set[tuple[int, str]] = set()
        """The turns and responses whose first audio is known."""

    def created(self, turn: int, response_id: str, t_s: float) -> None:
        """A response of this turn began."""
        known = self._turns[turn].responses
        if response_id:
            self._places[response_id] = len(known)
        if len(known) < MOST_STEPS:
            self._turns.change(turn, responses=(*known, ResponseTimes(t_s)))

    def audio(self, turn: int, response_id: str, t_s: float) -> None:
        """Sound of this response came in; only the first counts."""
        if (turn, response_id) in self._sounding:
            return
        place = self._place(turn, response_id)
        if place is None:
            return
        if response_id:
            self._sounding.add((turn, response_id))
        times = self._turns[turn].responses[place]
        if times.first_audio_s is None:
            self._replace(turn, place, replace(times, first_audio_s=t_s))

    def done(self, turn: int, response_id: str, t_s: float) -> None:
        """This response ended."""
        place = self._place(turn, response_id)
        if place is not None:
            self._replace(turn, place, replace(self._turns[turn].responses[place], done_s=t_s))

    def _place(self, turn: int, response_id: str) -> int | None:
        count = len(self._turns[turn].responses)
        place = self._places.get(response_id, count - 1)
        return place if 0 <= place < count else None

    def _replace(self, turn: int, place: int, times: ResponseTimes) -> None:
        known = self._turns[turn].responses
        self._turns.change(turn, responses=(*known[:place], times, *known[place + 1 :]))
