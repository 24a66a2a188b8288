"""What came since a setting was changed, beside the settings page, with a real engine and the
simulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import SendText
from voicelive_tui.tui.widgets.settings_list import SettingsList

from tests.support.console_pilot import running_engine, shows, until
from tests.tui.support.console_screen import connect, console_app, session_of

TAB = "casual-chat"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with running_engine(tmp_path) as engine:
        yield engine


async def test_the_help_counts_the_turns_since_the_change_and_before(engine: Engine) -> None:
    async with console_app(engine, TAB).run_test(size=(100, 40)) as pilot:
        screen = pilot.app.screen
        await shows(pilot, f"1 {TAB}")
        await connect(pilot, engine, TAB)
        engine.post(SendText(TAB, "One."))
        await until(pilot, lambda: answered(engine) == 1, "an answer")
        await pilot.press("comma")
        await until(pilot, lambda: screen.query(SettingsList), "the settings")
        settings = screen.query_one(SettingsList)
        await until(pilot, lambda: settings.has_focus and settings.current, "the focus")
        settings.put_cursor("session.turn_detection.silence_duration_ms")
        await pilot.press("right")
        await shows(pilot, "0 turns, 0 false")
        await shows(pilot, "(before: 1 turn, 0)")
        engine.post(SendText(TAB, "Two."))
        await shows(pilot, "1 turn, 0 false")


def answered(engine: Engine) -> int:
    """The turns that have an answer."""
    return sum(turn.done_s is not None for turn in session_of(engine, TAB).view.turns)
