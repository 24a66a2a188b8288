"""Finding and marking errors; copying events and turns; exporting sessions to files."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

from voicelive_tui.engine.engine import Engine

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    console_app,
    on_error,
    recorded_app,
    said,
    shown_message,
)


async def test_errors_marks_runs_and_files(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        pane = app.main_screen.events_pane
        await pilot.press("E")
        await on_error(pilot, app)
        await shows(pilot, "conversation_already_has_active_response")
        await pilot.press("M")
        await until(pilot, lambda: "mark" in screen_text(app), "the mark")
        collapsed = pane.events.line_count
        await pilot.press("c")
        await until(pilot, lambda: pane.events.line_count > collapsed, "more rows")
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard, "the event in the clipboard")
        assert json.loads(app.clipboard)["type"] == "error"
        await said(pilot, "Copied event ")
        await pilot.press("Y")
        await until(pilot, lambda: "Turn 2" in app.clipboard, "the turn in the clipboard")
        assert "umbrella" in app.clipboard
        assert "response.created" in app.clipboard
        await said(pilot, "Copied turn ")
        await pilot.press("w")
        await until(pilot, lambda: "Wrote" in shown_message(app), "the files")
        archive = engine.settings.state_dir / "exports" / f"{folder.name}.zip"
        assert f"Wrote {archive}"[:60] in shown_message(app)
        assert app.clipboard == str(archive)
        with ZipFile(archive) as files:
            assert "[not heard: " in files.read("transcript.txt").decode()
            assert "response.done" in files.read("events.txt").decode()
            assert files.read("events.jsonl") == (folder / "events.jsonl").read_bytes()
            assert b"voicelive-tui" in files.read("versions.txt")
            assert {"profile.toml", "meta.toml"} <= {
                name.removesuffix(".missing") for name in files.namelist()
            }


async def test_writing_never_touches_what_a_recording_brought_along(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    start_up_file = tmp_path / "bashrc"
    start_up_file.write_text("umask 022\n")
    (folder / "export").mkdir()
    (folder / "export/transcript.txt").symlink_to(start_up_file)
    before = sorted(folder.rglob("*"))
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        exports = engine.settings.state_dir / "exports"
        await pilot.press("E", "w")
        await until(pilot, lambda: f"Wrote {exports}"[:60] in shown_message(app), "the path")
        await pilot.press("w")
        await until(pilot, (exports / f"{folder.name}-2.zip").is_file, "another archive")
        assert (exports / f"{folder.name}.zip").is_file()
    assert start_up_file.read_text() == "umask 022\n"
    assert sorted(folder.rglob("*")) == before


async def test_a_session_that_is_not_recorded_is_exported_under_title_and_time(
    tmp_path: Path,
) -> None:
    with running_engine(tmp_path, record="none") as engine:
        async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
            await shows(pilot, "1 sound-check")
            await pilot.press("s")
            await shows(pilot, "session.updated")
            await pilot.press("w")
            exports = tmp_path / "state" / "exports"
            await until(pilot, lambda: list(exports.glob("*.zip")), "the archive")
            (archive,) = exports.iterdir()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_Sound-check\.zip", archive.name, re.IGNORECASE
    )
    assert not list(Path.cwd().glob("*-export"))


async def test_a_state_folder_that_takes_no_export_is_one_true_sentence(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    exports = engine.settings.state_dir / "exports"
    exports.parent.mkdir(exist_ok=True)
    exports.write_text("in the way")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("E", "w")
        await until(
            pilot,
            lambda: "The export cannot be written (Not a directory): " in shown_message(app),
            "the sentence",
        )
    assert exports.read_text() == "in the way"
