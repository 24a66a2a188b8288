"""The console on a real engine and the real simulator, pressed like a person presses it."""

import json
import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.snapshot import SessionSnapshot, SessionState
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.config import ConsoleConfig
from voicelive_tui.tui.last_tabs import last_tabs
from voicelive_tui.tui.screens.help import HelpScreen
from voicelive_tui.tui.screens.picker import PickerScreen
from voicelive_tui.tui.screens.profile import ProfileScreen
from voicelive_tui.tui.widgets.hint_line import HintLine

from tests.support.console_pilot import FIXED_CLOCK, running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session

HELLO = Path(__file__).parents[2] / "app/voicelive_tui/audio/assets/hello.wav"
SIZE = (120, 36)


def console(engine: Engine, *tabs: str, **more: Any) -> ConsoleApp:
    """The console on a clock that stands still: no message goes away before the test has read it."""
    return ConsoleApp(engine, tabs=tabs, clock=FIXED_CLOCK, **more)


def session(engine: Engine, key: str) -> SessionSnapshot:
    return engine.snapshot().sessions[key]


async def connect(pilot: Pilot[Any], engine: Engine, key: str = "sound-check") -> None:
    """Start the tab that is shown."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await until(pilot, lambda: app.main_screen.session and app.main_screen.session.key == key, f"tab {key}")
    await pilot.press("s")
    await until(pilot, lambda: session(engine, key).state is SessionState.CONNECTED, "connected")


def message(app: ConsoleApp) -> str:
    return app.main_screen.query_one(HintLine).text


async def test_a_newcomer_reads_which_key_to_press(engine: Engine) -> None:
    async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
        screen = await shows(pilot, "Press s to start talking to the local simulator")
        assert "SIMULATOR" in screen
        assert "1 sound-check off" in screen


async def test_a_spoken_file_gets_a_transcript_and_an_answer(tmp_path: Path) -> None:
    with running_engine(tmp_path, input=f"wav:{HELLO}") as engine:
        async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
            await connect(pilot, engine)
            await shows(pilot, "ON AIR")
            await shows(pilot, "[speech,")
            screen = await shows(pilot, "Local simulator, not")
            assert " file " in screen
            await shows(pilot, "heard ")


async def test_a_typed_message_is_sent_and_answered_and_its_letters_are_text(engine: Engine) -> None:
    async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("i", *"squm", "enter")
        await until(pilot, lambda: session(engine, "sound-check").view.transcript, "a transcript")
        await until(pilot, lambda: session(engine, "sound-check").view.transcript[0].text == "squm", "the words")
        assert session(engine, "sound-check").state is SessionState.CONNECTED
        await until(pilot, lambda: any(turn.done_s for turn in session(engine, "sound-check").view.turns), "an answer")
        await until(pilot, lambda: pilot.app.screen.query_one("#message", Input).value == "", "an empty line")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.focused is pilot.app.screen.query_one("#transcript"), "the focus")


async def test_two_sessions_run_and_the_air_is_given_to_the_other(engine: Engine) -> None:
    async with console(engine, "sound-check", "casual-chat").run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("2")
        await shows(pilot, "Casual chat")
        await connect(pilot, engine, "casual-chat")
        await until(pilot, lambda: session(engine, "sound-check").on_air, "the first is on air")
        await shows(pilot, "another session is on air")
        await pilot.press("a")
        await until(pilot, lambda: session(engine, "casual-chat").on_air, "on air")
        assert session(engine, "sound-check").state is SessionState.CONNECTED
        await pilot.press("1", "s")
        await until(pilot, lambda: session(engine, "sound-check").state is SessionState.ENDED, "stopped")
        assert session(engine, "casual-chat").state is SessionState.CONNECTED


async def test_quitting_closes_the_sessions_first_and_remembers_the_tabs(engine: Engine) -> None:
    app = console(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("q")
        await until(pilot, lambda: app.return_value is not None, "the end")
    assert app.return_value == 0
    assert session(engine, "sound-check").state is SessionState.ENDED
    assert [Path(path).name for path in last_tabs(engine.settings.state_dir)] == ["sound-check.toml"]


async def test_the_tabs_of_the_last_run_open_again(engine: Engine) -> None:
    app = console(engine, "support", "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main_screen.snapshot.sessions) == 2, "two tabs")
        await pilot.press("q")
        await until(pilot, lambda: app.return_value is not None, "the end")
    with running_engine(engine.settings.state_dir.parent) as second:
        async with console(second).run_test(size=SIZE) as pilot:
            await until(pilot, lambda: list(second.snapshot().sessions) == ["support", "sound-check"], "the same tabs")


async def test_without_a_last_run_the_starters_open_sound_check_first(engine: Engine) -> None:
    app = console(engine)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: len(app.main_screen.snapshot.sessions) >= 5, "the starters")
        assert next(iter(engine.snapshot().sessions)) == "sound-check"
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: app.main_screen.active != "sound-check", "the next tab")


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_a_broken_profile_that_is_named_by_its_path_says_why_in_full_and_is_listed(
    tmp_path: Path, engine: Engine, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bad.toml"
    path.write_text('name = "Broken"\n[session\n')
    app = console(engine, str(path))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: message(app), "the sentence")
        place = app.main_screen.query_one(HintLine).region
        shown = " ".join(" ".join(screen_text(app).splitlines()[place.y : place.bottom]).split())
        assert shown.startswith("error: bad cannot be used: line 2: ")
        assert shown.endswith("see `voicelive-tui check bad.toml`")
        await pilot.press("plus")
        await shows(pilot, "! bad")
        await pilot.press("escape")
        await until(pilot, lambda: app.main_screen.query_one(HintLine).size.height == 1, "the rows of the panes")


@pytest.mark.parametrize(("editor", "kept"), [("true", False), ("sed -i 1i#mine", True)])
async def test_a_starter_is_copied_only_when_it_was_changed(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, editor: str, kept: bool
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setattr(ConsoleApp, "suspend", lambda app: nullcontext())  # a headless app has no terminal to lend
    app = console(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "Press s to start")
        await pilot.press("ctrl+e")
        said = "own copy of the starter is used" if kept else "no copy of it was kept"
        await until(pilot, lambda: said in message(app), "the sentence")
    assert (tmp_path / "profiles" / "sound-check.toml").exists() == kept


async def test_a_profile_opens_from_the_picker_and_a_broken_one_says_why(tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "broken.toml").write_text('name = "Broken"\n[session\n')
    app = console(engine, "sound-check")
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
        await until(pilot, lambda: list(engine.snapshot().sessions) == ["sound-check"], "it is closed")
        await shows(pilot, "1 sound-check")


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
    app = console(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("plus")
        await shows(pilot, "! hostile")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen), "the hostile file")
        await shows(pilot, why)
        await pilot.press("escape")
        await connect(pilot, engine)


async def test_a_missing_editor_is_one_sentence(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    app = console(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "'no-such-editor', which is not installed" in message(app), "the message")


async def test_a_remapped_key_acts_and_is_shown_and_the_old_one_does_not(engine: Engine) -> None:
    app = console(engine, "sound-check", config=ConsoleConfig(keys={"console.help": "f9"}))
    async with app.run_test(size=SIZE) as pilot:
        screen = await shows(pilot, "f9 help")
        assert "? help" not in screen
        await pilot.press("question_mark", "tab")
        await until(pilot, lambda: app.focused and app.focused.id == "message", "a key that only the console itself takes")
        assert app.screen is app.main_screen
        await pilot.press("escape", "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen), "help")
        await shows(pilot, "Start this tab's session, or stop it")


async def test_the_palette_finds_and_runs_a_command(engine: Engine) -> None:
    async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        await pilot.press("ctrl+p")
        await shows(pilot, "Search for commands")
        await pilot.press(*"This help")
        await shows(pilot, "console.help")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen), "help")


async def recorded(tmp_path: Path, pilot: Pilot[Any]) -> ConsoleApp:
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await shows(pilot, "interrupted at")
    return app


async def test_a_transcript_line_leads_to_its_events_and_back(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        transcript = app.main_screen.talk.transcript
        await until(pilot, lambda: pilot.app.focused is transcript, "the focus")
        await pilot.press("up", "up", "up", "up")
        await until(pilot, lambda: transcript.selected == "item_2", "the line")
        line = transcript.current
        assert line is not None
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is app.main_screen.wire.events, "the list has the focus")
        events = app.main_screen.wire.events
        await until(
            pilot,
            lambda: (row := events.cursor_row) is not None and row.first_n <= line.first_n <= row.last_n,
            "the line's first event",
        )
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.focused is app.main_screen.wire.detail, "the details have the focus")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.focused is transcript, "the focus again")
        assert transcript.selected == "item_2"


async def test_a_filter_acts_while_typed_and_a_wrong_one_says_so(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        wire = app.main_screen.wire
        await pilot.press("slash", *"speech <")
        await until(pilot, lambda: wire.state.expr == "speech <", "the filter")
        await until(pilot, lambda: wire.events.line_count == 5, "what it leaves")
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is wire.events, "the list has the focus")
        await pilot.press("n")
        await until(pilot, lambda: wire.events.cursor_n is not None, "a found event")
        await pilot.press("slash", *' "', "enter")
        await until(pilot, lambda: "closing quote" in message(app), "the sentence")
        await pilot.press("escape")
        await until(pilot, lambda: wire.state.expr == "speech <", "the old filter")
        await pilot.press("slash", "ctrl+u", "enter")
        await until(pilot, lambda: wire.state.expr == "-append", "the profile's filter")
        await until(pilot, lambda: wire.events.line_count > 5, "what it leaves")
        first = wire.events.cursor_n
        assert first is not None
        await pilot.press("n")
        await until(pilot, lambda: (wire.events.cursor_n or 0) > first, "the next event")


async def on_error(pilot: Pilot[Any], app: ConsoleApp) -> int:
    """Wait until the cursor of the list stands on an error; the event's number."""
    wire = app.main_screen.wire

    def found() -> bool:
        index, n = wire.state.index, wire.events.cursor_n
        return index is not None and n is not None and index.type_name(n) == "error"

    await until(pilot, found, "the cursor on an error")
    assert wire.events.cursor_n is not None
    return wire.events.cursor_n


