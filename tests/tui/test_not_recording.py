"""A session that should be recorded and is not: it is marked, and a question guards it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from voicelive_common.exit_codes import ExitCode
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.session.recording import read_recording
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.quit import QuitScreen
from voicelive_tui.tui.screens.unsaved import UnsavedScreen
from voicelive_tui.tui.widgets.message_bar import MessageBar
from voicelive_tui.tui.widgets.top_bar import TopBar

from tests.support.console_pilot import running_engine, shows, until
from tests.support.console_run import console_environment
from tests.support.deadlines import DEADLINE_S
from tests.support.pty_run import PtyRun
from tests.support.small_disks import freezing_disk

MARK = "NOT RECORDING"


def state(engine: Engine) -> SessionSnapshot:
    return engine.snapshot().sessions["writer"]


@asynccontextmanager
async def console(tmp_path: Path, engine: Engine) -> AsyncIterator[Pilot[int]]:
    """The console with a text session that has held one turn."""
    (tmp_path / "profiles").mkdir(exist_ok=True)
    (tmp_path / "profiles" / "writer.toml").write_text(
        '[service]\ntarget = "simulator"\n[session]\nmodalities = ["text"]\nturn_detection = '
        '"none"\n'
    )
    app = ConsoleApp(engine, tabs=["writer"])
    async with app.run_test(size=(100, 30)) as pilot:
        await shows(pilot, "1 writer")
        await pilot.press("s")
        await until(pilot, lambda: state(engine).state is SessionState.CONNECTED, "a connection")
        await pilot.press("i", *"hello", "enter", "escape")
        await until(pilot, lambda: len(state(engine).view.transcript) >= 2, "an answer")
        yield pilot


def bar(pilot: Pilot[int]) -> str:
    return pilot.app.query_one(TopBar).text


async def shows_the_end(pilot: Pilot[int]) -> None:
    """Wait until the console knows that the session is over, because keys act differently then."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(
        pilot,
        lambda: app.main_screen.session and app.main_screen.session.state is SessionState.ENDED,
        "the end",
    )


def block(tmp_path: Path) -> Path:
    """Put a file where the state folder should be."""
    blocker = tmp_path / "state"
    blocker.write_text("in the way")
    return blocker


async def test_the_mark_lasts_until_the_session_is_written(tmp_path: Path) -> None:
    blocker = block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            assert MARK in bar(pilot)
            await pilot.press("s")
            await shows_the_end(pilot)
            await until(pilot, lambda: state(engine).recording.closed, "a closed journal")
            assert state(engine).recording.stopped
            assert MARK in bar(pilot)
            blocker.unlink()
            await until(pilot, lambda: MARK not in bar(pilot), "a mark that goes")
            await shows(pilot, "Recording again in")
            recorded = read_folder(state(engine).folder)
            assert recorded.index.record(0).type == "console.connected"
            assert recorded.view.transcript == state(engine).view.transcript
            recorded.index.close()
            await pilot.press("q")
            await until(pilot, lambda: not pilot.app.is_running, "the end without a question")


async def test_the_error_disappears_without_a_key_when_recording_works_again(
    tmp_path: Path,
) -> None:
    blocker = block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        app = ConsoleApp(engine, tabs=["sound-check"])
        async with app.run_test(size=(100, 30)) as pilot:
            await shows(pilot, "start the session")
            await pilot.press("s")
            hints = app.main_screen.query_one(MessageBar)
            await until(
                pilot,
                lambda: "cannot be recorded yet" in hints.text and hints.size.height > 1,
                "the whole error",
            )
            blocker.unlink()
            await until(pilot, lambda: "cannot be recorded" not in hints.text, "no error")
            await until(pilot, lambda: hints.size.height == 1, "one row")


@pytest.mark.parametrize(
    ("key", "action"), [("q", "Quit"), ("ctrl+w", "Close this tab"), ("s", "Start again")]
)
async def test_what_is_only_in_memory_is_asked_about(tmp_path: Path, key: str, action: str) -> None:
    block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            await pilot.press("s")
            await shows_the_end(pilot)
            for no in ("n", "escape"):
                await pilot.press(key)
                await until(
                    pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen), "the question"
                )
                await shows(pilot, f"{action} and lose what is not recorded?")
                await shows(pilot, "w writes to ./writer-unrecorded-…: events and transcript,")
                await pilot.press("enter")
                assert isinstance(pilot.app.screen, UnsavedScreen)
                await pilot.press(no)
                await until(
                    pilot, lambda: not isinstance(pilot.app.screen, UnsavedScreen), "the console"
                )
                assert state(engine).state is SessionState.ENDED
            await pilot.press(key)
            await until(
                pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen), "the question again"
            )
            await pilot.press("y")
            match key:
                case "q":
                    await until(pilot, lambda: not pilot.app.is_running, "the end")
                case "ctrl+w":
                    await until(pilot, lambda: not engine.snapshot().sessions, "no tab")
                case _:
                    await until(pilot, lambda: state(engine).attempt == 2, "a second start")


