"""Silence in place of a microphone that went away in the middle of a turn, with a clock that the test moves."""

import heapq
from collections.abc import Callable
from itertools import count

from voicelive_tui.engine.session.silence_fill import BLOCK_S, FILL_AFTER_S, LONGEST_S, SilenceFill


class Room:
    """An open turn, its clock and what was sent."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.open = True
        self.begun = 0
        self.sent_s: list[float] = []
        self._order = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self.turn = SilenceFill(self._later, lambda: self.open, self._begin, self._send, lambda: self.now_s)

    def _later(self, delay_s: float, action: Callable[[], None]) -> None:
        assert delay_s >= 0
        heapq.heappush(self._due, (self.now_s + delay_s, next(self._order), action))

    def _begin(self) -> None:
        self.begun += 1

    def _send(self) -> None:
        self.sent_s.append(self.now_s)

    def until(self, end_s: float) -> None:
        """Let time pass."""
        while self._due and self._due[0][0] <= end_s:
            self.now_s, _, action = heapq.heappop(self._due)
            action()
        self.now_s = end_s

    def talk(self, seconds: float) -> None:
        """The microphone is there for so long."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.turn.mic_active()
            self.until(self.now_s + BLOCK_S)


def test_a_microphone_that_is_there_gets_no_silence() -> None:
    room = Room()
    room.turn.start()
    room.talk(30)
    assert room.sent_s == []


def test_a_turn_that_nobody_feeds_gets_silence_at_the_pace_of_a_microphone() -> None:
    room = Room()
    room.talk(1)
    room.turn.start()
    last_s = room.now_s
    room.until(last_s + FILL_AFTER_S + 2)
    assert room.begun == 1
    assert 98 <= len(room.sent_s) <= 102
    assert room.sent_s[0] >= last_s + FILL_AFTER_S - BLOCK_S - 1e-6
    room.open = False
    before = len(room.sent_s)
    room.until(room.now_s + 5)
    assert len(room.sent_s) == before


def test_a_microphone_that_comes_back_ends_the_silence() -> None:
    room = Room()
    room.turn.start()
    room.until(room.now_s + FILL_AFTER_S + 1)
    before = len(room.sent_s)
    assert before
    room.talk(3)
    assert len(room.sent_s) == before
    room.until(room.now_s + FILL_AFTER_S + 1)
    assert len(room.sent_s) > before and room.begun == 2


def test_a_service_that_never_ends_the_turn_is_not_sent_silence_for_ever() -> None:
    room = Room()
    for _ in range(20):
        room.turn.start()
        room.until(room.now_s + 5)
    assert len(room.sent_s) * BLOCK_S <= LONGEST_S + BLOCK_S


def test_a_turn_that_is_over_gets_none() -> None:
    room = Room()
    room.open = False
    room.turn.start()
    room.until(room.now_s + 60)
    assert room.sent_s == []