async def test_errors_marks_runs_and_files(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        wire = app.main_screen.wire
        await pilot.press("E")
        await on_error(pilot, app)
        await shows(pilot, "conversation_already_has_active_response")
        await pilot.press("M")
        await until(pilot, lambda: "mark" in screen_text(app), "the mark")
        collapsed = wire.events.line_count
        await pilot.press("c")
        await until(pilot, lambda: wire.events.line_count > collapsed, "more rows")
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard, "the event in the clipboard")
        assert json.loads(app.clipboard)["type"] == "error"
        await pilot.press("Y")
        await until(pilot, lambda: "Turn 2" in app.clipboard, "the turn in the clipboard")
        assert "umbrella" in app.clipboard
        assert "response.created" in app.clipboard
        await pilot.press("w")
        await until(pilot, lambda: "Wrote" in message(app), "the files")
        exported = engine.settings.state_dir / "exports" / folder.name
        assert "/ interrupted at 2.1 s" in (exported / "transcript.txt").read_text()
        assert "response.done" in (exported / "events.txt").read_text()
        assert list(exported.glob("event-*.json"))


async def test_writing_never_touches_what_a_recording_brought_along(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    start_up_file = tmp_path / "bashrc"
    start_up_file.write_text("umask 022\n")
    (folder / "export").mkdir()
    (folder / "export/transcript.txt").symlink_to(start_up_file)
    before = sorted(folder.rglob("*"))
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        exports = engine.settings.state_dir / "exports"
        await pilot.press("E", "w")
        await until(pilot, lambda: f"Wrote {exports}"[:60] in message(app), "the path")
        await pilot.press("w")
        await until(pilot, (exports / f"{folder.name}-2" / "transcript.txt").is_file, "another folder")
        assert (exports / folder.name / "transcript.txt").is_file()
    assert start_up_file.read_text() == "umask 022\n"
    assert sorted(folder.rglob("*")) == before


async def test_a_session_that_is_not_recorded_is_exported_under_title_and_time(tmp_path: Path) -> None:
    with running_engine(tmp_path, record="none") as engine:
        async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
            await shows(pilot, "1 sound-check")
            await pilot.press("s")
            await shows(pilot, "session.updated")
            await pilot.press("w")
            exports = tmp_path / "state" / "exports"
            await until(pilot, lambda: list(exports.glob("*/events.txt")), "the files")
            (folder,) = exports.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_Sound-check", folder.name, re.IGNORECASE)
    assert not list(Path.cwd().glob("*-export"))


async def test_a_state_folder_that_takes_no_export_is_one_true_sentence(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    exports = engine.settings.state_dir / "exports"
    exports.parent.mkdir(exist_ok=True)
    exports.write_text("in the way")
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        await pilot.press("E", "w")
        await until(pilot, lambda: "The export cannot be written (Not a directory): " in message(app), "the sentence")
    assert exports.read_text() == "in the way"


async def test_a_recorded_session_says_so_and_does_not_start(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        await shows(pilot, "recorded")
        assert "incomplete" not in screen_text(app)
        for key in "sxiat":
            await pilot.press(key)
            await until(pilot, lambda: "+ opens a profile to start a new one" in message(app), f"the sentence for {key}")
            app.main_screen.hints.clear()
            await until(pilot, lambda: "new one" not in message(app), "the hint")


async def test_a_recording_that_was_cut_says_incomplete(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    meta = folder / "meta.toml"
    meta.write_text("".join(line for line in meta.read_text().splitlines(True) if not line.startswith("ended")))
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        await recorded(tmp_path, pilot)
        top, status = screen_text(await recorded(tmp_path, pilot)).splitlines()[:2]
        assert "incomplete" in top and "incomplete" in status


async def test_a_recorded_profile_is_shown_and_not_edited(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    async with console(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        await pilot.press("p")
        assert "e edits" not in await shows(pilot, "profile.toml")
        await pilot.press("e", "p")
        await until(pilot, lambda: app.screen is app.main_screen, "the console")
        assert "edit" not in message(app)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "part of the record" in message(app), "the sentence")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


async def test_a_recorded_profile_that_is_named_by_its_path_is_not_edited_either(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder / "profile.toml")).run_test(size=SIZE) as pilot:
        app = pilot.app
        assert isinstance(app, ConsoleApp)
        await shows(pilot, "Press s to start")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "part of the record" in message(app), "the sentence")


async def test_tab_goes_to_the_message_line_and_on_to_the_next_pane(engine: Engine) -> None:
    async with console(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        for name in ("message", "events", "message", "detail"):
            await pilot.press("tab")
            await until(pilot, lambda name=name: pilot.app.focused and pilot.app.focused.id == name, name)  # type: ignore[misc]


async def test_a_narrow_screen_stacks_the_panes_and_opens_details_in_place(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder)).run_test(size=(80, 24)) as pilot:
        app = await recorded(tmp_path, pilot)
        talk, wire = app.main_screen.talk, app.main_screen.wire
        await until(pilot, lambda: wire.region.y > talk.region.y, "one pane above the other")
        assert not wire.detail.display
        await pilot.press("E", "tab")
        await until(pilot, lambda: app.focused is wire.events, "the list")
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is wire.detail and not wire.events.display, "the details in place of the list")
        await pilot.press("escape")
        await until(pilot, lambda: wire.events.display and app.focused is wire.events, "the list again")


async def test_the_mouse_works_too(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        await shows(pilot, "2 sound-check")
        await pilot.click("#top", offset=(screen_text(app).splitlines()[0].index("2 sound-check"), 0))
        await until(pilot, lambda: app.main_screen.active == "sound-check", "the clicked tab")
        await pilot.click("#top", offset=(2, 0))
        await shows(pilot, "interrupted at")
        events = app.main_screen.wire.events
        await pilot.click("#events", offset=(12, 3))
        await until(pilot, lambda: events.cursor == events.top + 3, "the clicked row")


async def test_a_tab_keeps_its_place_while_another_is_shown(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await recorded(tmp_path, pilot)
        await pilot.press("E")
        n = await on_error(pilot, app)
        await pilot.press("2")
        await shows(pilot, "Press s to start")
        await pilot.press("1")
        await shows(pilot, "interrupted at")
        await until(pilot, lambda: app.main_screen.wire.events.cursor_n == n, "the same event")


async def test_an_unknown_profile_is_one_sentence(engine: Engine) -> None:
    app = console(engine, "nobody")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "There is no profile named nobody" in message(app), "the sentence")
        await shows(pilot, "No profile is open.")


async def test_an_error_stays_until_a_key_is_pressed_whatever_the_key_does(engine: Engine) -> None:
    app = console(engine, "nobody")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "There is no profile named nobody" in message(app), "the sentence")
        await pilot.press("f")
        await until(pilot, lambda: "nobody" not in message(app), "the hint again")
