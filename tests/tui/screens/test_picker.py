"""Profiles are chosen, shown and edited."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from voicelive_tui.engine.config.profile_store import ProfileEntry, ProfileStore
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.profile.problem import Problem
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen

from tests.support.console_pilot import running_engine, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import SIZE, connect, console_app, recorded_app, shown_message


async def test_a_profile_opens_from_the_picker_and_a_broken_one_says_why(
    tmp_path: Path, engine: Engine
) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "broken.toml").write_text('name = "Broken"\n[session\n')
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerScreen), "the picker")
        screen = await shows(pilot, "! broken")
        assert "line 2" in screen
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen), "the broken file")
        await shows(pilot, "this is not TOML")
        await pilot.press("escape", "plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickerScreen), "the picker again")
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(engine.snapshot().sessions) == 2, "a second tab")
        await until(pilot, lambda: app.main_screen.active != "sound-check", "the new tab is shown")
        await pilot.press("ctrl+w")
        await until(
            pilot, lambda: list(engine.snapshot().sessions) == ["sound-check"], "it is closed"
        )
        await shows(pilot, "1 sound-check")


async def test_the_reason_is_readable_however_long_the_path_is(engine: Engine) -> None:
    path = "/" + "long/" * 60 + "broken.toml"
    problem = Problem(path, 2, 9, "session", "error", "the table is not closed")
    entry = ProfileEntry("broken", path, None, (problem,))
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await app.push_screen(PickerScreen([entry], engine.settings))
        await shows(pilot, "line 2: the table is not closed")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = " + "9" * 6_000, "the number has 6,000 characters"),
        ('name = "deep"\n[session' + ".a" * 2_000 + "]\n", "a key has too many parts"),
        ('name = "wide"\nx = [' + "1," * 500_000 + "]\n", "more than 100,000 keys and values"),
    ],
    ids=["digits", "deep", "wide"],
)
async def test_a_hostile_profile_is_listed_and_shown_and_the_others_work(
    tmp_path: Path, engine: Engine, text: str, why: str
) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "hostile.toml").write_text(text)
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("plus")
        await shows(pilot, "! hostile")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen), "the hostile file")
        await shows(pilot, why)
        await pilot.press("escape")
        await connect(pilot, engine)


async def test_a_missing_editor_is_one_sentence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+e")
        await until(
            pilot,
            lambda: "'no-such-editor', which is not installed" in shown_message(app),
            "the message",
        )


@pytest.mark.parametrize(("editor", "copied"), [("true", False), ("sed -i 1i#mine", True)])
async def test_a_starter_is_copied_only_when_it_was_changed(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, editor: str, copied: bool
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setattr(
        ConsoleApp, "suspend", lambda app: nullcontext()
    )  # an app under test has no terminal to lend
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        await pilot.press("ctrl+e")
        first = "Your own copy of the starter is used" if copied else "no copy of it was kept"
        await until(pilot, lambda: first in shown_message(app), "the sentence about the copy")
        if copied:  # the clock stands still: a key brings the next message
            await pilot.press("f")
            await until(pilot, lambda: "The profile is in use." in shown_message(app), "the next")
    assert (tmp_path / "profiles" / "sound-check.toml").exists() == copied
    assert ProfileStore(engine.settings.profile_dirs).load("sound-check").starter != copied


async def test_a_recorded_profile_is_shown_and_not_edited(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("p")
        assert "e edits" not in await shows(pilot, "profile.toml")
        await pilot.press("e", "p")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        assert "edit" not in shown_message(app)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "part of the record" in shown_message(app), "the sentence")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


async def test_a_recorded_profile_that_is_named_by_its_path_is_not_edited_either(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder / "profile.toml")).run_test(size=SIZE) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await shows(pilot, "start the session")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "part of the record" in shown_message(app), "the sentence")


async def test_the_picker_names_the_service_that_a_profile_would_really_talk_to(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path, simulator=False) as engine:
        async with ConsoleApp(engine, tabs=["sound-check"]).run_test(size=SIZE) as pilot:
            await shows(pilot, "1 sound-check")
            await pilot.press("plus")
            screen = await shows(pilot, "casual-chat  gpt-4o, the simulator: no endpoint")
            assert "Azure" not in screen
