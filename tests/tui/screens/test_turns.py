"""From turn to turn on the screen, with the turn shown: in a recording and in a session."""

from pathlib import Path
from typing import Any

import pytest
import voicelive_tui
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.panes.turn_pane import TurnPane

from tests.support.console_pilot import screen_text, shows, until
from tests.tui.support.console_screen import connect, console_app, session_of

DEMO = str(Path(voicelive_tui.__file__).parent / "demo")


async def demo(pilot: Pilot[Any]) -> ConsoleApp:
    """The app, once it shows the whole demo recording."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await shows(pilot, "Thank you. Goodbye.")
    await until(pilot, lambda: app.main_screen.session and not app.main_screen.session.being_read)
    return app


def cursor_text(app: ConsoleApp) -> str:
    """The text of the line under the transcript's cursor."""
    line = app.main_screen.transcript_pane.transcript.current
    return line.text if line is not None else ""


async def test_the_keys_go_from_turn_to_turn_in_both_panes(engine: Engine) -> None:
    async with console_app(engine, DEMO).run_test(size=(100, 30)) as pilot:
        app = await demo(pilot)
        await pilot.press("left_parenthesis")
        await shows(pilot, "─ Turn 10  ")
        assert cursor_text(app).startswith("You are welcome.")
        await pilot.press("left_parenthesis")
        screen = await shows(pilot, "─ Turn 9  ")
        assert cursor_text(app).startswith("Pardon?")
        transcript, events = app.main_screen.transcript_pane, app.main_screen.events_pane.events
        line = transcript.transcript.current
        assert line is not None
        assert events.cursor_row is not None
        assert events.cursor_row.first_n <= line.first_n <= events.cursor_row.last_n
        assert "response created" in screen
        assert "first sound heard" in screen
        assert "tokens in" in screen
        assert "Turn 9: " in screen
        assert "( ) turn  L slowest  space hear  Enter events" in screen
        await pilot.press("right_parenthesis")
        await shows(pilot, "─ Turn 10  ")
        await pilot.press("right_parenthesis")
        await until(pilot, lambda: events.following, "following again")
        assert "─ Turn 10  " in screen_text(app)


async def test_before_the_first_turn_there_is_none(engine: Engine) -> None:
    async with console_app(engine, DEMO).run_test(size=(100, 30)) as pilot:
        await demo(pilot)
        await pilot.press(*["left_parenthesis"] * 14)
        screen = await shows(pilot, "This is the first turn.")
        assert "─ Greeting  " in screen or "─ Turn 1  " in screen


async def test_the_turn_follows_the_cursor(engine: Engine) -> None:
    async with console_app(engine, DEMO).run_test(size=(100, 30)) as pilot:
        await demo(pilot)
        await pilot.press("left_parenthesis")
        await shows(pilot, "─ Turn 10  ")
        await pilot.press("up", "up")
        await shows(pilot, "─ Turn 9  ")


@pytest.mark.parametrize(
    ("key", "focus"), [("escape", "transcript"), ("enter", "events")], ids=["back", "events"]
)
async def test_the_events_get_their_room_back(engine: Engine, key: str, focus: str) -> None:
    async with console_app(engine, DEMO).run_test(size=(100, 30)) as pilot:
        app = await demo(pilot)
        await pilot.press("left_parenthesis")
        await shows(pilot, "─ Turn 10  ")
        await pilot.press(key)
        await until(pilot, lambda: not app.main_screen.query(TurnPane), "no turn")
        assert not app.main_screen.has_class("turn-open")
        assert app.main_screen.focused is not None
        assert app.main_screen.focused.id == focus


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12)], ids=str)
async def test_on_a_small_screen_the_turn_takes_the_place_of_the_events(
    engine: Engine, size: tuple[int, int]
) -> None:
    async with console_app(engine, DEMO).run_test(size=size) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await until(pilot, lambda: app.main_screen.session and app.main_screen.session.view.turns)
        await pilot.press("left_parenthesis")
        screen = await shows(pilot, "first sound heard")
        assert "Events" not in screen
        await pilot.press("escape")
        await until(pilot, lambda: not app.main_screen.query(TurnPane), "no turn")
        await shows(pilot, "Transcript")


async def test_on_a_wide_screen_the_turn_stands_under_the_settings(engine: Engine) -> None:
    async with console_app(engine, "support").run_test(size=(200, 50)) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await connect(pilot, engine, "support")
        await pilot.press("i", *"hello", "enter")
        screen = await shows(pilot, "first sound heard")
        assert "Settings" in screen
        assert "sent  " in screen
        pane = app.main_screen.query_one(TurnPane)
        assert pane.column
        assert "detection" in screen and "restart" in screen
        settings = app.main_screen.query_one("#settings")
        assert settings.region.bottom <= pane.region.y
        assert settings.region.height >= 12
        assert session_of(engine, "support").view.turns[-1].heard_s is not None
        await pilot.press("escape", "left_parenthesis")
        await shows(pilot, "─ Turn 1  ")
        assert app.main_screen.query_one(TurnPane) is pane
        app.main_screen.set_focus(app.main_screen.transcript_pane.transcript)
        await pilot.press("comma", "comma")
        await until(pilot, lambda: not app.main_screen.query(TurnPane), "no third column")
        await pilot.press("left_parenthesis")
        await shows(pilot, "─ Turn 1  ")
        assert not app.main_screen.query_one(TurnPane).column


async def test_without_a_turn_there_is_nothing_to_go_to(engine: Engine) -> None:
    async with console_app(engine, "support").run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 support")
        await pilot.press("left_parenthesis")
        await shows(pilot, "There is no turn yet.")
