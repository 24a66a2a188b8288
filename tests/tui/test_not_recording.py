"""A session that is not recorded though it should be: a mark as long as that lasts, and a question before it is thrown away."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screens.unsaved import UnsavedScreen
from voicelive_tui.tui.widgets.top_bar import TopBar, recording_alarm
from voicelive_tui.tui.words import recorded_where

from tests.support.console_pilot import DEADLINE_S, running_engine, shows, until
from tests.support.small_disks import freezing_disk

MARK = "NOT RECORDING"


def state(engine: Engine) -> SessionSnapshot:
    return engine.snapshot().sessions["writer"]


@asynccontextmanager
async def console(tmp_path: Path, engine: Engine) -> AsyncIterator[Pilot[int]]:
    """A console with one text session, which has said something."""
    (tmp_path / "profiles").mkdir(exist_ok=True)
    (tmp_path / "profiles" / "writer.toml").write_text(
        '[service]\ntarget = "simulator"\n[session]\nmodalities = ["text"]\nturn_detection = "none"\n'
    )
    app = ConsoleApp(engine, tabs=["writer"])
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "writer" in engine.snapshot().sessions, "the tab")
        await pilot.press("s")
        await until(pilot, lambda: state(engine).state is SessionState.CONNECTED, "a connection")
        await pilot.press("i", *"hello", "enter", "escape")
        await until(pilot, lambda: len(state(engine).view.transcript) >= 2, "an answer")
        yield pilot


def bar(pilot: Pilot[int]) -> str:
    return pilot.app.query_one(TopBar).text


async def shows_the_end(pilot: Pilot[int]) -> None:
    """Wait until the console knows that the session is over: keys mean something else then."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(pilot, lambda: app.main_screen.session and app.main_screen.session.state is SessionState.ENDED, "the end")


def block(tmp_path: Path) -> Path:
    """Put a file in the place of the state folder."""
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


@pytest.mark.parametrize(("key", "deed"), [("q", "Quit"), ("ctrl+w", "Close this tab"), ("s", "Start again")])
async def test_what_is_only_in_memory_is_asked_about(tmp_path: Path, key: str, deed: str) -> None:
    block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            await pilot.press("s")
            await shows_the_end(pilot)
            for no in ("n", "escape"):
                await pilot.press(key)
                await until(pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen), "the question")
                await shows(pilot, f"{deed} and lose what is not recorded?")
                await pilot.press("enter")
                assert isinstance(pilot.app.screen, UnsavedScreen)
                await pilot.press(no)
                await until(pilot, lambda: not isinstance(pilot.app.screen, UnsavedScreen), "the console")
                assert state(engine).state is SessionState.ENDED
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen), "the question again")
            await pilot.press("y")
            match key:
                case "q":
                    await until(pilot, lambda: not pilot.app.is_running, "the end")
                case "ctrl+w":
                    await until(pilot, lambda: not engine.snapshot().sessions, "no tab")
                case _:
                    await until(pilot, lambda: state(engine).attempt == 2, "a second start")


async def test_w_writes_it_elsewhere_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
            await shows(pilot, f"Wrote events and transcript to ./{folder.name}")
    assert len((folder / "transcript.txt").read_text().splitlines()) == count
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_bytes().splitlines()]
    assert [line["n"] for line in lines] == list(range(len(lines)))
    recorded = read_folder(folder)
    assert len(recorded.view.transcript) == count
    recorded.index.close()


async def test_a_signal_does_not_ask(tmp_path: Path) -> None:
    block(tmp_path)
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            assert isinstance(pilot.app, ConsoleApp)
            pilot.app.leave()
            await until(pilot, lambda: not pilot.app.is_running, "the end")


async def test_who_quits_does_not_wait_for_a_disk_that_does_not_answer(tmp_path: Path) -> None:
    with freezing_disk(tmp_path / "state") as disk, running_engine(tmp_path, input="none", output="none") as engine:
        async with console(tmp_path, engine) as pilot:
            await pilot.press("s")
            await shows_the_end(pilot)
            await until(pilot, lambda: state(engine).recording.closed, "a closed journal")
            with disk.frozen():
                await pilot.press("q")
                await until(pilot, lambda: not pilot.app.is_running, "the end")
        # The tabs are noted by a thread, which goes on when the disk does.
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
            await until(pilot, lambda: not pilot.app.is_running, "the end")


def tab(key: str, recording: RecordingStatus) -> SessionSnapshot:
    return SessionSnapshot(key, key, SessionState.CONNECTED, folder="/f", recording=recording)


def test_the_mark_names_the_other_tabs_whose_sessions_are_not_recorded() -> None:
    good, bad = RecordingStatus(wanted=True), RecordingStatus(wanted=True, problem="The disk is full.")
    assert recording_alarm([tab("a", good), tab("b", NOT_WANTED)], "a") == []
    assert recording_alarm([tab("a", good), tab("b", bad)], "a")[0][0] == " NOT RECORDING 2 "
    assert recording_alarm([tab("a", good), tab("b", bad)], "b")[0][0] == " NOT RECORDING "
    assert recording_alarm([tab("a", RecordingStatus(wanted=True, lost=3))], "a") == []


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        (RecordingStatus(wanted=True, closed=True), "Nothing is lost: the session is recorded in /f."),
        (NOT_WANTED, "Nothing is lost: the session is recorded in /f."),  # a recording that was opened
        (RecordingStatus(wanted=True, problem="The disk is full."), "A part of this session is not recorded"),
        (RecordingStatus(wanted=True, lost=1, closed=True), "A part of this session is not recorded"),
    ],
)
def test_a_failed_export_says_truly_where_the_session_is(recording: RecordingStatus, words: str) -> None:
    assert words in recorded_where(tab("a", recording))
