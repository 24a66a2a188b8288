"""The settings page with profiles that somebody else wrote and services that confirm anything: it
shows every value, gives none to the terminal as it is, and changes none that is not changed."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input
from voicelive_common.printable import printable
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.widgets.settings_list import SettingsList

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.scripted_service import SESSION, ScriptedService
from tests.tui.support.console_screen import connect, console_app, ready, session_of, shown_message

TAB, SIZE = "theirs", (100, 30)
THEIRS = r"""# written by somebody else
[session]
instructions = "\u001b]0;title\u0007 \u202e evil"
temperature = 0.123456789
modalities = ["text", "audio, too"]
tool_choice = "none"

[session.voice]
type = "azure-standard"
name = "日本語の声-\u200b\u001b[31m"
rate = "1.7e308"

[session.turn_detection]
type = "server_vad"
threshold = 1.7e308
silence_duration_ms = -9223372036854775808
"""


def their_profile(folder: Path, text: str = THEIRS) -> Path:
    (folder / "profiles").mkdir()
    path = folder / "profiles" / f"{TAB}.toml"
    path.write_text(text)
    return path


def app_of(pilot: Pilot[Any]) -> ConsoleApp:
    assert isinstance(pilot.app, ConsoleApp)
    return pilot.app


async def on_setting(pilot: Pilot[Any], key: str) -> SettingsList:
    """Put the cursor on this setting of the open page."""
    settings = app_of(pilot).main_screen.query_one(SettingsList)
    settings.put_cursor(key)
    await until(pilot, lambda: settings.current and settings.current.key == key, key)
    return settings


async def open_settings(pilot: Pilot[Any]) -> SettingsList:
    app = app_of(pilot)
    await shows(pilot, f"1 {TAB}")
    await pilot.press("comma")
    await until(pilot, lambda: app.main_screen.query(SettingsList), "the settings")
    settings = app.main_screen.query_one(SettingsList)
    await until(pilot, lambda: settings.has_focus and settings.current, "the focus")
    return settings


def is_written_out(screen: str) -> bool:
    """Whether there is nothing on the screen that a terminal obeys or hides."""
    hidden = {char for char in screen if unicodedata.category(char) in ("Cc", "Cf")}
    return hidden <= {"\n"} and printable(screen, newlines=True) == screen


async def test_every_setting_is_shown_and_nothing_reaches_the_terminal_as_it_is(
    tmp_path: Path,
) -> None:
    their_profile(tmp_path)
    with running_engine(tmp_path) as engine:
        async with console_app(engine, TAB).run_test(size=SIZE) as pilot:
            settings = await open_settings(pilot)
            for key in (
                "session.instructions", "session.voice.name", "session.voice.rate",
                "session.turn_detection.threshold", "session.modalities",
            ):  # fmt: skip
                await on_setting(pilot, key)
                await pilot.press("enter")
                assert is_written_out(screen_text(app_of(pilot)))
                await pilot.press("escape")
                if not settings.is_attached:  # Esc left the page, because nothing was to be typed
                    settings = await open_settings(pilot)


async def test_a_value_that_is_looked_at_and_left_stays_as_it_is(tmp_path: Path) -> None:
    path = their_profile(tmp_path)
    with running_engine(tmp_path) as engine:
        async with console_app(engine, TAB).run_test(size=SIZE) as pilot:
            await open_settings(pilot)
            app = app_of(pilot)
            await on_setting(pilot, "session.temperature")
            await pilot.press("enter")
            await until(pilot, lambda: app.main_screen.query("#setting-editor"), "the field")
            await pilot.press("enter")
            await until(pilot, lambda: not app.main_screen.query("#setting-editor"), "the list")
            await on_setting(pilot, "session.modalities")
            await pilot.press("enter")
            await until(pilot, lambda: "written in the file" in shown_message(app), "why not")
            profile = engine.profile(TAB)
            assert profile is not None and not profile.edited
            await on_setting(pilot, "session.tool_choice")
            await shows(pilot, "none")
            await pilot.press("right")
            await shows(pilot, "≠ file none")
            await pilot.press("S")
            await until(pilot, lambda: 'tool_choice = "required"' in path.read_text(), "saved")
    kept = THEIRS.replace('tool_choice = "none"', 'tool_choice = "required"')
    assert path.read_text() == kept


async def test_the_name_of_a_file_is_written_out_and_no_proposal_for_a_new_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "e\x1b[31m\u202e日本{session.toggle}.toml"
    path.write_text('[service]\ntarget = "simulator"\n')
    with running_engine(tmp_path) as engine:
        async with console_app(engine, str(path)).run_test(size=SIZE) as pilot:
            await shows(pilot, r"e\x1b[31m")
            await pilot.press("comma")
            await shows(pilot, r"Settings  e\x1b[31m\u202e日本{session.toggle}.toml")
            await pilot.press("ctrl+p", *"save profile as", "enter")
            await until(pilot, lambda: pilot.app.screen.query("#profile-name"), "the question")
            await shows(pilot, "Save the profile as")
            assert pilot.app.screen.query_one("#profile-name", Input).value == ""
            assert is_written_out(screen_text(app_of(pilot)))


async def test_whatever_a_service_confirms_is_shown_and_copied(tmp_path: Path) -> None:
    without: dict[str, Any] = {"input": "none", "output": "none", "simulator": False}
    with ScriptedService() as service, running_engine(tmp_path, **without) as engine:
        their_profile(tmp_path, f'[service]\ntarget = "url"\nurl = "{service.url}"\n')
        async with console_app(engine, TAB).run_test(size=SIZE) as pilot:
            await connect(pilot, engine, TAB)
            # The service's own answer to the settings would take the place of what it sends here.
            await ready(pilot, engine, TAB)
            voice: Any = {"name": "half\ud800", "type": ["\x1b[31m", None, {"a": [[[[[]]]]]}]}
            odd: list[Any] = [{**SESSION, "voice": voice, "turn_detection": 1.5e308}, None, [], "x"]
            for session in odd:
                service.send({"type": "session.updated", "session": session})
            await until(pilot, lambda: in_force(engine).get("voice") == voice, "what is in force")
            await open_settings(pilot)
            await on_setting(pilot, "session.voice.name")
            await shows(pilot, r"half\ud800")
            assert is_written_out(screen_text(app_of(pilot)))
            await pilot.press("D")
            await shows(pilot, "Asked and in force")
            await until(pilot, lambda: app_of(pilot).main_screen.query("#in-force"), "the page")
            await shows(pilot, r"half\ud800")
            await pilot.press("y")
            await until(pilot, lambda: "Copied the settings" in shown_message(app_of(pilot)), "y")
            assert "half?" in app_of(pilot).clipboard


def in_force(engine: Engine) -> Mapping[str, Any]:
    return session_of(engine, TAB).view.effective
