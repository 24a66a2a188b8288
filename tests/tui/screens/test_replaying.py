"""Hearing turns, marking moments and writing notes with the console's keys."""

from pathlib import Path

from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.events.record import Local
from voicelive_tui.model.transcript.line import TranscriptLine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.formatting import whole_ms

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    connect,
    console_app,
    on_error,
    recorded_app,
    session_of,
    shown_message,
)

TAB = "sound-check"


def marks(engine: Engine) -> list[TranscriptLine]:
    return [line for line in session_of(engine, TAB).view.transcript if line.who == "mark"]


def begun(engine: Engine) -> int:
    """The number of replays that have begun, from the session's journal: a look at the snapshot may
    miss one."""
    return replays(engine).count(True)


def ended(engine: Engine) -> int:
    """The number of replays whose end is in the session's journal."""
    return replays(engine).count(False)


def replays(engine: Engine) -> list[bool]:
    """The beginnings (True) and ends of replays in the session's journal."""
    index = engine.index(TAB)
    assert index is not None
    found = (n for n in range(index.count) if index.type_name(n) == Local.REPLAY)
    return [bool(index.record(n).event["on"]) for n in found]


async def answered(pilot: Pilot[int], engine: Engine) -> None:
    """Type a message, and wait until its answer was heard."""
    await pilot.press("i", "h", "i", "enter", "escape")

    def heard() -> bool:
        turns = session_of(engine, TAB).view.turns
        return bool(turns) and turns[-1].heard_s is not None and turns[-1].done_s is not None

    await until(pilot, heard, "an answer")
    await until(pilot, lambda: not session_of(engine, TAB).assistant_speaking, "its end")


async def test_a_moment_is_marked_at_once_and_its_note_comes_later(engine: Engine) -> None:
    app = ConsoleApp(engine, tabs=(TAB,))
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        line = app.main_screen.message_line
        await pilot.press("i", "d", "r", "a", "f", "t", "escape", "b")
        await until(pilot, lambda: [mark.text for mark in marks(engine)] == ["this moment"], "it")
        await shows(pilot, "Enter keeps it")
        assert " mark 0:" in screen_text(app)
        await pilot.press("o", "h", "enter")
        await until(pilot, lambda: [mark.text for mark in marks(engine)] == ["oh"], "the note")
        await shows(pilot, "mark  ")
        assert (line.text, line.typing, line.note_open) == ("draft", False, False)
        # Esc leaves a mark without a note, and the message line takes messages again.
        await pilot.press("b", "x", "escape")
        await until(pilot, lambda: len(marks(engine)) == 2, "another mark")
        await pilot.press("i")
        await until(pilot, lambda: line.text == "draft", "the draft")
        assert [mark.text for mark in marks(engine)] == ["oh", "this moment"]


async def test_a_note_stands_behind_its_line_and_a_turn_is_heard(engine: Engine) -> None:
    app = console_app(engine, TAB)
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await answered(pilot, engine)
        await pilot.press("g", "B", "n", "enter")
        await until(pilot, lambda: marks(engine), "the note")
        lines = session_of(engine, TAB).view.transcript
        assert [line.who for line in lines[:2]] == ["you", "mark"]
        await pilot.press("space")
        await until(pilot, lambda: "This was typed" in shown_message(app), "why not")
        await pilot.press("G", "space")
        await until(pilot, lambda: begun(engine), "the replay")
        # The snapshot shows it later than the journal, and the key stops what the console shows.
        seen = app.main_screen
        await until(
            pilot, lambda: seen.snapshot.replay or ended(engine), "the replay on the screen"
        )
        await pilot.press("space")
        await until(pilot, lambda: ended(engine) == begun(engine), "the end of it")
        await until(pilot, lambda: engine.snapshot().replay is None, "the end of it")
        before = begun(engine)
        await pilot.press("space")
        await until(pilot, lambda: begun(engine) > before, "the replay again")
        await pilot.press("escape")
        await until(pilot, lambda: engine.snapshot().replay is None, "the end of it")


async def test_a_recording_is_heard_and_takes_no_marks(tmp_path: Path) -> None:
    folder = prepared_session(tmp_path / "sessions")
    with running_engine(tmp_path, input="none", output="none") as engine:
        async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
            app = await recorded_app(pilot)
            await shows(pilot, "space plays turn 2 as it was heard")
            await pilot.press("g")
            await shows(pilot, "space plays what you said in turn 1")
            await pilot.press("b")
            await until(pilot, lambda: "is evidence" in shown_message(app), "why not")
            assert not app.main_screen.message_line.note_open
            await pilot.press("space")
            await until(pilot, lambda: "There is no speaker" in shown_message(app), "why not")


async def test_two_time_marks_say_how_far_apart_they_are(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        events = app.main_screen.events_pane.events
        await pilot.press("E")
        second = await on_error(pilot, app)
        await pilot.press("M", "k", "k", "M")
        await until(pilot, lambda: events.mark_end_n is not None, "the second mark")
        assert events.mark_n == second
        assert events.index is not None and events.mark_end_n is not None
        apart_ms = (events.index.t_s(second) - events.index.t_s(events.mark_end_n)) * 1000
        said = f"{whole_ms(apart_ms)} ms before"
        await until(pilot, lambda: said in shown_message(app), "how far apart they are")
        await pilot.press("M")
        await until(pilot, lambda: events.mark_n is None, "no mark")
        assert events.mark_end_n is None
