"""Silence in place of a microphone that went away in the middle of a turn, with a clock that the
test moves."""

import heapq
from collections.abc import Callable
from itertools import count

from voicelive_tui.engine.session.silence_fill import FILL_AFTER_S, LONGEST_S, SilenceFill
from voicelive_tui.model.formats import BLOCK_S


class SilenceFillHarness:
    """An open turn, its clock and what was sent."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.open = True
        self.begun = 0
        self.sent_s: list[float] = []
        self._order = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self.turn = SilenceFill(
            self._later, lambda: self.open, self._begin, self._send, lambda: self.now_s
        )

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
    harness = SilenceFillHarness()
    harness.turn.start()
    harness.talk(30)
    assert harness.sent_s == []


def test_a_turn_that_nobody_feeds_gets_silence_at_the_pace_of_a_microphone() -> None:
    harness = SilenceFillHarness()
    harness.talk(1)
    harness.turn.start()
    last_s = harness.now_s
    harness.until(last_s + FILL_AFTER_S + 2)
    assert harness.begun == 1
    assert 98 <= len(harness.sent_s) <= 102
    assert harness.sent_s[0] >= last_s + FILL_AFTER_S - BLOCK_S - 1e-6
    harness.open = False
    before = len(harness.sent_s)
    harness.until(harness.now_s + 5)
    assert len(harness.sent_s) == before


def test_a_microphone_that_comes_back_ends_the_silence() -> None:
    harness = SilenceFillHarness()
    harness.turn.start()
    harness.until(harness.now_s + FILL_AFTER_S + 1)
    before = len(harness.sent_s)
    assert before
    harness.talk(3)
    assert len(harness.sent_s) == before
    harness.until(harness.now_s + FILL_AFTER_S + 1)
    assert len(harness.sent_s) > before and harness.begun == 2


def test_a_service_that_never_ends_the_turn_is_not_sent_silence_for_ever() -> None:
    harness = SilenceFillHarness()
    for _ in range(20):
        harness.turn.start()
        harness.until(harness.now_s + 5)
    assert len(harness.sent_s) * BLOCK_S <= LONGEST_S + BLOCK_S


def test_a_turn_that_is_over_gets_none() -> None:
    harness = SilenceFillHarness()
    harness.open = False
    harness.turn.start()
    harness.until(harness.now_s + 60)
    assert harness.sent_s == []
