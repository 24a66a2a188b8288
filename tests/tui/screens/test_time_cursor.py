"""Timeline, events and transcript show one time, whichever of them the user moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from voicelive_tui.engine.engine import Engine
from voicelive_tui.journal.reader import read_folder
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.model.timeline.fold import TimelineFold
from voicelive_tui.paths import DEMO, recording_folder
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.formatting import time_text
from voicelive_tui.tui.screens.console import ConsoleScreen
from voicelive_tui.tui.timeline_rows import LABEL_CELLS

from tests.support.console_pilot import running_engine, screen_text, shows, until
from tests.tui.support.console_screen import connect, console_app, session_of


@asynccontextmanager
async def demo(
    engine: Engine, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[tuple[Pilot[Any], ConsoleScreen]]:
    app = console_app(engine, str(recording_folder(DEMO)))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "Thank you. Goodbye.")
        await shows(pilot, "▸")
        yield pilot, app.main_screen


def times(screen: ConsoleScreen) -> tuple[float | None, float | None, float | None]:
    """The times of the three cursors."""
    row = screen.events_pane.events.cursor_row
    line = screen.transcript_pane.transcript.current
    return (
        screen.timeline_pane.position.cursor_s,
        None if row is None else row.t_s,
        None if line is None else line.t_s,
    )


def end_s(screen: ConsoleScreen) -> float:
    """The last moment of the recording."""
    assert screen.session is not None
    return screen.session.view.last_t_s


async def cursor_at(pilot: Pilot[Any], screen: ConsoleScreen, below_s: float) -> float:
    """Wait until the timeline's cursor is before this time; returns where."""

    def holds() -> bool:
        cursor_s = screen.timeline_pane.position.cursor_s
        return cursor_s is not None and cursor_s < below_s

    await until(pilot, holds, f"a cursor before {below_s}: {times(screen)}")
    return screen.timeline_pane.position.cursor_s or 0.0


async def test_the_timeline_leads_events_and_transcript(engine: Engine) -> None:
    async with demo(engine) as (pilot, screen):
        await pilot.press(*["h"] * 12)
        cursor_s = await cursor_at(pilot, screen, end_s(screen) - 2.5)
        column_s = screen.timeline_pane.window.column_s
        await until(pilot, lambda: None not in times(screen), "three cursors")
        _, event_s, line_s = times(screen)
        assert event_s is not None and event_s < cursor_s + column_s
        assert line_s is not None and line_s < cursor_s + column_s
        events = screen.events_pane.events
        assert events.view is not None and events.cursor is not None
        assert events.view.row(events.cursor + 1).t_s >= cursor_s + column_s
        await shows(pilot, f"▲{time_text(cursor_s)}")


async def test_the_end_takes_the_cursor_away_from_all_three(engine: Engine) -> None:
    async with demo(engine) as (pilot, screen):
        await pilot.press("h", "h")
        await cursor_at(pilot, screen, end_s(screen) - 0.2)
        await pilot.press("f")
        await until(pilot, lambda: times(screen) == (None, None, None), "no cursor")
        await shows(pilot, f"end {time_text(end_s(screen))}")


async def test_events_and_transcript_lead_the_timeline(engine: Engine) -> None:
    async with demo(engine) as (pilot, screen):
        screen.set_focus(screen.events_pane.events)
        await pilot.press("g")
        await cursor_at(pilot, screen, 0.3)
        await until(pilot, lambda: screen.transcript_pane.transcript.cursor == 0, "the first line")
        screen.set_focus(screen.transcript_pane.transcript)
        await pilot.press("j", "j", "j")
        line = screen.transcript_pane.transcript.current
        assert line is not None
        await until(
            pilot,
            lambda: 0 <= line.t_s - (times(screen)[0] or 0.0) < 0.25,
            f"the timeline at {line.t_s}",
        )
        row = screen.events_pane.events.cursor_row
        assert row is not None and row.first_n <= line.first_n <= row.last_n


async def test_the_way_from_a_line_to_its_events_and_back_ends_where_it_began(
    engine: Engine,
) -> None:
    async with demo(engine) as (pilot, screen):
        screen.set_focus(screen.transcript_pane.transcript)
        await pilot.press("k", "k")
        chosen = screen.transcript_pane.transcript.selected
        await pilot.press("enter")
        await until(pilot, lambda: screen.events_pane.events.has_focus, "the events")
        screen.sync_timeline(0.0)  # as the next heartbeat does
        assert screen.transcript_pane.transcript.selected == chosen
        await pilot.press("escape")
        await until(pilot, lambda: screen.transcript_pane.transcript.has_focus, "the transcript")
        assert screen.transcript_pane.transcript.selected == chosen


