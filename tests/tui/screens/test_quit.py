"""The question before quitting while sessions run."""

import pytest
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.screens.quit import QuitScreen

from tests.support.console_pilot import shows, until
from tests.tui.support.console_screen import SIZE, connect, connected, console_app, session_of


@pytest.mark.parametrize("answer", ["q", "y", "ctrl+c", "ctrl+q"])
async def test_a_second_key_quits_and_closes_the_session(engine: Engine, answer: str) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("q")
        screen = await shows(pilot, "1 session runs and will be stopped")
        assert "recorded" in screen
        await pilot.press("enter")
        assert isinstance(app.screen, QuitScreen)
        await pilot.press(answer)
        await until(pilot, lambda: app.return_value is not None, "the end")
    assert app.return_value == 0
    assert session_of(engine, "sound-check").state is SessionState.ENDED


@pytest.mark.parametrize("answer", ["n", "escape"])
async def test_the_sessions_go_on_and_it_is_asked_again(engine: Engine, answer: str) -> None:
    app = console_app(engine, "sound-check", "casual-chat", start=["sound-check", "casual-chat"])
    async with app.run_test(size=SIZE) as pilot:
        for key in ("sound-check", "casual-chat"):
            await connected(pilot, engine, key)
        for _ in range(2):
            await pilot.press("q")
            await shows(pilot, "2 sessions run and will be stopped")
            await pilot.press(answer)
            await until(pilot, lambda: app.screen is app.main_screen, "the console")
        assert session_of(engine, "sound-check").state is SessionState.CONNECTED


async def test_the_users_own_key_quits_and_is_named(engine: Engine) -> None:
    app = console_app(engine, "sound-check", config=ConsoleConfig(keys={"console.quit": "f10"}))
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("f10")
        await shows(pilot, "f10 again")
        await pilot.press("f10")
        await until(pilot, lambda: app.return_value is not None, "the end")


async def test_a_signal_ends_the_console_while_it_asks(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, QuitScreen), "the question")
        app.leave()
        await until(pilot, lambda: app.return_value is not None, "the end")


async def test_without_a_session_nothing_is_asked(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        await pilot.press("q")
        await until(pilot, lambda: app.return_value is not None, "the end")
