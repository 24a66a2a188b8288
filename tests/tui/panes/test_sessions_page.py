"""The page of recorded sessions: what its keys do, with real folders on the disk."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from voicelive_tui.engine.config.profile_store import ProfileStore
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import NoteTerminalLost
from voicelive_tui.journal.tail import said_last
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.paths import DEMO, recording_folder
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.delete_session import DeleteSessionScreen

from tests.support.console_pilot import FIXED_CLOCK, running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.support.recorded_folders import record_folder
from tests.tui.support.console_screen import (
    SIZE,
    connect,
    connected,
    console_app,
    session_of,
)

NOW = datetime.fromtimestamp(FIXED_CLOCK.wall(), UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine with three recorded sessions, the oldest of them broken."""
    root = tmp_path / "state" / "sessions"
    record_folder(root, started=NOW - timedelta(minutes=3), title="support", length_s=62.5)
    record_folder(root, started=NOW - timedelta(hours=2), title="casual-chat", length_s=600.0)
    broken = record_folder(root, started=NOW - timedelta(days=3), title="party")
    (broken / "events.jsonl").write_bytes(b"")
    with running_engine(tmp_path) as engine:
        yield engine


def folders(engine: Engine) -> set[str]:
    """The profiles of the sessions that are still recorded."""
    return {path.name.partition("_")[2] for path in engine.settings.sessions_dir.iterdir()}


def list_rows(screen: str) -> list[str]:
    """The profiles in the rows of the list, from top to bottom."""
    rows = [row for row in screen.splitlines() if "bytes" in row and "session" not in row]
    return [name for row in rows for name in ("support", "casual-chat", "party") if name in row]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 50)])
async def test_every_session_is_listed_the_newest_first_and_a_broken_one_with_its_reason(
    engine: Engine, size: tuple[int, int]
) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        screen = await shows(pilot, "Sessions  3")
        assert list_rows(screen) == ["support", "casual-chat", "party"]
        assert "1:02" in screen and "10:00" in screen
        assert "events.jsonl: it i" in screen
        await shows(pilot, "3 sessions, ")
        await shows(pilot, "O close")
        await pilot.press("O")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")


async def test_what_was_said_last_stands_below_the_list(engine: Engine) -> None:
    root = engine.settings.sessions_dir
    shutil.rmtree(root)
    folder = prepared_session(root)
    said = [line.text.split()[0] for line in said_last(folder, 2)]
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        screen = await shows(pilot, f"agent {said[-1]}")
        assert f"you   {said[-2]}" in screen


async def test_the_filter_narrows_while_it_is_typed_and_down_leaves_it(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("slash", *"cas")
        screen = await shows(pilot, "Sessions  1 of 3")
        assert list_rows(screen) == ["casual-chat"]
        await pilot.press("down", "j")
        assert "Sessions  1 of 3" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the panes")
        # The page keeps its filter while it is closed.
        await pilot.press("O")
        await shows(pilot, "Sessions  1 of 3")
        await pilot.press("slash", "escape")
        await shows(pilot, "Sessions  3")


async def test_the_rows_are_sorted_by_the_next_column(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("greater_than_sign")
        await until(
            pilot,
            lambda: list_rows(screen_text(app)) == ["casual-chat", "party", "support"],
            "by profile",
        )
        await pilot.press("less_than_sign")
        await until(
            pilot,
            lambda: list_rows(screen_text(app)) == ["support", "casual-chat", "party"],
            "by time",
        )


async def test_a_session_is_moved_to_the_trash_after_one_question(
    engine: Engine, tmp_path: Path
) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("j", "d")
        await shows(pilot, "Delete casual-chat")
        await pilot.press("enter", "n")
        await until(pilot, lambda: app.screen is app.main_screen, "the page")
        assert "casual-chat" in folders(engine)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DeleteSessionScreen), "the question")
        await pilot.press("y")
        screen = await shows(pilot, "Sessions  2")
        assert list_rows(screen) == ["support", "party"]
        assert folders(engine) == {"support", "party"}
        (trashed,) = (tmp_path / "state" / "trash").glob("*/*_casual-chat")
        assert (trashed / "events.jsonl").is_file()


async def test_a_session_that_a_tab_shows_is_not_deleted(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("enter")
        await shows(pilot, "RECORDED")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DeleteSessionScreen), "the question")
        await pilot.press("y")
        await shows(pilot, "was not deleted, because a console uses it")
        assert "support" in folders(engine)
        # Opening it once more shows the tab that has it.
        await pilot.press("enter")
        await until(pilot, lambda: not app.main_screen.has_class("page-open"), "the tab")
        assert (
            sum(each.state is SessionState.RECORDED for each in engine.snapshot().sessions.values())
            == 1
        )