async def test_the_mouse_moves_the_cursor_and_the_wheel_only_the_window(engine: Engine) -> None:
    async with demo(engine) as (pilot, screen):
        view = screen.timeline_pane.view
        await pilot.click(view, offset=(LABEL_CELLS + 40, 0))
        window = screen.timeline_pane.window
        cursor_s = await cursor_at(pilot, screen, end_s(screen) - 12.5)
        assert window.column_of(cursor_s) == 40
        assert view.has_focus
        await shows(pilot, "End follows")
        view.on_mouse_scroll_up(_wheel(view))
        await until(
            pilot, lambda: screen.timeline_pane.window.last == window.last - 4, "an earlier window"
        )
        assert times(screen)[0] == cursor_s


def _wheel(view: Any) -> Any:
    from textual.events import MouseScrollUp

    return MouseScrollUp(view, 0, 0, 0, 0, 0, False, False, False)


async def test_zooming_keeps_the_cursor_in_its_column(engine: Engine) -> None:
    async with demo(engine) as (pilot, screen):
        await pilot.press(*["h"] * 60)
        cursor_s = await cursor_at(pilot, screen, end_s(screen) - 14.5)
        pane = screen.timeline_pane
        column = pane.window.column_of(cursor_s)
        await pilot.press("equals_sign")
        assert pane.window.column_s == pytest.approx(0.1)
        assert pane.window.column_of(cursor_s) == pytest.approx(column, abs=1)
        await pilot.press("0", *["minus"] * 9)
        assert pane.window.column_s == 30
        await shows(pilot, "30 s a cell")


async def test_with_the_focus_the_arrows_move_it(engine: Engine) -> None:
    async with demo(engine, (80, 24)) as (pilot, screen):
        screen.set_focus(screen.timeline_pane.view)
        await pilot.press("left", "left", "right")
        cursor_s = await cursor_at(pilot, screen, end_s(screen))
        assert screen.timeline_pane.window.column_of(cursor_s) == 71
        await pilot.press("end")
        await until(pilot, lambda: times(screen) == (None, None, None), "no cursor")


@pytest.mark.parametrize(
    ("size", "rows"),
    [((79, 40), ()), ((80, 24), ("you", "agent")), ((119, 36), ("you", "agent", "")),
     ((120, 36), ("you", "agent", "tools", "vad", ""))],
)  # fmt: skip
async def test_the_lanes_that_each_size_has(
    engine: Engine, size: tuple[int, int], rows: tuple[str, ...]
) -> None:
    async with demo(engine, size) as (pilot, screen):
        await pilot.pause()
        shown = screen.timeline_pane.view.text.splitlines()
        assert tuple(row[:LABEL_CELLS].strip() for row in shown) == rows


async def test_its_title_promises_only_what_a_recording_has(engine: Engine) -> None:
    async with demo(engine, (200, 50)) as (pilot, screen):
        await pilot.press(*"---------")
        title = await shows(pilot, "30 s a cell  0:00 to 0:56 of 0:56")
        assert "space hear the turn" in title and "b mark" not in title
        assert screen.session is not None and screen.session.mark_refusal is not None


@pytest.mark.parametrize("key", ["v", "D"])
async def test_pages_stand_in_its_place(engine: Engine, key: str) -> None:
    async with demo(engine) as (pilot, screen):
        assert screen.timeline_pane.display
        await pilot.press(key)
        await until(pilot, lambda: not screen.timeline_pane.display, "no timeline")
        await pilot.press("escape")
        await until(pilot, lambda: screen.timeline_pane.display, "the timeline")


async def test_a_live_session_is_drawn_as_it_is_spoken(tmp_path: Any) -> None:
    from voicelive_tui.tui.screen_clock import Clock

    from tests.tui.screens.test_console import HELLO

    with running_engine(tmp_path, input=f"wav:{HELLO}") as engine:
        app = ConsoleApp(engine, tabs=["sound-check"], clock=Clock())
        async with app.run_test(size=(100, 30)) as pilot:
            await connect(pilot, engine)
            await until(
                pilot,
                lambda: set("▃▄▅▆▇█") & set(_lane(app, 0)) and set("▃▄▅▆▇█") & set(_lane(app, 1)),
                "both lanes",
            )
            assert "▸" in _lane(app, 1)
            assert "now 0:" in screen_text(app)
            live = engine.timeline("sound-check")
            await pilot.press("s")
            await until(pilot, lambda: session_of(engine, "sound-check").state in _OVER, "the end")
            folder = session_of(engine, "sound-check").folder
            assert live is not None and folder
            await until(
                pilot,
                lambda: _played(read_folder(folder).timeline) == _played(live),
                "the same levels and the same heard parts in the recording",
            )


_OVER = (SessionState.ENDED, SessionState.OFF)


def _played(timeline: TimelineFold) -> tuple[bytes, bytes, object]:
    return timeline.you.peaks(0, 2000, 1), timeline.agent.peaks(0, 2000, 1), timeline.heard


def _lane(app: ConsoleApp, row: int) -> str:
    rows = app.main_screen.timeline_pane.view.text.splitlines()
    return rows[row][LABEL_CELLS:] if len(rows) > row else ""
