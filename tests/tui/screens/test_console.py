"""The main screen with a real engine and the real simulator: talking, panes, keys and mouse."""

from functools import partial
from pathlib import Path
from typing import Any

from textual.app import App
from voicelive_tui.engine.engine import Engine
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import (
    SIZE,
    clear_messages,
    connect,
    console_app,
    recorded_app,
    session_of,
    shown_message,
)

HELLO = Path(__file__).parents[3] / "app/voicelive_tui/audio/assets/hello.wav"


async def test_a_spoken_file_gets_a_transcript_and_an_answer(tmp_path: Path) -> None:
    with running_engine(tmp_path, input=f"wav:{HELLO}") as engine:
        async with console_app(engine, "sound-check").run_test(size=SIZE) as pilot:
            await connect(pilot, engine)
            await shows(pilot, "[●1")
            await shows(pilot, "[speech,")
            screen = await shows(pilot, "Local simulator, not")
            assert "mic hello.wav" in screen
            await shows(pilot, "p50 ")


async def test_a_typed_message_is_sent_and_answered_and_its_letters_are_text(
    engine: Engine,
) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("i", *"squm", "enter")
        await until(
            pilot, lambda: session_of(engine, "sound-check").view.transcript, "a transcript"
        )
        await until(
            pilot,
            lambda: session_of(engine, "sound-check").view.transcript[0].text == "squm",
            "the words",
        )
        assert session_of(engine, "sound-check").state is SessionState.CONNECTED
        await until(
            pilot,
            lambda: any(turn.done_s for turn in session_of(engine, "sound-check").view.turns),
            "an answer",
        )
        await until(
            pilot,
            lambda: app.main_screen.message_line.text == "",
            "an empty line",
        )
        await pilot.press("escape")
        await until(
            pilot,
            lambda: pilot.app.focused is pilot.app.screen.query_one("#transcript"),
            "the focus",
        )


async def test_two_sessions_run_and_the_air_is_given_to_the_other(engine: Engine) -> None:
    async with console_app(engine, "sound-check", "casual-chat").run_test(size=SIZE) as pilot:
        await connect(pilot, engine)
        await pilot.press("2")
        await shows(pilot, "Casual chat")
        await connect(pilot, engine, "casual-chat")
        await until(pilot, lambda: session_of(engine, "sound-check").on_air, "the first is on air")
        await shows(pilot, "Connected, but not on air: a gives this")
        await pilot.press("a")
        await until(pilot, lambda: session_of(engine, "casual-chat").on_air, "on air")
        assert session_of(engine, "sound-check").state is SessionState.CONNECTED
        await pilot.press("1", "s")
        await until(
            pilot, lambda: session_of(engine, "sound-check").state is SessionState.ENDED, "stopped"
        )
        assert session_of(engine, "casual-chat").state is SessionState.CONNECTED


async def test_a_transcript_line_leads_to_its_events_and_back(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        transcript = app.main_screen.transcript_pane.transcript
        await until(pilot, lambda: pilot.app.focused is transcript, "the focus")
        await pilot.press("up", "up", "up", "up")
        await until(pilot, lambda: transcript.selected == "item_2", "the line")
        line = transcript.current
        assert line is not None
        await pilot.press("enter")
        await until(
            pilot,
            lambda: app.focused is app.main_screen.events_pane.events,
            "the list has the focus",
        )
        events = app.main_screen.events_pane.events
        await until(
            pilot,
            lambda: (
                (row := events.cursor_row) is not None and row.first_n <= line.first_n <= row.last_n
            ),
            "the line's first event",
        )
        await pilot.press("down", "enter")
        await until(
            pilot,
            lambda: app.focused is app.main_screen.events_pane.detail,
            "the details have the focus",
        )
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.focused is transcript, "the focus again")
        assert transcript.selected == "item_2"


async def test_a_filter_acts_while_it_is_typed_and_an_invalid_one_is_an_error(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        pane = app.main_screen.events_pane
        await pilot.press("shift+tab", "slash", *"type:speech <")
        await until(pilot, lambda: pane.state.expr == "type:speech <", "the filter")
        await until(pilot, lambda: pane.events.line_count == 6, "what it leaves, and the error")
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is pane.events, "the list has the focus")
        await pilot.press("n")
        await until(pilot, lambda: pane.events.cursor_n is not None, "a found event")
        await pilot.press("slash", *' "', "enter")
        await until(pilot, lambda: "closing quote" in shown_message(app), "the sentence")
        await pilot.press("escape")
        await until(pilot, lambda: pane.state.expr == "type:speech <", "the old filter")
        await pilot.press("slash", "ctrl+u", "enter")
        await until(pilot, lambda: pane.state.expr == "-append", "the profile's filter")
        await until(pilot, lambda: pane.events.line_count > 5, "what it leaves")
        first = pane.events.cursor_n
        assert first is not None
        await pilot.press("n")
        await until(pilot, lambda: (pane.events.cursor_n or 0) > first, "the next event")


