"""Keys and clicks in a burst: each acts on the effect of the one before."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.help import HelpScreen
from voicelive_tui.tui.screens.palette import PaletteScreen
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.widgets.profile_list import ProfileList

from tests.support.console_pilot import FIXED_CLOCK, shows, until
from tests.support.prepared_session import prepared_session

SIZE = (160, 36)
NAMES = {"/": "slash", "?": "question_mark", "+": "plus"}
"""Textual's names of these keys."""


def typed(app: ConsoleApp, *keys: str) -> None:
    """Post all keys at once, as a terminal does with keys that were typed while the console was
    busy."""
    for key in keys:
        app.post_message(events.Key(NAMES.get(key, key), key if len(key) == 1 else None))


def value(app: ConsoleApp, line: str) -> str:
    screen = app.main_screen
    return screen.message_line.text if line == "#message" else screen.query_one(line, Input).value


def console(engine: Engine, tab: str = "sound-check") -> ConsoleApp:
    return ConsoleApp(engine, tabs=(tab,), clock=FIXED_CLOCK)


@pytest.mark.parametrize("text", ["esq", "error", "-append"])
@pytest.mark.parametrize(("key", "line"), [("/", "#find"), ("i", "#message")])
async def test_what_is_typed_right_after_the_key_of_a_line_is_its_text(
    engine: Engine, key: str, line: str, text: str
) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        typed(app, key, *text)
        await until(pilot, lambda: value(app, line) == text, "the text in the line")
        assert app.return_value is None
        assert engine.snapshot().sessions["sound-check"].state is SessionState.OFF


async def test_a_paste_right_after_the_key_of_a_line_is_its_text(engine: Engine) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        typed(app, "/")
        app.post_message(events.Paste("error"))
        await until(pilot, lambda: value(app, "#find") == "error", "the text in the line")


async def test_keys_typed_right_after_a_line_was_left_are_commands(
    tmp_path: Path, engine: Engine
) -> None:
    app = console(engine, str(prepared_session(tmp_path / "sessions")))
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "umbrella")
        app.main_screen.set_focus(app.main_screen.events_pane.events)
        typed(app, "/", *"error", "enter", "c", "/", "escape", "?")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen), "the help")
        assert app.main_screen.events_pane.state.expr == "error"
        assert not app.main_screen.events_pane.state.collapse, "c was text"
        assert not app.main_screen.events_pane.filter_is_open


async def test_keys_typed_right_after_that_of_a_window_are_for_the_window(engine: Engine) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        typed(app, "?", "j", "q", "+", "j", "j")
        await until(
            pilot,
            lambda: isinstance(app.screen, PickerScreen) and app.screen.is_mounted,
            "the picker",
        )
        await until(
            pilot, lambda: app.screen.query_one(ProfileList).cursor == 2, "the third profile"
        )
        assert app.return_value is None


async def test_words_typed_right_after_the_key_of_the_palette_are_looked_for(
    engine: Engine,
) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        typed(app, "ctrl+p", *"squeeze")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen), "the palette")
        await until(pilot, lambda: app.screen.query_one(Input).value == "squeeze", "the words")


async def test_what_is_typed_right_after_a_click_on_a_line_s_name_is_its_text(
    engine: Engine,
) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        screen = await shows(pilot, " i message ")
        cell = next(
            (line.index(" i message ") + 2, y)
            for y, line in enumerate(screen.splitlines())
            if " i message " in line
        )
        for kind in (events.MouseDown, events.MouseUp):
            app.post_message(kind(None, *cell, 0, 0, 1, False, False, False))
        typed(app, *"esq")
        await until(pilot, lambda: value(app, "#message") == "esq", "the text in the line")
