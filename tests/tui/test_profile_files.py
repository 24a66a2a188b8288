"""Profiles in the editor: broken ones with a tab that shows where, starters, and those of recorded
sessions."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from voicelive_tui.engine.config.profile_store import ProfileStore
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import ChangeSettings, Start
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.tui import edited_profiles
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.profile import ProfileScreen
from voicelive_tui.tui.screens.profile_questions import CopyStarterScreen

from tests.support.console_pilot import shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    connect,
    console_app,
    recorded_app,
    said,
    shown_message,
)

SIZES = [(80, 24), (100, 30)]
BROKEN = '[service]\ntarget = "simulator"\n[session]\n\ttemperature = 0.8 x\n'
REPAIRED = BROKEN.replace(" x", "")


@pytest.fixture(autouse=True)
def _no_terminal_to_lend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ConsoleApp, "suspend", lambda app: nullcontext())


@pytest.fixture
def party(tmp_path: Path) -> Path:
    path = tmp_path / "profiles" / "party.toml"
    path.parent.mkdir()
    path.write_text(BROKEN)
    return path


def console(pilot: Pilot[Any]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app


def logging_editor(tmp_path: Path, then: str = "") -> tuple[str, Callable[[], str]]:
    """An editor by the name of one that takes a line, which notes its arguments and runs a command
    on the file in `$file`; and what reads the note."""
    script, note = tmp_path / "vim", tmp_path / "arguments"
    script.write_text(f'#!/bin/sh\necho "$@" > {note}\nfor file; do :; done\n{then}\n')
    script.chmod(0o755)
    return str(script), lambda: note.read_text() if note.exists() else ""


# A profile with an error


@pytest.mark.parametrize("size", SIZES)
async def test_a_broken_profile_has_a_tab_with_its_line_and_is_repaired_there(
    tmp_path: Path,
    engine: Engine,
    party: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    editor, arguments = logging_editor(tmp_path, then='sed -i "s/ x$//" "$file"')
    monkeypatch.setenv("VISUAL", editor)
    async with console_app(engine, "party").run_test(size=size) as pilot:
        screen = await shows(pilot, "temperature = 0.8 x")
        assert "✗1 party" in screen and "line 4, column 20" in screen and "SIMULATOR" not in screen
        rows = screen.splitlines()
        at = next(number for number, row in enumerate(rows) if "temperature = 0.8 x" in row)
        assert rows[at + 1].index("^") == rows[at].index("0.8 x") + 4, "under the x"
        await pilot.press("ctrl+e")
        await until(pilot, arguments, "the editor")
        assert arguments().split() == ["+4", str(party)]
        await said(pilot, "party can be used now. s starts it.")
        await connect(pilot, engine, "party")


async def test_nothing_is_started_changed_or_saved_before_it_is_repaired(
    engine: Engine, party: Path
) -> None:
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "temperature = 0.8 x")
        engine.post(Start("party"))
        await said(pilot, "This profile has an error and cannot be used until it is repaired.")
        engine.post(ChangeSettings("party", (("session.temperature", 0.5),)))
        await until(pilot, lambda: engine.snapshot().sessions["party"].refused_changes, "a refusal")
        await pilot.press("comma")
        await said(pilot, "its settings cannot be changed yet")
        await pilot.press("S")
        await said(pilot, "there is nothing to save")
        console(pilot).action_save_profile_as()
        assert console(pilot).screen is console(pilot).main_screen, "no name is asked for"
        assert engine.snapshot().sessions["party"].state is SessionState.OFF
    assert party.read_text() == BROKEN and [each.name for each in party.parent.iterdir()] == [
        "party.toml"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("kind", ["pipe", "device"])
async def test_what_could_be_read_for_ever_is_not_edited(
    tmp_path: Path, engine: Engine, party: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    party.unlink()
    if kind == "pipe":
        os.mkfifo(party)
    else:
        party.symlink_to(os.devnull)
    editor, arguments = logging_editor(tmp_path)
    monkeypatch.setenv("VISUAL", editor)
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "this is no file")
        await pilot.press("ctrl+e")
        await said(pilot, "party.toml cannot be edited (it is no ordinary file)")
    assert not arguments()


async def test_a_file_that_is_larger_than_a_profile_is_edited(
    tmp_path: Path, engine: Engine, party: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.truncate(party, 2**40)
    editor, _ = logging_editor(tmp_path, then="printf '[service]\\n' > \"$file\"")
    monkeypatch.setenv("VISUAL", editor)
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "larger than 1 MiB")
        await pilot.press("ctrl+e")
        await said(pilot, "party can be used now.")


async def test_the_key_that_starts_reads_the_file_again(engine: Engine, party: Path) -> None:
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "temperature = 0.8 x")
        party.write_text("[session\n")
        await pilot.press("s")
        await said(pilot, "party still cannot be used: line 1: this is not TOML")
        await shows(pilot, "line 1, column 9")
        party.unlink()
        await pilot.press("s")
        await said(pilot, "the file is no longer there")
        party.write_text(REPAIRED)
        await pilot.press("s")
        await said(pilot, "party can be used now.")
        await shows(pilot, "start the session")
        profile = engine.profile("party")
        assert profile is not None and profile.fault is None and not profile.edited


async def test_a_repair_that_the_engine_takes_late_is_said_when_it_is_taken(
    engine: Engine, party: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edited_profiles, "TAKEN_WITHIN_S", 0.0)  # less than the engine ever needs
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "temperature = 0.8 x")
        party.write_text(REPAIRED)
        await pilot.press("s")
        await said(pilot, "party can be used now.")
        assert engine.snapshot().sessions["party"].fault is None


async def test_a_value_of_the_wrong_type_is_shown_with_its_line_too(
    engine: Engine, party: Path
) -> None:
    party.write_text('[service]\ntarget = "simulator"\nmodel = 7\n')
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        screen = await shows(pilot, "model = 7")
        assert "`service.model` must be a string" in screen and "line 3, column 1" in screen


async def test_the_list_goes_to_the_tab_that_a_broken_profile_has(
    engine: Engine, party: Path
) -> None:
    async with console_app(engine, "party", "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "2 sound-check")
        await pilot.press("2", "plus", "slash", *"party", "enter")
        await until(pilot, lambda: console(pilot).main_screen.active == "party", "its tab")
        assert list(engine.snapshot().sessions) == ["party", "sound-check"]


async def test_an_open_tab_keeps_its_profile_when_the_file_breaks(
    engine: Engine, party: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    party.write_text(REPAIRED)
    monkeypatch.setenv("VISUAL", "sed -i s/0.8/0.8_x/")
    async with console_app(engine, "party").run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        await pilot.press("ctrl+e")
        await said(pilot, "The profile cannot be used as it is; the tab keeps the one it had.")
        await connect(pilot, engine, "party")


# The page with the text


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_of_a_long_broken_profile_begins_at_its_error(
    engine: Engine, party: Path, size: tuple[int, int]
) -> None:
    lines = "".join(f"# {number}\n" for number in range(1, 101))
    party.write_text(f"{lines}{BROKEN}{lines}")
    async with console_app(engine, "party").run_test(size=size) as pilot:
        await shows(pilot, "temperature = 0.8 x")
        await pilot.press("p")
        screen = await shows(pilot, "! 104")
        assert "1 error" in screen and "# 100" in screen
        await pilot.press("g")
        await shows(pilot, "file  ")
        await pilot.press("e")
        await shows(pilot, "! 104")
        await pilot.press("p")
        await until(pilot, lambda: console(pilot).screen is console(pilot).main_screen, "closed")


# The editor


async def test_a_missing_editor_is_one_sentence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+e")
        await said(pilot, "'no-such-editor', which is not installed")
        assert console(pilot).screen is console(pilot).main_screen, "nothing is asked"


@pytest.mark.parametrize(("editor", "copied"), [("true", False), ("sed -i 1i#mine", True)])
async def test_a_starter_is_copied_after_a_question_and_only_when_it_was_changed(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, editor: str, copied: bool
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    own = tmp_path / "profiles" / "sound-check.toml"
    async with console_app(engine, "sound-check").run_test(size=(80, 24)) as pilot:
        await shows(pilot, "start the session")
        await pilot.press("ctrl+e", "enter", "escape")
        assert not own.exists(), "neither Enter nor Esc makes a copy"
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, CopyStarterScreen), "the question")
        screen = await shows(pilot, "This starter came with the program and stays as it is.")
        assert "copy     " in screen and own.name in "".join(screen.split("║"))
        await pilot.press("y")
        first = "Your own copy of the starter is used" if copied else "no copy of it was kept"
        await said(pilot, first)
        if copied:
            await said(pilot, "The profile is in use.")
    assert own.exists() == copied
    assert ProfileStore(engine.settings.profile_dirs).load("sound-check").starter != copied


async def test_a_copy_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    (tmp_path / "profiles").write_text("a file in place of the folder")
    async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+e", "y")
        await said(pilot, "sound-check.toml cannot be made (")


async def test_a_recorded_profile_is_shown_and_not_edited_or_saved(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, ProfileScreen), "the page")
        assert "^e edit" not in await shows(pilot, 'name = "Casual chat"')
        await pilot.press("ctrl+e", "p")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        for key, why in (
            ("ctrl+e", "is evidence of what was asked for"),
            ("comma", "A recorded session keeps its settings."),
            ("S", "is evidence of what was asked for"),
        ):
            app.main_screen.message_bar.clear()
            await pilot.press(key)
            await until(pilot, lambda why=why: why in shown_message(app), why)  # type: ignore[misc]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


async def test_a_recorded_profile_that_is_named_by_its_path_is_not_edited_either(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder / "profile.toml")).run_test(size=SIZE) as pilot:
        await shows(pilot, "start the session")
        await pilot.press("ctrl+e")
        await said(pilot, "is evidence of what was asked for")