async def test_a_search_in_the_transcript_goes_from_line_to_line(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        transcript = app.main_screen.transcript_pane.transcript
        await pilot.press("slash", *"cut")
        await shows(pilot, "1 of 1 match")
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is transcript, "the focus")
        assert transcript.current is not None and transcript.current.is_cut
        await pilot.press("n")
        await until(pilot, lambda: "went on from the top" in shown_message(app), "the sentence")
        await pilot.press("escape")
        await shows(pilot, "heard after")
        await pilot.press("slash", *"speech_started", "enter")
        await until(pilot, lambda: "events would match" in shown_message(app), "where it is")
        await pilot.press("slash", "escape", "escape", "escape")
        await until(pilot, lambda: transcript.following and not transcript.search_query, "the end")


async def test_a_recorded_session_says_so_and_sends_nothing(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await shows(pilot, "RECORDED")
        assert "incomplete" not in screen_text(app)
        for key in "xiat":
            await pilot.press(key)
            await until(
                pilot,
                lambda: "J goes on with it in a new one" in shown_message(app),
                f"the sentence for {key}",
            )
            clear_messages(app)
            await until(pilot, lambda: "new one" not in shown_message(app), "the hint")


async def test_a_recording_that_was_cut_says_incomplete(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    meta = folder / "meta.toml"
    meta.write_text(
        "".join(line for line in meta.read_text().splitlines(True) if not line.startswith("ended"))
    )
    async with console_app(engine, str(folder)).run_test(size=SIZE) as pilot:
        await recorded_app(pilot)
        status = screen_text(await recorded_app(pilot)).splitlines()[1]
        assert "incomplete" in status


def has_focus(app: App[Any], name: str) -> bool:
    return app.focused is not None and app.focused.id == name


async def test_tab_goes_to_the_message_line_and_on_to_the_next_pane(engine: Engine) -> None:
    async with console_app(engine, "sound-check").run_test(size=(120, 40)) as pilot:
        await connect(pilot, engine)
        for name in ("message", "events", "message", "detail"):
            await pilot.press("tab")
            await until(pilot, partial(has_focus, pilot.app, name), name)


async def test_a_narrow_screen_stacks_the_panes_and_opens_details_below(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=(80, 24)) as pilot:
        app = await recorded_app(pilot)
        transcript, pane = app.main_screen.transcript_pane, app.main_screen.events_pane
        await until(pilot, lambda: pane.region.y > transcript.region.y, "one pane above the other")
        assert not pane.detail.display
        await pilot.press("E")
        await until(pilot, lambda: app.focused is pane.events, "the list")
        await pilot.press("enter")
        await until(
            pilot,
            lambda: app.focused is pane.detail and pane.detail.region.y > pane.events.region.bottom,
            "the details below the list",
        )
        await pilot.press("escape")
        await until(
            pilot, lambda: not pane.detail.display and app.focused is pane.events, "the list again"
        )


async def test_the_mouse_works_too(tmp_path: Path, engine: Engine) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder), "sound-check").run_test(size=SIZE) as pilot:
        app = await recorded_app(pilot)
        await shows(pilot, "2 sound-check")
        await pilot.click(
            "#top", offset=(screen_text(app).splitlines()[0].index("2 sound-check"), 0)
        )
        await until(pilot, lambda: app.main_screen.active == "sound-check", "the clicked tab")
        await pilot.click("#top", offset=(2, 0))
        await shows(pilot, "✗ heard")
        events = app.main_screen.events_pane.events
        await pilot.click("#events", offset=(12, 3))
        await until(pilot, lambda: events.cursor == events.top + 3, "the clicked row")


async def test_an_error_stays_until_a_key_is_pressed_whatever_the_key_does(engine: Engine) -> None:
    app = console_app(engine, "nobody")
    async with app.run_test(size=SIZE) as pilot:
        await until(
            pilot, lambda: "There is no profile named nobody" in shown_message(app), "the sentence"
        )
        await pilot.press("f")
        await until(pilot, lambda: "nobody" not in shown_message(app), "the hint again")


async def test_a_notice_that_is_over_is_shown_no_more(engine: Engine) -> None:
    app = console_app(engine, "sound-check")
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "start the session")
        app.main_screen.show_notice(Notice("error", "The sound is lost."))
        await shows(pilot, "The sound is lost.")
        back = Notice("info", "The sound is back.", over=("The sound is lost.",))
        app.main_screen.show_notice(back)
        assert "The sound is lost." not in await shows(pilot, "The sound is back.")