async def test_a_broken_session_opens_with_its_reason_and_cannot_go_on(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound")
        await pilot.press("O")
        await shows(pilot, "Sessions  3")
        await pilot.press("G", "J")
        await shows(pilot, "There is nothing to go on from")


async def test_without_sessions_the_page_says_what_will_stand_there(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        app = console_app(engine, "sound-check")
        async with app.run_test(size=SIZE) as pilot:
            await shows(pilot, "1 sound")
            await pilot.press("O")
            await shows(pilot, "No recorded sessions yet")
            await pilot.press("d", "J", "enter", "j")
            assert "No recorded sessions yet" in screen_text(app)


def cut_off_session(tmp_path: Path, title: str, *, minutes: int = 9) -> Path:
    """The folder of a session that began so many minutes ago and ended with its terminal 3 minutes
    ago."""
    started = NOW - timedelta(minutes=minutes)
    root = tmp_path / "state" / "sessions"
    folder = record_folder(root, started=started, title=title, ended_by="terminal")
    meta = folder / "meta.toml"
    ended = (NOW - timedelta(minutes=3)).isoformat()
    lines = [line for line in meta.read_text().splitlines() if not line.startswith("ended =")]
    meta.write_text("\n".join([f"ended = {ended}", *lines]))
    return folder


async def test_a_session_that_ended_with_its_terminal_is_offered_once(tmp_path: Path) -> None:
    folder = cut_off_session(tmp_path, "sound-check")
    with running_engine(tmp_path) as engine:
        app = console_app(engine, "sound-check")
        async with app.run_test(size=SIZE) as pilot:
            sentence = "he session of sound-check ended with its terminal 3 minutes ago"
            screen = await shows(pilot, f"J     go on: t{sentence}")
            assert f"T{sentence}. J goes on with it." in screen
            offered = tmp_path / "state" / "offered-sessions.json"
            await until(pilot, offered.is_file, "the note that it was offered")
            assert json.loads(offered.read_text()) == [folder.name]
            await pilot.press("J")
            await shows(pilot, "There is nothing to go on from")
        again = console_app(engine, "sound-check")
        async with again.run_test(size=SIZE) as pilot:
            await shows(pilot, "start the session")
            assert "ended with its terminal" not in screen_text(again)


async def test_a_session_that_is_gone_on_with_is_not_offered_any_more(tmp_path: Path) -> None:
    cut_off_session(tmp_path, "sound-check")
    folder = cut_off_session(tmp_path, "casual-chat", minutes=8)
    with running_engine(tmp_path) as engine:
        app = console_app(engine, str(folder))
        async with app.run_test(size=SIZE) as pilot:
            await shows(pilot, "s goes on")
            await pilot.press("J")
            await shows(pilot, "There is nothing to go on from")
            app.main_screen.message_bar.clear()
            for name in ("casual-chat", "sound-check"):
                app.profile_tabs.open(ProfileStore([]).load(name))
            assert "sound-check ended with" in await shows(pilot, "ended with its terminal")
            assert "casual-chat ended with" not in screen_text(app)


async def test_the_console_after_a_closed_terminal_goes_on_with_the_conversation(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=["sound-check"])
        async with app.run_test(size=SIZE) as pilot:
            await connect(pilot, engine)
            await pilot.press("i", *"one two", "enter")
            await until(pilot, lambda: has_answer(engine, "sound-check"), "an answer")
            engine.post(NoteTerminalLost())
            app.leave()
            await until(pilot, lambda: app.return_value is not None, "the end")
    with running_engine(tmp_path) as engine:
        app = ConsoleApp(engine, tabs=["sound-check"])
        async with app.run_test(size=SIZE) as pilot:
            await shows(pilot, "ended with its terminal just now")
            await pilot.press("J")
            await shows(pilot, "goes on from the session of")
            key = "sound-check 2"
            await connected(pilot, engine, key)
            texts = [line.text for line in engine.snapshot().sessions[key].view.transcript]
            await until(
                pilot,
                lambda: "2 items carried over" in session_of(engine, key).view.transcript[0].text,
                f"the items in {texts}",
            )


def has_answer(engine: Engine, key: str) -> bool:
    """Whether the agent's answer is complete."""
    lines = session_of(engine, key).view.transcript
    return any(line.who == "agent" and line.state == "final" for line in lines)


async def test_s_on_a_recording_goes_on_in_a_tab_of_its_own(engine: Engine) -> None:
    app = console_app(engine, str(recording_folder(DEMO)))
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "s goes on")
        await pilot.press("s")
        await shows(pilot, "goes on from the session of")
        states = [each.state for each in engine.snapshot().sessions.values()]
        assert SessionState.RECORDED in states and len(states) == 2
