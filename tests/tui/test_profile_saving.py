"""Saving what was changed in a tab, while its file changes under it too."""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual.events import AppFocus
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import ChangeSettings
from voicelive_tui.model.profile.setting_values import setting_at
from voicelive_tui.tui import edited_profiles
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.profile_changes import (
    ConflictScreen,
    DifferenceScreen,
    RevertScreen,
)
from voicelive_tui.tui.screens.profile_name import ProfileNameScreen

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.deadlines import DEADLINE_S

SIZE = (100, 30)
TEXT = """# mine
name = "Mine"

[service]
target = "simulator"   # here

[session.turn_detection]
type = "server_vad"
threshold = 0.5        # half
silence_duration_ms = 500
"""
THRESHOLD = "session.turn_detection.threshold"
SILENCE = "session.turn_detection.silence_duration_ms"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the console wait for a busy engine before it says that something was saved."""
    monkeypatch.setattr(edited_profiles, "TAKEN_WITHIN_S", DEADLINE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text(TEXT)
    return tmp_path / "profiles" / "mine.toml"


@pytest.fixture
def engine(tmp_path: Path, path: Path) -> Iterator[Engine]:
    with running_engine(tmp_path) as engine:
        yield engine


def in_memory(engine: Engine, key: str, setting: str) -> Any:
    """A setting of the tab's profile; None while there is no such tab."""
    profile = engine.profile(key)
    return None if profile is None else setting_at(profile.document, setting)


def in_file(engine: Engine, key: str, setting: str) -> Any:
    """A setting of the tab's file, as the engine has it."""
    return setting_at(engine.snapshot().sessions[key].file_document, setting)


def file_of(engine: Engine, key: str) -> str:
    profile = engine.profile(key)
    return profile.path if profile else ""


async def change(pilot: Pilot[Any], engine: Engine, key: str, changes: dict[str, Any]) -> None:
    """Change settings of a tab in memory, and wait until the tab has them."""
    engine.post(ChangeSettings(key, tuple(changes.items())))

    def has_changes() -> bool:
        return all(in_memory(engine, key, name) == value for name, value in changes.items())

    await until(pilot, has_changes, "the changes")


def app_of(pilot: Pilot[Any]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app


async def opened(pilot: Pilot[Any], engine: Engine, key: str = "mine") -> ConsoleApp:
    app = app_of(pilot)
    await until(pilot, lambda: app.main_screen.active == key and engine.profile(key), "the tab")
    return app


async def asks(pilot: Pilot[Any], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen), f"the {screen.__name__}")


async def test_a_changed_setting_is_saved_and_nothing_else(engine: Engine, path: Path) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        app.action_save_profile()
        await shows(pilot, "Saved 1 setting in")
        assert path.read_text() == TEXT.replace("0.5 ", "0.7 ")
        assert in_file(engine, "mine", THRESHOLD) == 0.7, "said before the engine knows it"
        app.action_save_profile()
        await shows(pilot, "mine.toml has no unsaved changes.")


async def test_the_palette_saves_too(engine: Engine, path: Path) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        await pilot.press("ctrl+p", *"save changed", "enter")
        await until(pilot, lambda: "0.7 " in path.read_text(), "the file")


@pytest.mark.parametrize(("key", "threshold"), [("m", 0.7), ("f", 0.2), ("n", 0.2)])
async def test_what_both_changed_is_asked_about(
    engine: Engine, path: Path, key: str, threshold: float
) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7, SILENCE: 900})
        theirs = TEXT.replace("0.5 ", "0.2 ").replace("# mine", "# theirs")
        path.write_text(theirs)
        app.action_save_profile()
        await asks(pilot, ConflictScreen)
        await shows(pilot, THRESHOLD)
        await pilot.press("enter", key)
        saved = (
            theirs if key == "n" else theirs.replace("0.2", str(threshold)).replace("500", "900")
        )
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        await until(pilot, lambda: path.read_text() == saved, "the file")
        in_tab = 0.7 if key == "n" else threshold
        await until(pilot, lambda: in_memory(engine, "mine", THRESHOLD) == in_tab, "the tab")


