"""The heartbeat rests while nothing changes, and whatever changes wakes it."""

import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import Mute
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.heartbeat import HEARTBEAT_HZ, Heartbeat
from voicelive_tui.tui.profile_tabs import FIRST_STARTERS

from tests.support.console_pilot import FIXED_CLOCK, shows, until
from tests.tui.support.console_screen import SIZE, connect


class BeatingApp(App[None]):
    """An app that counts its beats, and beside them the periods in which one could have come."""

    def __init__(self, rest_s: Callable[[], float]) -> None:
        super().__init__()
        self.beats = 0
        self.periods = 0
        self._rest_s = rest_s

    def on_mount(self) -> None:
        self.heartbeat = Heartbeat(self, self._beat)
        self.set_interval(1 / HEARTBEAT_HZ, self._count)

    def _beat(self) -> float:
        self.beats += 1
        return self._rest_s()

    def _count(self) -> None:
        self.periods += 1

    async def pass_periods(self, pilot: Pilot[None], count: int) -> int:
        """Let so many periods pass; returns the beats in them."""
        beats, end = self.beats, self.periods + count
        await until(pilot, lambda: self.periods >= end)
        return self.beats - beats


async def test_a_rested_heart_beats_once_for_each_wake_of_any_thread() -> None:
    app = BeatingApp(lambda: math.inf)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.beats == 1)
        assert await app.pass_periods(pilot, 5) == 0
        waker = threading.Thread(target=app.heartbeat.wake)
        waker.start()
        waker.join()
        await until(pilot, lambda: app.beats == 2)
        assert await app.pass_periods(pilot, 5) == 0
        app.heartbeat.wake()
        await until(pilot, lambda: app.beats == 3)


async def test_many_wakes_are_one_beat() -> None:
    app = BeatingApp(lambda: math.inf)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.beats == 1)
        await app.pass_periods(pilot, 2)
        for _ in range(1000):
            app.heartbeat.wake()
        await app.pass_periods(pilot, 5)
        assert app.beats <= 3


async def test_a_wake_during_a_beat_makes_the_next_one_come() -> None:
    woken: list[bool] = []

    def rest_s() -> float:
        if not woken:
            woken.append(True)
            app.heartbeat.wake()
        return math.inf

    app = BeatingApp(rest_s)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.beats == 2)


async def test_a_heart_that_rests_for_a_time_wakes_by_itself() -> None:
    beats_s: list[float] = []

    def rest_s() -> float:
        beats_s.append(time.monotonic())
        return 0.3

    app = BeatingApp(rest_s)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.beats >= 3)
        # A busy machine can only make the rests longer.
        assert beats_s[2] - beats_s[0] >= 2 * 0.3 - 0.05


async def test_a_heart_with_something_to_do_goes_on() -> None:
    app = BeatingApp(lambda: 0.0)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.beats >= 5)


class CountingConsole(ConsoleApp):
    """The console, with the number of times that it drew on the terminal."""

    CSS_PATH = str(Path(__file__).parents[2] / "app/voicelive_tui/tui/app.tcss")
    draws = 0

    def post_display_hook(self) -> None:
        self.draws += 1


async def rested(pilot: Pilot[int], engine: Engine) -> CountingConsole:
    """The console once it has shown everything and rests."""
    app = pilot.app
    assert isinstance(app, CountingConsole)
    await shows(pilot, "sound-check")
    await until(
        pilot, lambda: len(app.main_screen.snapshot.sessions) == len(FIRST_STARTERS), "every tab"
    )
    await until(pilot, lambda: app.main_screen.beat(engine.snapshot()) > 0)
    await pilot.pause()
    return app


async def test_what_shows_the_same_is_not_drawn_again(engine: Engine) -> None:
    async with CountingConsole(engine, clock=FIXED_CLOCK).run_test(size=SIZE) as pilot:
        app = await rested(pilot, engine)
        drawn = app.draws
        for _ in range(3):
            app.sync()
            await pilot.pause()
        assert app.draws == drawn


async def test_a_change_in_the_engine_wakes_the_console(engine: Engine) -> None:
    async with CountingConsole(engine, clock=FIXED_CLOCK).run_test(size=SIZE) as pilot:
        await rested(pilot, engine)
        engine.post(Mute(True))
        await shows(pilot, "MUTED")


async def test_a_message_wakes_the_console(engine: Engine) -> None:
    async with CountingConsole(engine, clock=FIXED_CLOCK).run_test(size=SIZE) as pilot:
        app = await rested(pilot, engine)
        app.main_screen.show_message("info", "Something was written.")
        await shows(pilot, "Something was written.")


async def test_a_connected_session_is_due_again_within_a_second(engine: Engine) -> None:
    async with CountingConsole(engine, clock=FIXED_CLOCK).run_test(size=SIZE) as pilot:
        app = await rested(pilot, engine)
        assert app.main_screen.beat(engine.snapshot()) == math.inf
        await connect(pilot, engine)
        await shows(pilot, "[●1")
        assert app.main_screen.beat(engine.snapshot()) <= 1.0


async def test_an_engine_outlives_its_console(engine: Engine) -> None:
    async with CountingConsole(engine, clock=FIXED_CLOCK).run_test(size=SIZE) as pilot:
        await rested(pilot, engine)
    revision = engine.snapshot().revision
    engine.post(Mute(True))
    assert engine.wait_change(revision, 10.0) > revision
