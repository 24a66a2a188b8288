"""The console from start to end: tabs and the user's own keys."""

from pathlib import Path

import pytest
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.last_tabs import last_tabs
from voicelive_tui.tui.screens.help import HelpScreen
from voicelive_tui.tui.widgets.message_bar import MessageBar

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    connect,
    connected,
    console_app,
    on_error,
    recorded_app,
    session_of,
    shown_message,
)


async def test_a_newcomer_reads_which_key_to_press(engine: Engine) -> None:
    async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
        screen = await shows(pilot, "start the session")
        assert "SIMULATOR" in screen
        screen = await shows(pilot, "[ 1 sound-check]")
        assert " OFF " in screen


async def test_quitting_closes_the_sessions_first_and_remembers_the_tabs(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("q", "q")
        await until(pilot, lambda: app.return_value is not None, "the end")
    assert app.return_value == 0
    assert session_of(engine, "sound-check").state is SessionState.ENDED
    assert [Path(path).name for path in last_tabs(engine.settings.state_dir)] == [
        "sound-check.toml"
    ]


async def test_the_tabs_of_the_last_run_open_again(engine: Engine) -> None:
    app = console_app(engine, "support", "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main_screen.snapshot.sessions) == 2, "two tabs")
        await pilot.press("q")
        await until(pilot, lambda: app.return_value is not None, "the end")
    with running_engine(engine.settings.state_dir.parent) as second:
        async with console_app(second).run_test(size=SIZE) as pilot:
            await until(
                pilot,
                lambda: list(second.snapshot().sessions) == ["support", "sound-check"],
                "the same tabs",
            )


async def test_every_session_that_is_to_start_starts_and_the_first_is_shown_and_on_air(
    engine: Engine,
) -> None:
    app = console_app(
        engine, "support", "casual-chat", start=["casual-chat", "sound-check", "casual-chat"]
    )
    async with app.run_test(size=SIZE) as pilot:
        for key in ("casual-chat", "sound-check"):
            await connected(pilot, engine, key)
        await until(pilot, lambda: app.main_screen.active == "casual-chat", "the first of them")
        snapshot = engine.snapshot()
        assert snapshot.on_air == "casual-chat"
        assert list(snapshot.sessions) == ["support", "casual-chat", "sound-check"]
        assert session_of(engine, "support").state is SessionState.OFF


async def test_without_a_last_run_the_starters_open_sound_check_first(engine: Engine) -> None:
    app = console_app(engine)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main_screen.snapshot.sessions) >= 5, "the starters")
        assert next(iter(engine.snapshot().sessions)) == "sound-check"
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: app.main_screen.active != "sound-check", "the next tab")


async def test_a_remapped_key_acts_and_is_shown_and_the_old_one_does_not(engine: Engine) -> None:
    app = console_app(engine, "sound-check", config=ConsoleConfig(keys={"console.help": "f9"}))
    async with app.run_test(size=SIZE) as pilot:
        screen = await shows(pilot, "f9 help")
        assert "? help" not in screen
        await pilot.press("question_mark", "tab")
        await until(
            pilot,
            lambda: app.focused and app.focused.id == "message",
            "a key that only the console itself takes",
        )
        assert app.screen is app.main_screen
        await pilot.press("escape", "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen), "help")
        await shows(pilot, "start, stop")


async def test_a_tab_keeps_its_place_while_another_is_shown(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("E")
        n = await on_error(pilot, app)
        await pilot.press("2")
        await shows(pilot, "start the session")
        await pilot.press("1")
        await shows(pilot, "✗ heard")
        await until(
            pilot, lambda: app.main_screen.events_pane.events.cursor_n == n, "the same event"
        )


async def test_an_unknown_profile_is_one_sentence(engine: Engine) -> None:
    app = console_app(engine, "nobody")
    async with app.run_test(size=SIZE) as pilot:
        await until(
            pilot, lambda: "There is no profile named nobody" in shown_message(app), "the sentence"
        )
        await shows(pilot, "No profile is open.")


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_a_broken_profile_that_is_named_by_its_path_says_why_in_full_and_is_listed(
    tmp_path: Path, engine: Engine, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bad.toml"
    path.write_text('name = "Broken"\n[session\n')
    app = console_app(engine, str(path))
    async with app.run_test(size=size) as pilot:
        end = "v shows the rest" if size[0] < 100 else "see `voicelive-tui check bad.toml`"
        await shows(pilot, end)
        region = app.main_screen.query_one(MessageBar).region
        shown = " ".join(" ".join(screen_text(app).splitlines()[region.y : region.bottom]).split())
        assert shown.startswith("error bad cannot be used: line 2: ")
        assert shown.endswith(end)
        await pilot.press("plus")
        await until(pilot, lambda: len(app.screen_stack) > 1, "the list")
        await pilot.press("end")
        await shows(pilot, "✗ line 2")
        await pilot.press("escape")
        await until(
            pilot,
            lambda: app.main_screen.query_one(MessageBar).size.height == 1,
            "the rows of the panes",
        )