async def test_a_file_that_changed_on_the_disk_is_merged_when_the_user_comes_back(
    engine: Engine, path: Path
) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        path.write_text(TEXT.replace("500", "800"))
        app.post_message(AppFocus())
        await until(pilot, lambda: in_memory(engine, "mine", SILENCE) == 800, "the merge")
        assert in_memory(engine, "mine", THRESHOLD) == 0.7
        await shows(pilot, "mine.toml was changed on the disk: 1 setting came from it.")
        assert path.read_text() == TEXT.replace("500", "800")


async def test_a_file_that_changes_while_the_settings_are_shown_is_merged(
    engine: Engine, path: Path
) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        await pilot.press("comma")
        await until(pilot, lambda: pilot.app.screen.query("#settings-page"), "the page")
        path.write_text(TEXT.replace("= 500", "= 650"))
        await until(pilot, lambda: in_memory(engine, "mine", SILENCE) == 650, "the file's value")
        assert in_memory(engine, "mine", THRESHOLD) == 0.7
        await shows(pilot, "changed on the disk")
        # It is looked at again and again, as long as the page is there.
        path.write_text(TEXT.replace("= 500", "= 700"))
        await until(pilot, lambda: in_memory(engine, "mine", SILENCE) == 700, "the next value")


async def test_a_file_that_is_broken_on_the_disk_changes_no_tab(engine: Engine, path: Path) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        path.write_text("name = \n")
        app.post_message(AppFocus())
        await until(pilot, lambda: "is not TOML" in message(app), "the sentence")
        app.action_save_profile()
        await until(pilot, lambda: "cannot be saved into" in message(app), "the refusal")
        assert path.read_text() == "name = \n"
        assert in_memory(engine, "mine", THRESHOLD) == 0.7


async def test_the_editor_keeps_what_was_changed_in_the_tab(
    engine: Engine, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "sed -i s/500/800/")
    monkeypatch.setattr(ConsoleApp, "suspend", lambda app: nullcontext())
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        await pilot.press("ctrl+e")
        await until(pilot, lambda: in_memory(engine, "mine", SILENCE) == 800, "the merge")
        assert in_memory(engine, "mine", THRESHOLD) == 0.7
        assert path.read_text() == TEXT.replace("500", "800")


async def test_unsaved_changes_are_shown_and_taken_back(engine: Engine, path: Path) -> None:
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        app.action_show_profile_changes()
        await asks(pilot, DifferenceScreen)
        page = await shows(pilot, "+threshold = 0.7        # half")
        assert "-threshold = 0.5        # half" in page
        await pilot.press("escape")
        app.action_revert_profile()
        await asks(pilot, RevertScreen)
        await pilot.press("y")
        await until(pilot, lambda: in_memory(engine, "mine", THRESHOLD) == 0.5, "the old value")
        assert path.read_text() == TEXT


async def test_a_starter_is_saved_under_a_name_that_is_asked_for(
    engine: Engine, path: Path
) -> None:
    async with ConsoleApp(engine, tabs=["support"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine, "support")
        await change(pilot, engine, "support", {THRESHOLD: 0.7})
        app.action_save_profile()
        await asks(pilot, ProfileNameScreen)
        await shows(pilot, "this makes your own copy of it.")
        await pilot.press("ctrl+u", *"../x", "enter")
        await shows(pilot, "and no folder.")
        await pilot.press("ctrl+u", *"mine", "enter")
        await shows(pilot, "There is already mine.toml")
        await pilot.press("ctrl+u", *"patient", "enter")
        own = path.parent / "patient.toml"
        await until(pilot, own.exists, "the file")
        await shows(pilot, "Saved as")
        starter = (Path(__file__).parents[2] / "profiles" / "support.toml").read_text()
        assert own.read_text() == starter.replace("threshold = 0.5", "threshold = 0.7")
        await until(pilot, lambda: file_of(engine, "support") == str(own), "the tab's file")


async def test_a_read_only_file_is_left_and_the_change_stays(engine: Engine, path: Path) -> None:
    os.chmod(path, 0o444)
    async with ConsoleApp(engine, tabs=["mine"]).run_test(size=SIZE) as pilot:
        app = await opened(pilot, engine)
        await change(pilot, engine, "mine", {THRESHOLD: 0.7})
        app.action_save_profile()
        await until(pilot, lambda: "is read-only" in message(app), "the sentence")
        assert path.read_text() == TEXT
        assert in_memory(engine, "mine", THRESHOLD) == 0.7


def message(app: ConsoleApp) -> str:
    """The text on the screen as one line, because long notices wrap."""
    return " ".join(screen_text(app).split())
