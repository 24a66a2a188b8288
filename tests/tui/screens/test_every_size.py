"""The main screen at every width and every height: nothing overlaps, every row has its place and is
exactly as wide as the screen."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.widget import Widget
from voicelive_tui.engine.engine import Engine
from voicelive_tui.tui.app import ConsoleApp
from voicelive_tui.tui.screen_layout import ScreenLayout, screen_layout
from voicelive_tui.tui.widgets.line_view import LineView

from tests.support.console_pilot import screen_text, shows, until
from tests.support.prepared_session import prepared_session
from tests.tui.support.console_screen import connect, console_app, recorded_app

WIDTHS, HEIGHTS = range(40, 221), range(12, 61)
EDGES = (40, 79, 80, 99, 100, 119, 120, 159, 160, 220)
"""Widths on both sides of each limit."""
SIZES = sorted(
    {
        *((width, 24) for width in WIDTHS),
        *((width, height) for width in (80, 160) for height in HEIGHTS),
        *((width, height) for width in EDGES for height in (12, 40, 50)),
    }
)
"""Every width and every height; tests/tui/test_screen_layout.py tries the limits of all sizes."""


def drawn(widget: Widget) -> Iterable[Widget]:
    """The widgets below this one that are shown and have none below them."""
    children = [child for child in widget.children if child.display]
    if not children or isinstance(widget, LineView):
        yield widget
        return
    for child in children:
        yield from drawn(child)


def places(app: ConsoleApp) -> dict[str, Region]:
    """Where each widget with an id is drawn; those that are not shown are left out."""
    screen = app.main_screen
    shown = {widget.id or "": widget.region for widget in screen.query("*") if widget.id}
    return {name: region for name, region in shown.items() if region}


async def fitted(pilot: Pilot[Any], size: tuple[int, int]) -> ConsoleApp:
    """The console at this size."""
    app = pilot.app
    assert isinstance(app, ConsoleApp)
    await pilot.resize_terminal(*size)
    await until(pilot, lambda: app.main_screen.size == Size(*size), f"the size {size}")
    await until(pilot, lambda: not gaps(app), f"a widget in every cell of {size}")
    return app


def gaps(app: ConsoleApp) -> str:
    """Which cells of the screen belong to no widget or to several, in words; empty if none do."""
    width, height = app.main_screen.size
    rows = [bytearray(width) for _ in range(height)]
    for widget in drawn(app.main_screen):
        region = widget.region
        if not Region(0, 0, width, height).contains_region(region):
            return f"{widget} is at {region}"
        for row in rows[region.y : region.bottom]:
            for cell in range(region.x, region.right):
                row[cell] += 1
    for pane in app.main_screen.query("#events-pane, #settings-page.column"):
        if pane.display and pane.styles.border_left[0]:
            for row in rows[pane.region.y : pane.region.bottom]:
                row[pane.region.x] += 1
    wrong = [number for number, row in enumerate(rows) if set(row) != {1}]
    return f"rows {wrong}" if wrong else ""


def check(app: ConsoleApp, layout: ScreenLayout, last_rows: list[str]) -> None:
    """Check the places of all rows of this screen. last_rows: the ids of the rows below the
    notices, from top to bottom."""
    width, height = app.main_screen.size
    where = places(app)
    if layout.arrangement == "too small":
        assert where == {"status": Region(0, 0, width, height)}
        return
    for number, name in enumerate(reversed(last_rows), start=1):
        assert where[name] == Region(0, height - number, width, 1), name
    upper = ["status"] if layout.arrangement == "compact" else ["top", "status"]
    for number, name in enumerate(upper):
        assert where[name] == Region(0, number, width, 1), name
    notices = where["hints"]
    assert notices.bottom == height - len(last_rows)
    assert notices.height >= layout.notice_rows
    timeline = Region(0, len(upper), width, layout.timeline_rows)
    assert where.get("timeline-pane", Region(0, len(upper), width, 0)) == timeline
    assert where["panes"] == Region(0, timeline.bottom, width, notices.y - timeline.bottom)
    check_panes(layout, where)


def check_panes(layout: ScreenLayout, where: dict[str, Region]) -> None:
    panes, transcript = where["panes"], where["transcript-pane"]
    assert transcript.offset == panes.offset
    assert transcript.width == layout.transcript_cells
    if layout.arrangement == "compact":
        assert transcript == panes
        assert "events-pane" not in where
        return
    events = where["events-pane"]
    if layout.arrangement == "columns":
        assert (events.y, events.height) == (panes.y, panes.height)
        assert events.x == transcript.right
        assert events.right == panes.right - layout.third_cells
        if layout.third_cells:
            column = where["settings-page"]
            assert (column.x, column.right) == (events.right, panes.right)
            assert (column.y, column.height) == (panes.y, panes.height)
    else:
        assert abs(events.height - transcript.height) <= 1
        assert (events.y, events.bottom) == (transcript.bottom, panes.bottom)
    assert where.get("detail", Region()).height == layout.detail_rows


def check_lines(app: ConsoleApp) -> None:
    """Check that every drawn line is exactly as wide as its widget."""
    for widget in drawn(app.main_screen):
        whole = Region(0, 0, *widget.region.size)
        for line in widget.render_lines(whole):
            assert line.cell_length == widget.region.width, widget
        assert not widget.allow_horizontal_scroll, widget


@pytest.mark.parametrize("part", range(2))
async def test_a_recorded_session_fits_every_screen(
    tmp_path: Path, engine: Engine, part: int
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=(80, 24)) as pilot:
        app = await recorded_app(pilot)
        for size in SIZES[part::2]:
            await fitted(pilot, size)
            layout = screen_layout(*size)
            last = ["recorded-in", *(["meters"] if layout.arrangement != "compact" else []), "keys"]
            check(app, layout, last)
            check_lines(app)


async def test_a_running_session_fits_every_kind_of_screen(engine: Engine) -> None:
    async with console_app(engine, "sound-check", "casual-chat").run_test(size=(80, 24)) as pilot:
        await connect(pilot, engine)
        for width in EDGES:
            for height in (23, 24, 40):
                app = await fitted(pilot, (width, height))
                layout = screen_layout(width, height, third_column=True)
                meters = ["meters"] if layout.arrangement != "compact" else []
                check(app, layout, ["message-row", *meters, "keys"])
                check_lines(app)


async def test_a_screen_that_is_too_small_says_so_and_comes_back(engine: Engine) -> None:
    async with console_app(engine, "sound-check").run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 sound-check")
        for size in ((39, 24), (80, 11), (10, 3)):
            app = await fitted(pilot, size)
            check(app, screen_layout(*size), [])
            assert "".join(screen_text(app).split()).startswith("Thisterminalistoo")
        app = await fitted(pilot, (80, 24))
        await until(
            pilot,
            lambda: app.focused is app.main_screen.transcript_pane.transcript,
            "the focus again",
        )
        assert "1 sound-check" in screen_text(app)


async def test_on_a_small_screen_the_events_take_the_place_of_the_transcript(
    tmp_path: Path, engine: Engine
) -> None:
    folder = prepared_session(tmp_path / "sessions")
    async with console_app(engine, str(folder)).run_test(size=(80, 24)) as pilot:
        app = await recorded_app(pilot)
        await fitted(pilot, (60, 16))
        await pilot.press("up", "enter")
        events = app.main_screen.events_pane.events
        await until(pilot, lambda: app.focused is events, "the events")
        where = places(app)
        assert where["events-pane"] == where["panes"]
        assert "transcript-pane" not in where
        await pilot.press("escape")
        await until(pilot, lambda: "transcript-pane" in places(app), "the transcript again")
