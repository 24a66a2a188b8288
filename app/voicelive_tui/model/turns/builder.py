"""The turns of a session in order, and their totals, which are updated with every change.

Invariant: every operation costs O(log n) at most for n turns.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from voicelive_tui.model.collections.ordered_tree import OrderedTree
from voicelive_tui.model.turns.latency import LatencyStats, RunningPercentiles, TurnTotals
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.model.turns.turn_link import TurnLink


class TurnsBuilder:
    """Turns by position, counted from 0."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._tree: OrderedTree[int, Turn] = OrderedTree()
        self._heard = RunningPercentiles()
        self._service_heard = RunningPercentiles()
        self._first_audio = RunningPercentiles()
        self._from_voice = 0
        self._interrupted = 0
        self.of_item: dict[str, int] = {}
        """The turn of each item, the user's and the assistant's."""
        self.named: set[int] = set()
        """The turns that have a response with an id."""
        self.user_asked = False
        """Whether the user has asked anything so far."""
        self.configuration: int | None = None
        """The position of the configuration in force."""
        self.model: str | None = None
        """The model in force."""
        self.link: TurnLink | None = None
        """The link to the machine with the devices."""

    def __len__(self) -> int:
        return len(self._turns)

    def __getitem__(self, position: int) -> Turn:
        return self._turns[position]

    def all(self) -> Sequence[Turn]:
        """Return every turn; the same object until something changes."""
        return self._tree.snapshot()

    def totals(self) -> TurnTotals:
        """Return the totals over all turns."""
        latencies = LatencyStats(
            heard=self._heard.figures(),
            service_heard=self._service_heard.figures(),
            first_audio=self._first_audio.figures(),
            from_voice=self._from_voice,
        )
        return TurnTotals(interrupted=self._interrupted, latencies=latencies)

    def begin(self, started_s: float, **known: Any) -> int:
        """Add a turn and return its position."""
        position = len(self._turns)
        turn = Turn(
            number=position + 1,
            started_s=started_s,
            configuration=self.configuration,
            link=self.link,
            **known,
        )
        self._turns.append(turn)
        self._note_asked(turn)
        self._tree.append(position)
        self._tree.set(position, turn)
        return position

    def change(self, position: int, **changes: Any) -> None:
        """Change fields of a turn. One whose user's part ends has the configuration and the link in
        force; one that is heard has the link of that moment."""
        before = self._turns[position]
        if "asked_s" in changes:
            changes["configuration"] = self.configuration
        if "asked_s" in changes or "heard_s" in changes:
            changes["link"] = self.link
        now = self._turns[position] = replace(before, **changes)
        self._tree.set(position, now)
        self._note_asked(now)
        self._interrupted += now.interrupted - before.interrupted
        if not now.greeting:
            self._measure(position, before, now)

    def _measure(self, position: int, before: Turn, now: Turn) -> None:
        self._from_voice += _is_from_voice(now) - _is_from_voice(before)
        self._heard.change(position, before.heard_ms, now.heard_ms)
        self._service_heard.change(position, before.service_heard_ms, now.service_heard_ms)
        self._first_audio.change(position, before.first_audio_ms, now.first_audio_ms)

    def _note_asked(self, turn: Turn) -> None:
        self.user_asked = self.user_asked or (turn.asked_s is not None and not turn.greeting)

    def drop_last(self) -> None:
        """Remove the last turn, which asked nothing and so has no latencies."""
        turn = self._turns.pop()
        self._tree.remove(len(self._turns))
        self._interrupted -= turn.interrupted


def _is_from_voice(turn: Turn) -> bool:
    return turn.voice_ended_s is not None and turn.heard_ms is not None
