"""The one timer of a connection, in a loop whose clock the test moves."""

import asyncio
from collections.abc import Iterator

import pytest
from voicelive_tui.engine.session.tick_timer import TickTimer


class SteppedLoop(asyncio.SelectorEventLoop):
    """A loop in which time passes only when the test says so."""

    now_s = 1_000.0

    def time(self) -> float:
        return self.now_s

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and run what is due."""
        self.now_s += seconds
        self.call_soon(self.call_soon, self.stop)
        self.run_forever()


@pytest.fixture
def loop() -> Iterator[SteppedLoop]:
    loop = SteppedLoop()
    yield loop
    loop.close()


def set_timer(loop: SteppedLoop, timer: TickTimer, due_s: float | None, now: float) -> None:
    loop.call_soon(timer.set, due_s, now)
    loop.pass_time(0)


def test_it_calls_at_the_time_and_once(loop: SteppedLoop) -> None:
    ticks: list[float] = []
    timer = TickTimer(lambda: ticks.append(loop.now_s))
    set_timer(loop, timer, 52.0, 50.0)
    loop.pass_time(1.5)
    assert ticks == []
    loop.pass_time(0.5)
    assert ticks == [1_002.0]
    loop.pass_time(60)
    assert ticks == [1_002.0]


def test_another_time_takes_the_place_of_the_first(loop: SteppedLoop) -> None:
    ticks: list[float] = []
    timer = TickTimer(lambda: ticks.append(loop.now_s))
    set_timer(loop, timer, 52.0, 50.0)
    set_timer(loop, timer, 55.0, 50.0)
    loop.pass_time(4)
    assert ticks == []
    loop.pass_time(1)
    assert ticks == [1_005.0]


def test_what_is_due_already_is_called_at_once(loop: SteppedLoop) -> None:
    ticks: list[float] = []
    timer = TickTimer(lambda: ticks.append(loop.now_s))
    set_timer(loop, timer, 40.0, 50.0)
    loop.pass_time(0)
    assert ticks == [1_000.0]


@pytest.mark.parametrize("by", ["none", "cancel"])
def test_no_time_means_no_call(loop: SteppedLoop, by: str) -> None:
    ticks: list[float] = []
    timer = TickTimer(lambda: ticks.append(loop.now_s))
    set_timer(loop, timer, 52.0, 50.0)
    if by == "none":
        set_timer(loop, timer, None, 50.0)
    else:
        timer.cancel()
    loop.pass_time(60)
    assert ticks == []


def test_a_tick_that_came_too_early_is_set_again_to_the_same_time(loop: SteppedLoop) -> None:
    ticks: list[float] = []

    def tick() -> None:
        ticks.append(loop.now_s)
        if len(ticks) == 1:
            # By the caller's clock it is not yet time.
            timer.set(52.0, 51.9)

    timer = TickTimer(tick)
    set_timer(loop, timer, 52.0, 50.0)
    loop.pass_time(2)
    assert ticks == [1_002.0]
    loop.pass_time(0.2)
    assert ticks == [1_002.0, 1_002.2]
