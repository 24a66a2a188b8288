"""The message line: several lines, pastes, history, and a draft for each tab."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import LONGEST_MESSAGE
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.pasted_text import clean_paste

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.console_run import scripted_profiles
from tests.support.scripted_service import ScriptedService
from tests.tui.support.console_screen import SIZE, connect, console_app, session_of, shown_message


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with running_engine(tmp_path, input="none", output="none") as started:
        yield started


async def in_line(pilot: Pilot[int], app: ConsoleApp, text: str) -> None:
    line = app.main_screen.message_line
    await until(pilot, lambda: line.text == text, f"{text!r} in the line, not {line.text!r}")


async def rows(pilot: Pilot[int], app: ConsoleApp, count: int) -> None:
    """Wait until the message line has so many rows, which the panes have given."""
    line, meters = app.main_screen.message_line, app.main_screen.query_one("#meters")
    await until(pilot, lambda: line.size.height == count, f"{count} rows, not {line.size.height}")
    await until(pilot, lambda: line.region.bottom == meters.region.y, "the meters below it")


def sent(engine: Engine) -> list[str]:
    lines = session_of(engine, "sound-check").view.transcript
    return [line.text for line in lines if line.who == "you"]


async def test_the_field_is_made_when_it_is_first_used(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, " > i: type a message; Enter sends, Alt+Enter a new line")
        assert app.main_screen.message_line.field is None
        await pilot.press("i", "h")
        await in_line(pilot, app, "h")


async def test_several_lines_are_one_message_and_the_line_grows_to_four_rows(
    engine: Engine,
) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("i", "a", "alt+enter", "b", "ctrl+j", "c")
        await in_line(pilot, app, "a\nb\nc")
        await rows(pilot, app, 3)
        app.post_message(events.Paste("\r\nd\r\ne\rf"))
        await in_line(pilot, app, "a\nb\nc\nd\ne\nf")
        await rows(pilot, app, 4)
        await pilot.press("enter")
        await until(pilot, lambda: sent(engine) == ["a\nb\nc\nd\ne\nf"], "the message")
        await in_line(pilot, app, "")
        await rows(pilot, app, 1)
        assert app.main_screen.message_line.typing


async def test_up_and_down_walk_the_history_from_the_edges_of_the_line(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("i", "a", "alt+enter", "b", "enter")
        await in_line(pilot, app, "")
        await pilot.press("c", "enter")
        await in_line(pilot, app, "")
        await pilot.press("d", "up")
        await in_line(pilot, app, "c")
        await pilot.press("up")
        await in_line(pilot, app, "a\nb")
        await pilot.press("up", "up")  # to its first row, and no further
        await in_line(pilot, app, "a\nb")
        await pilot.press("down", "down")
        await in_line(pilot, app, "c")
        await pilot.press("down")
        await in_line(pilot, app, "d")
        await pilot.press("ctrl+z")
        assert app.return_value is None


async def test_each_tab_has_its_own_draft(engine: Engine) -> None:
    app = console_app(engine, "sound-check", "casual-chat")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "casual-chat")
        await pilot.press("i", *"first", "escape", "2")
        await in_line(pilot, app, "")
        await pilot.press("i", *"second", "escape", "1")
        await in_line(pilot, app, "first")
        assert "> first" in screen_text(app) and "second" not in screen_text(app)
        await pilot.press("2")
        await in_line(pilot, app, "second")


async def test_undo_gives_back_what_was_deleted(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("i", *"hello", "ctrl+u")
        await in_line(pilot, app, "")
        await pilot.press("ctrl+z")
        await in_line(pilot, app, "hello")


async def test_a_paste_that_is_too_long_is_one_sentence(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("i", "a")
        app.post_message(events.Paste("x" * 1_000_000))
        await until(pilot, lambda: "cannot be sent" in shown_message(app), "the sentence")
        await in_line(pilot, app, "a")


async def test_a_message_waits_in_the_transcript_until_x_sends_it(tmp_path: Path) -> None:
    with ScriptedService() as service:
        profiles = (scripted_profiles(tmp_path, service),)
        with running_engine(
            tmp_path, input="none", output="none", simulator=False, profile_dirs=profiles
        ) as engine:
            app = console_app(engine, "scripted")
            async with app.run_test(size=SIZE) as pilot:
                await connect(pilot, engine, "scripted")
                await pilot.press("i", *"one", "enter", *"two", "enter")
                screen = await shows(pilot, "  waits")
                (line,) = [line for line in screen.splitlines() if "  waits" in line]
                assert "two" in line
                await shows(pilot, "x interrupts and sends what waits")
                await pilot.press("escape", "x")
                await until(pilot, lambda: "  waits" not in screen_text(app), "a sent message")
                await until(
                    pilot,
                    lambda: len(service.events("conversation.item.create")) == 2,
                    "both messages at the service",
                )


def test_a_paste_keeps_its_lines_and_loses_what_a_terminal_obeys() -> None:
    assert clean_paste("a\r\nb\rc\n\u2028d") == "a\nb\nc\n\nd"
    assert clean_paste("\x1b[31mred\x07\x9b2J\x00 \udc80ok") == "[31mred2J ok"
    assert clean_paste("a\tb") == "a   b"
    assert clean_paste("\ufeffa\u202eb\u2066c\u2069") == "abc"
    assert clean_paste("naïve 日本 👩‍👩‍👧") == "naïve 日本 👩‍👩‍👧"
    assert len(clean_paste("\n" * LONGEST_MESSAGE)) == LONGEST_MESSAGE
