"""The console's looks, compared as SVG pictures of recorded sessions with a stopped clock and
nothing specific to this machine."""

import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.paths import DEMO, recording_folder
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.screens.quit import QuitScreen
from voicelive_tui.tui.widgets.settings_list import SettingsList

from tests.support.console_pilot import DARK, FIXED_CLOCK, running_engine, shows, until
from tests.support.prepared_session import prepared_session

Snap = Callable[..., bool]
Before = Callable[[Pilot[Any]], Awaitable[None]]
SIZES = [(80, 24), (100, 30), (140, 40), (200, 50)]

_MINE = """\
# How I talk to it.
name = "Mine"
description = "A profile to look at"

[service]
target = "simulator"

[session]
instructions = "Be brief."
mood = "sunny"
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine in a folder whose path appears in no picture."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("profiles").mkdir()
    Path("profiles/mine.toml").write_text(_MINE)
    Path("profiles/broken.toml").write_text('name = "Broken"\n[session\n')
    for profile in Path("profiles").iterdir():
        yesterday_s = FIXED_CLOCK.wall() - 86_400
        os.utime(profile, (yesterday_s, yesterday_s))
    with running_engine(tmp_path, profile_dirs=(Path("profiles"),)) as running:
        yield running


def recorded(engine: Engine, tmp_path: Path, config: ConsoleConfig = DARK) -> ConsoleApp:
    """The console with the prepared session."""
    return ConsoleApp(
        engine,
        tabs=[str(prepared_session(tmp_path / "sessions")), "mine"],
        clock=FIXED_CLOCK,
        config=config,
    )


def keys(*pressed: str, then: str = "") -> Before:
    """Wait for the session, press these keys, then wait for the text `then`."""

    async def before(pilot: Pilot[Any]) -> None:
        await shows(pilot, "heard 2.1 of")
        # The tab has the name of the recording's folder until all of it has been read.
        await shows(pilot, "casual-chat 1 Mar 12:00")
        await shows(pilot, "2 mine")
        # The message about the profile's warning disappears by time, which stands still here.
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        app.main_screen.message_bar.clear()
        await pilot.press(*pressed)
        if then:
            await shows(pilot, then)
        app.sync()
        await pilot.pause()

    return before


def test_the_question_before_quitting(snap_compare: Snap, engine: Engine, tmp_path: Path) -> None:
    running = [
        SessionSnapshot("support", "support", folder="recorded", connected_s=938.0),
        SessionSnapshot("casual-chat", "casual-chat", connected_s=952.0),
    ]

    async def before(pilot: Pilot[Any]) -> None:
        await keys()(pilot)
        pilot.app.push_screen(QuitScreen(running, {}, FIXED_CLOCK.now()))
        await shows(pilot, "2 sessions run")

    assert snap_compare(recorded(engine, tmp_path), terminal_size=(100, 30), run_before=before)


@pytest.mark.parametrize(
    "size", [(80, 24), (100, 30), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}"
)
def test_a_recorded_session(
    snap_compare: Snap, engine: Engine, tmp_path: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(recorded(engine, tmp_path), terminal_size=size, run_before=keys())


@pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_before_the_first_session(
    snap_compare: Snap, engine: Engine, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await shows(pilot, "start the session")
        assert isinstance(pilot.app, ConsoleApp)
        pilot.app.main_screen.message_bar.clear()
        pilot.app.sync()
        await pilot.pause()

    assert snap_compare(
        ConsoleApp(engine, tabs=["mine"], clock=FIXED_CLOCK, config=DARK),
        terminal_size=size,
        run_before=before,
    )


def demo(engine: Engine) -> ConsoleApp:
    """The recording that comes with the program, in a folder of the test."""
    folder = shutil.copytree(recording_folder(DEMO), Path("sessions/demo"))
    return ConsoleApp(engine, tabs=[str(folder)], clock=FIXED_CLOCK, config=DARK)


def in_demo(*pressed: str, then: str = "") -> Before:
    """Press these keys in the demo and wait for a text."""

    async def before(pilot: Pilot[Any]) -> None:
        await shows(pilot, "You are welcome. Goodbye.")
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        app.main_screen.message_bar.clear()
        await pilot.press(*pressed)
        if then:
            await shows(pilot, then)
        for line in app.screen.query(Input):
            line.cursor_blink = False
        app.sync()
        await pilot.pause()

    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_demo(snap_compare: Snap, engine: Engine, size: tuple[int, int]) -> None:
    assert snap_compare(demo(engine), terminal_size=size, run_before=in_demo())


@pytest.mark.parametrize(
    ("pressed", "then"),
    [
        (("E",), "▸"),
        (("E", "enter"), "type"),
        (("E", "enter", "enter"), "JSON"),
        (("slash", *"parcel"), "parcel"),
        (("shift+tab", "slash", *"gap>20x"), "is no time"),
        (("shift+tab", "slash", *"type:done"), "type:done"),
        (("left_parenthesis",) * 7, "Turn 4"),
        (("v",), "Notices"),
        (("ctrl+p",), "Commands"),
        (("ctrl+p", *"voice"), "voice"),
        (("question_mark",), "TALK"),
        (("question_mark", "pagedown"), "commands by name"),
    ],
    ids=[
        "an-error",
        "its-details",
        "its-JSON",
        "words-to-find",
        "a-mistake-in-a-filter",
        "a-filter",
        "a-turn",
        "notices",
        "palette",
        "words-in-the-palette",
        "help",
        "commands",
    ],
)
def test_pages_of_the_demo(
    snap_compare: Snap, engine: Engine, pressed: tuple[str, ...], then: str
) -> None:
    assert snap_compare(
        demo(engine), terminal_size=(100, 30), run_before=in_demo(*pressed, then=then)
    )


def test_the_details_on_a_narrow_screen(snap_compare: Snap, engine: Engine) -> None:
    before = in_demo("E", "enter", then="type")
    assert snap_compare(demo(engine), terminal_size=(80, 24), run_before=before)


def test_the_transcript_alone_with_a_line_selected(
    snap_compare: Snap, engine: Engine, tmp_path: Path
) -> None:
    assert snap_compare(
        recorded(engine, tmp_path),
        terminal_size=(100, 30),
        run_before=keys("up", "up", "up", "up", "z"),
    )


def test_a_profile_with_a_warning(snap_compare: Snap, engine: Engine, tmp_path: Path) -> None:
    assert snap_compare(
        recorded(engine, tmp_path),
        terminal_size=(100, 30),
        run_before=keys("2", "p", then="How I talk to it"),
    )


def test_a_light_theme(snap_compare: Snap, engine: Engine, tmp_path: Path) -> None:
    app = recorded(engine, tmp_path, config=ConsoleConfig(theme="voicelive-light"))
    assert snap_compare(app, terminal_size=(120, 36), run_before=keys("E"))


def test_the_picker_with_a_broken_profile(
    snap_compare: Snap, engine: Engine, tmp_path: Path
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await keys("plus", then="✗ line 2")(pilot)
        await until(pilot, lambda: pilot.app.focused is not None, "the list")

    assert snap_compare(recorded(engine, tmp_path), terminal_size=(100, 30), run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_settings_with_a_change_that_the_file_does_not_have(
    snap_compare: Snap, engine: Engine, tmp_path: Path, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await keys("2", "comma", then="SERVICE")(pilot)
        assert isinstance(pilot.app, ConsoleApp)
        rows = pilot.app.main_screen.query_one(SettingsList)
        rows.put_cursor("session.turn_detection.silence_duration_ms")
        await pilot.press("right")
        await shows(pilot, "≠ file none")
        pilot.app.sync()
        await pilot.pause()

    assert snap_compare(recorded(engine, tmp_path), terminal_size=size, run_before=before)


def test_what_is_asked_and_in_force(snap_compare: Snap, engine: Engine, tmp_path: Path) -> None:
    assert snap_compare(
        recorded(engine, tmp_path),
        terminal_size=(100, 30),
        run_before=keys("D", then="Asked and in force"),
    )
