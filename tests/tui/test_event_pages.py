"""The details of events in the whole console: in words, as JSON, and the way to a pair."""

import math
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.panes.json_page import JsonPage

from tests.support.console_pilot import screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    console_app,
    on_error,
    recorded_app,
    said,
    shown_message,
)


async def at_error(pilot: Pilot[Any]) -> ConsoleApp:
    app = await recorded_app(pilot)
    await pilot.press("E")
    await on_error(pilot, app)
    app.main_screen.set_focus(app.main_screen.events_pane.events)
    return app


async def to_json(pilot: Pilot[Any], app: ConsoleApp) -> JsonPage:
    await pilot.press("enter", "enter")
    await until(pilot, lambda: app.main_screen.query(JsonPage), "the page")
    page = app.main_screen.query_one(JsonPage)
    await until(pilot, lambda: app.focused is page.view, "the page has the focus")
    return page


@pytest.mark.parametrize("size", [(80, 24), SIZE], ids=["narrow", "wide"])
async def test_enter_shows_the_event_in_words_and_then_its_json(
    tmp_path: Path, engine: Engine, size: tuple[int, int]
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=size) as pilot:
        app = await at_error(pilot)
        await pilot.press("enter")
        detail = app.main_screen.events_pane.detail
        await until(pilot, lambda: app.focused is detail, "the details have the focus")
        await shows(pilot, "type      error, received")
        await pilot.press("enter")
        await shows(pilot, '"message": "Conversation already has an active response."')
        assert "You are a short-spoken friend" not in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is detail, "the details again")
        assert not app.main_screen.query(JsonPage)
        assert app.main_screen.events_pane.display


async def test_in_the_json_words_are_found_and_values_and_paths_copied(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await at_error(pilot)
        page = await to_json(pilot, app)
        await pilot.press("shift+tab", "slash", *"active", "enter")
        await until(pilot, lambda: page.view.match_number == 1, "the first match")
        await shows(pilot, "1 of 2 «active»")
        await pilot.press("n", "y")
        await until(pilot, lambda: app.clipboard, "the value in the clipboard")
        assert app.clipboard == "Conversation already has an active response."
        await pilot.press("Y")
        await until(pilot, lambda: app.clipboard == "error.message", "the path in the clipboard")
        await said(pilot, "Copied the path")
        await pilot.press("shift+tab", "slash", *"nowhere", "enter")
        await said(pilot, "has no 'nowhere' in it")
        await pilot.press("shift+tab", "slash", "escape")
        await until(pilot, lambda: app.focused is page.view, "the rows have the focus")
        await pilot.press("home", "enter")
        await until(pilot, lambda: len(page.view.json.rows) == 1, "all of it folded")


async def test_another_tab_or_event_closes_the_json(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await at_error(pilot)
        await to_json(pilot, app)
        await pilot.press("2")
        await until(pilot, lambda: not app.main_screen.query(JsonPage), "no page")
        await pilot.press("1")
        app.main_screen.set_focus(app.main_screen.events_pane.events)
        await to_json(pilot, app)
        await pilot.press("P")
        await until(pilot, lambda: not app.main_screen.query(JsonPage), "no page")


async def test_p_goes_to_the_pair_and_back_or_says_that_there_is_none(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await at_error(pilot)
        pane = app.main_screen.events_pane

        def is_on(name: str) -> bool:
            record = pane.current_record()
            return record is not None and record.type == name

        await pilot.press("P")
        await until(pilot, lambda: is_on("conversation.item.truncate"), "what it answers")
        await pilot.press("P")
        await until(pilot, lambda: is_on("error"), "the error")
        await pilot.press("g")
        await until(pilot, lambda: is_on("console.connected"), "the first event")
        await pilot.press("P")
        await until(pilot, lambda: "stand alone" in shown_message(app), "the sentence")


async def test_a_list_that_does_not_change_lets_the_heartbeat_rest(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("shift+tab", "slash", *"zzz", "enter", "2", "1")
        pane = app.main_screen.events_pane
        await until(pilot, lambda: pane.events.line_count == 1, "the error alone")
        await until(pilot, lambda: math.isinf(pane.due_s), "nothing that is due")


async def test_while_the_list_follows_no_part_of_a_stream_is_shown(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=(120, 40)) as pilot:
        app = await recorded_app(pilot)
        await shows(pilot, "You ended the session.")
        record = app.main_screen.events_pane.current_record()
        assert record is not None
        assert record.type in ("console.closed", "console.playback_stopped", "response.done")
        await pilot.press("E")
        await shows(pilot, "message   Conversation already has an active response.")
        await pilot.press("f")
        await shows(pilot, "type      console.closed")