async def test_w_writes_it_elsewhere_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block(tmp_path)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            await pilot.press("s")
            await shows_the_end(pilot)
            count = len(state(engine).view.transcript)
            await pilot.press("ctrl+w")
            await until(pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen), "the question")
            await pilot.press("w")
            await until(pilot, lambda: not engine.snapshot().sessions, "no tab")
            (folder,) = (tmp_path / "here").iterdir()
            await shows(pilot, f"Wrote events and transcript to {folder.name}")
    assert len((folder / "transcript.txt").read_text().splitlines()) == count
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
    assert [line["n"] for line in lines] == list(range(len(lines)))
    recorded = read_folder(folder)
    assert len(recorded.view.transcript) == count
    assert recorded.problems == ()
    assert (recorded.meta["service"], recorded.profile is not None) == ("simulator", True)
    recorded.index.close()
    (folder / "meta.toml").unlink()
    opened = read_recording(str(folder), lambda: False)
    assert opened.snapshot("a").service == "simulator"
    opened.recorded.index.close()


@pytest.mark.parametrize("key", ["w", "y"])
def test_after_the_screen_terminal_and_exit_code_say_that_it_was_not_recorded(
    tmp_path: Path, key: str
) -> None:
    environment = console_environment(tmp_path, None)
    block(tmp_path)
    arguments = ["sound-check", "--simulator", "--no-audio", "--start", "sound-check"]
    with PtyRun(arguments, columns=100, rows=30, environment=environment, cwd=tmp_path) as console:
        console.wait_output(b"NOT RECORDING")
        console.press("q")
        console.wait_output(b"lose what is not recorded?")
        console.press(key)
        assert console.close() == ExitCode.UNRECORDED
    written = [path.name for path in tmp_path.iterdir() if "-unrecorded-" in path.name]
    assert len(written) == (key == "w")
    after_the_screen = console.output.rpartition(b"\x1b[?1049l")[2].decode()
    assert ("Wrote events and transcript to sound-check-unrecorded-" in after_the_screen) == (
        key == "w"
    )
    assert all(name in after_the_screen for name in written)


async def test_a_signal_does_not_ask(tmp_path: Path) -> None:
    block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            assert isinstance(pilot.app, ConsoleApp)
            pilot.app.leave()
            await until(pilot, lambda: not pilot.app.is_running, "the end")


async def test_quitting_does_not_wait_for_a_disk_that_does_not_answer(tmp_path: Path) -> None:
    with (
        freezing_disk(tmp_path / "state") as disk,
        running_engine(tmp_path, input="none", output="none") as engine,
    ):
        async with console(tmp_path, engine) as pilot:
            await pilot.press("s")
            await shows_the_end(pilot)
            await until(pilot, lambda: state(engine).recording.closed, "a closed journal")
            with disk.frozen():
                await pilot.press("q")
                await until(pilot, lambda: not pilot.app.is_running, "the end")
        # A thread stores the tabs; it continues when the disk does.
        noted = tmp_path / "state" / "console-tabs.json"
        await asyncio.to_thread(lambda: until_there(noted))


def until_there(path: Path) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not path.exists():
        assert time.monotonic() < deadline_s


async def test_no_recording_wanted_is_neither_marked_nor_asked_about(tmp_path: Path) -> None:
    block(tmp_path)
    with running_engine(tmp_path, input="none", output="none", record="none") as engine:
        async with console(tmp_path, engine) as pilot:
            assert MARK not in bar(pilot)
            await pilot.press("q")
            # It runs: that is what is asked, and not whether to lose it.
            await shows(pilot, "NOT RECORDED")
            assert isinstance(pilot.app.screen, QuitScreen)
            await pilot.press("q")
            await until(pilot, lambda: not pilot.app.is_running, "the end")
