"""The palette and the help on the screen: typing, choosing, themes and pictures."""

from functools import partial
from pathlib import Path

from textual.widgets import Input
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.screens.help import HelpPage, HelpScreen
from voicelive_tui.tui.screens.palette import PaletteScreen

from tests.support.console_pilot import screen_text, shows, until
from tests.tui.support.console_screen import SIZE, clear_messages, console_app, shown_message


async def test_the_palette_finds_and_runs_a_command(engine: Engine) -> None:
    async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+p")
        screen = await shows(pilot, "TALK       Start or stop the session")
        assert "Interrupt the agent" not in screen, "nothing to interrupt"
        await pilot.press(*"shortcuts")
        await shows(pilot, " 1 of ")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen), "help")


async def test_the_arrows_choose_and_the_key_of_the_palette_closes_it(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+p", *"voice", "down", "up")
        await shows(pilot, "▸ TUNE       ")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        await pilot.press("ctrl+p", *"xyzzy")
        await shows(pilot, "Nothing is found by these words")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen is app.main_screen, "the console again")


async def test_a_theme_that_was_chosen_is_used_in_the_next_run(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+p", *"theme", "enter")
        await shows(pilot, "voicelive-light")
        await pilot.press(*"gruv", "enter")
        kept = engine.settings.state_dir / "console-theme.json"
        await until(pilot, lambda: app.theme == "gruvbox" and kept.exists(), "the theme kept")
    again = console_app(engine, "sound-check")
    few = again.console.color_system in ("standard", "windows")
    assert again.theme == ("voicelive-16-colours" if few else "gruvbox")


def has_more(folder: Path, before: set[Path]) -> bool:
    """Whether there is a picture that was not there before, written to its end."""
    return bool({path for path in folder.glob("2*.svg")} - before)


async def test_a_screenshot_goes_to_the_state_folder_and_shows_its_path(
    engine: Engine, tmp_path: Path
) -> None:
    app = console_app(engine, "sound-check")
    folder = engine.settings.state_dir / "screenshots"
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        clear_messages(app)
        for taken in ("first", "second of the same second"):
            before = set(folder.glob("*"))
            await pilot.press("ctrl+p", *"screenshot", "enter")
            await until(pilot, partial(has_more, folder, before), f"the {taken}")
        await until(pilot, lambda: str(folder) in shown_message(app), "its whole path")
    for picture in folder.glob("*.svg"):
        text = picture.read_text("utf-8")
        assert "sound-check" in text and "Commands" not in text


async def test_the_help_is_a_page_in_which_words_are_found(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("question_mark")
        screen = await shows(pilot, "heard after")
        assert "1 sound-check" in screen.splitlines()[0], "the tabs stay"
        assert "Help" in screen.splitlines()[2]
        assert "PgDn commands by name" in screen.splitlines()[-1]
        await pilot.press("pagedown")
        await shows(pilot, "session.toggle")
        await pilot.press("slash", *"suspend the console", "enter")
        await shows(pilot, "console.suspend")
        page = app.screen.query_one(HelpPage)
        assert app.focused is page
        await pilot.press("slash", *"xyzzy", "enter")
        await shows(pilot, "nothing contains 'xyzzy'")
        await pilot.press("slash", "escape", "question_mark")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")


async def test_the_keys_of_the_session_act_on_the_page(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("question_mark")
        await shows(pilot, "heard after")
        await pilot.press("m")
        await until(pilot, lambda: engine.snapshot().muted, "muted")
        assert isinstance(app.screen, HelpScreen)


async def test_over_another_window_the_palette_has_what_needs_no_command(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("p", "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen), "the palette")
        screen = await shows(pilot, "2 of 2")
        assert "Screenshot" in screen
        assert app.screen.query_one("#words", Input).has_focus
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        assert "2 of 2" not in screen_text(app)


async def test_the_help_takes_the_row_that_a_notice_leaves(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 sound-check")
        app.main_screen.show_message("info", "A notice of two rows. " * 5)
        app.main_screen.sync(engine.snapshot())
        await until(pilot, lambda: app.main_screen.message_bar.size.height == 2, "two rows")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "help")
        box, bar = app.screen.query_one("#page-box"), app.main_screen.message_bar
        await until(pilot, lambda: box.region.bottom == bar.region.y, "the page beside the notice")
        clear_messages(app)
        await until(pilot, lambda: bar.size.height == 1, "one row")
        await until(pilot, lambda: box.region.bottom == bar.region.y, "the page one row higher")
