"""The turns of a session in their order, and what is known of all of them together, kept as they change.

Invariant: nothing here costs more for many turns than for few, but for a logarithm.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from voicelive_tui.model.latency import LatencyStats, RunningPercentiles, TurnTotals
from voicelive_tui.model.ordered_tree import OrderedTree
from voicelive_tui.model.turns import Turn


class TurnsBook:
    """Turns by their place, counted from 0."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._tree: OrderedTree[int, Turn] = OrderedTree()
        self._heard = RunningPercentiles()
        self._first_audio = RunningPercentiles()
        self._interrupted = 0

    def __len__(self) -> int:
        return len(self._turns)

    def __getitem__(self, place: int) -> Turn:
        return self._turns[place]

    def all(self) -> Sequence[Turn]:
        """Every turn; the same object until something changes."""
        return self._tree.snapshot()

    def totals(self) -> TurnTotals:
        """What is known of all of them together."""
        latencies = LatencyStats(heard=self._heard.figures(), first_audio=self._first_audio.figures())
        return TurnTotals(interrupted=self._interrupted, latencies=latencies)

    def begin(self, started_s: float, **known: Any) -> int:
        """A new turn; its place."""
        place = len(self._turns)
        turn = Turn(number=place + 1, started_s=started_s, **known)
        self._turns.append(turn)
        self._tree.append(place)
        self._tree.set(place, turn)
        return place

    def change(self, place: int, **changes: Any) -> None:
        """This is known of a turn now."""
        before = self._turns[place]
        now = self._turns[place] = replace(before, **changes)
        self._tree.set(place, now)
        self._interrupted += now.interrupted - before.interrupted
        self._heard.change(place, before.heard_ms, now.heard_ms)
        self._first_audio.change(place, before.first_audio_ms, now.first_audio_ms)

    def drop_last(self) -> None:
        """The last turn was none: it has asked nothing, and so has no figures."""
        turn = self._turns.pop()
        self._tree.remove(len(self._turns))
        self._interrupted -= turn.interrupted
