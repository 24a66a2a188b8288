"""The filter of the events pane on the main screen: typed, from the cursor, shaded, searched."""

from pathlib import Path

from textual.events import Paste
from textual.widgets import Input
from voicelive_tui.engine.engine import Engine

from tests.support.console_pilot import screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import SIZE, console_app, recorded_app, shown_message


async def test_a_mistake_is_marked_where_it_is_while_it_is_typed(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        pane = app.main_screen.events_pane
        all_rows = pane.events.line_count
        await pilot.press("shift+tab", "slash", *"type:done gap>20x")
        screen = await shows(pilot, "20x is no time")
        lines = screen.splitlines()
        typed = next(at for at, line in enumerate(lines) if "gap>20x" in line)
        end = lines[typed].index("gap>20x") + len("gap>20x")
        assert lines[typed + 1][:end].endswith(" ~~^")
        assert "still shown: type:done" in lines[typed + 2]
        await shows(pilot, "last good: type:done")
        await pilot.press("backspace")
        await until(pilot, lambda: "still shown" not in screen_text(app), "no mistake")
        await pilot.press("escape")
        await until(pilot, lambda: pane.events.line_count == all_rows, "the filter before")
        assert pane.state.expr == "-append"


async def test_a_filter_without_matches_says_what_would_find_more(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await pilot.press("shift+tab", "slash", *"type:started size>9M")
        await shows(pilot, "nothing; without size>9M 5")
        await pilot.press("ctrl+u", *"type:absent")
        await shows(pilot, "nothing in 286 events")
        await pilot.press("ctrl+u", *"tu", "tab")
        await until(
            pilot,
            lambda: app_line(app.focused) == "turn:",
            "the completed field",
        )
        await pilot.press("1", "enter", "slash", "ctrl+u", "up")
        await until(pilot, lambda: app_line(app.focused) == "turn:1", "the last filter")
        await pilot.press("f1")
        await shows(pilot, "Filter help")
        await pilot.press("escape")
        await until(pilot, lambda: "Filter help" not in screen_text(app), "the transcript")


def app_line(focused: object) -> str:
    return focused.value if isinstance(focused, Input) else ""


async def test_one_letter_filters_from_the_cursor(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        pane = app.main_screen.events_pane
        transcript = app.main_screen.transcript_pane.transcript
        await pilot.press("e")
        await until(pilot, lambda: app.focused is pane.events, "the error has the focus")
        row = pane.events.cursor_row
        assert row is not None
        assert row.type_name == "error"
        pane.events.select(pane.events.view.row_of(row.first_n) - 1 if pane.events.view else 0)
        await pilot.press("F")
        await shows(pilot, "only it")
        await pilot.press("o")
        await until(pilot, lambda: pane.state.expr == "type:conversation.item.created", "the type")
        assert pane.events.has_focus
        await pilot.press("F", "minus")
        await until(pilot, lambda: pane.state.expr == "-append", "the first filter")
        app.main_screen.set_focus(transcript)
        await until(pilot, lambda: transcript.has_focus, "the transcript")
        await pilot.press("F", "h")
        await until(
            pilot,
            lambda: pane.state.expr == "-append -type:conversation.item.created",
            "the type is hidden",
        )
        assert transcript.has_focus
        await pilot.press("F", "escape")
        await until(pilot, lambda: transcript.has_focus, "the focus again")
        assert "hidden" not in shown_message(app)
        await pilot.press("F", "Q")
        await until(pilot, lambda: "means nothing" in shown_message(app), "an answer")
        assert pane.state.expr == "-append -type:conversation.item.created"


async def test_shading_keeps_every_row_and_matches_wrap(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        events = app.main_screen.events_pane.events
        all_rows = events.line_count
        await pilot.press("shift+tab", "H")
        await until(pilot, lambda: "no filter to shade by" in shown_message(app), "an answer")
        await pilot.press("slash", *"type:speech_stopped", "enter")
        await until(pilot, lambda: events.line_count == 3, "two matches and the error")
        await pilot.press("H")
        await until(pilot, lambda: events.line_count == all_rows, "every row")
        await shows(pilot, "shaded: type:")
        await pilot.press("n")
        first = events.cursor_n
        await pilot.press("n")
        await until(pilot, lambda: events.cursor_n != first, "the second match")
        await pilot.press("n")
        await until(
            pilot, lambda: "On from the first match: 1 of 2." in shown_message(app), "the end"
        )
        assert events.cursor_n == first
        await pilot.press("N")
        await until(
            pilot, lambda: "On from the last match: 2 of 2." in shown_message(app), "the start"
        )
        await pilot.press("H")
        await until(pilot, lambda: events.line_count == 3, "the matches alone")


async def test_what_a_terminal_obeys_is_left_out_of_a_paste(engine: Engine) -> None:
    async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
        await shows(pilot, "1 sound-check")
        for keys in (("shift+tab", "slash"), ("escape", "ctrl+p")):
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(pilot.app.focused, Input), "a line to type in")
            pilot.app.post_message(Paste("a\x1b[2J\x9b1m\u202eb\ud800"))
            await until(pilot, lambda: app_line(pilot.app.focused) == "a[2J1mb", "the paste")
