"""The event list on a real index: it follows, it never jumps, and its length costs nothing."""

import json
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.geometry import Region
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.filters import Filter, parse_filter
from voicelive_tui.tui.widgets.event_list import EventList

from tests.support.prepared_session import Script, long_index
from tests.tui.support.paint_recorder import PaintRecorder


class ListApp(App[None]):
    """An app with nothing but the list."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield EventList()

    @property
    def events(self) -> EventList:
        return self.query_one(EventList)


def bind(app: ListApp, script: Script) -> EventList:
    app.events.bind(EventView(script.journal.index), script.journal.index)
    return app.events


def visible(events: EventList) -> list[str]:
    return [events.render_line(y).text for y in range(events.page)]


async def test_it_follows_the_newest_row(tmp_path: Path) -> None:
    script = long_index(tmp_path, 100)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        script.received("session.updated", session={"id": "the newest"})
        events.sync()
        await pilot.pause()
        assert "session.updated" in visible(events)[-1]
        assert events.following


async def test_scrolled_up_it_does_not_move_and_counts_what_came(tmp_path: Path) -> None:
    script = long_index(tmp_path, 500)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        events.step(-1)
        for _ in range(50):
            events.step(-1)
        await pilot.pause()
        before = visible(events)
        for number in range(37):
            script.received("session.updated" if number % 2 else "rate_limits.updated")
            events.sync()
            await pilot.pause()
        assert visible(events) == before
        assert events.unseen == 37
        events.follow()
        await pilot.pause()
        assert "rate_limits.updated" in visible(events)[-1]
        assert events.unseen == 0


async def test_the_wheel_stops_following_and_the_end_starts_it_again(tmp_path: Path) -> None:
    script = long_index(tmp_path, 500)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        events.scroll_to(y=100, animate=False)
        assert not events.following
        events.scroll_to(y=events.max_scroll_y, animate=False)
        assert events.following


async def test_a_hundred_thousand_rows_are_read_only_where_they_are_seen(tmp_path: Path) -> None:
    script = long_index(tmp_path, 100_000)
    read: list[int] = []
    index = script.journal.index
    original = index.record

    def counted(n: int) -> object:
        read.append(n)
        return original(n)

    index.record = counted  # type: ignore[assignment,method-assign]  # counts calls, answers as ever
    async with ListApp().run_test(size=(120, 40)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        events.go_to(50_000)
        await pilot.pause()
        assert any("▸" in line for line in visible(events))
        events.select(0)
        await pilot.pause()
        assert events.line_count == 100_000
    assert len(set(read)) < 400


async def test_a_collapsed_run_grows_in_its_row_and_shows_its_sound(tmp_path: Path) -> None:
    script = Script(tmp_path, record="none")
    async with ListApp().run_test(size=(90, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        script.microphone(400)
        events.sync()
        await pilot.pause()
        assert "buffer.append x20    0.40 s, 20 ms each" in visible(events)[0]
        script.microphone(400)
        events.sync()
        await pilot.pause()
        assert "buffer.append x40    0.80 s, 20 ms each" in visible(events)[0]
        assert events.line_count == 1


async def test_the_cursor_keeps_its_record_through_a_filter(tmp_path: Path) -> None:
    script = long_index(tmp_path, 300)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        events.go_to(151)
        flt = parse_filter("content_part")
        assert isinstance(flt, Filter)
        assert events.view is not None
        events.view.set_filter(flt)
        events.restore(151, following=False)
        await pilot.pause()
        assert events.cursor_n == 151
        assert events.line_count == 150
        assert any("▸" in line for line in visible(events))


async def test_errors_are_found_in_both_directions(tmp_path: Path) -> None:
    script = long_index(tmp_path, 200)
    error = {"type": "error", "error": {"message": "no"}}
    for _ in range(2):
        script.journal.append("received", json.dumps(error), error, script.t_s)
        for _ in range(50):
            script.received("response.output_item.added")
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        assert events.seek_error(-1)
        assert events.cursor_n == 251
        assert events.seek_error(-1)
        assert events.cursor_n == 200
        assert not events.seek_error(-1)
        assert events.seek_error(1)
        assert events.cursor_n == 251


async def test_control_codes_of_the_wire_never_reach_the_screen(tmp_path: Path) -> None:
    script = Script(tmp_path, record="none")
    script.received("evil\x1b]0;owned\x07.delta", delta="\x1b[2J")
    async with ListApp().run_test(size=(120, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        shown = visible(events)[0]
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "evil" in shown


class PaintedList(PaintRecorder, EventList):
    """A list that keeps what it asked to be painted."""


class PaintedApp(ListApp):
    """An app with nothing but such a list."""

    def compose(self) -> ComposeResult:
        yield PaintedList()


def on_screen(events: EventList) -> list[str]:
    """The rows as the screen has them, whatever the list would draw now."""
    region = Region(0, 0, events.scrollable_content_region.width, events.page)
    return [strip.text for strip in events.render_lines(region)]


async def test_a_growing_run_paints_its_own_row_once(tmp_path: Path) -> None:
    script = long_index(tmp_path, 100)
    async with PaintedApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, PaintedApp)
        events = bind(pilot.app, script)
        assert isinstance(events, PaintedList)
        script.microphone(40)
        events.sync()
        await pilot.pause()
        for _ in range(5):
            script.microphone(2_000)
            events.asked.clear()
            assert events.sync()
            assert not events.sync()
            assert [region and (region.y, region.height) for region in events.asked] == [(9, 1)]
            await pilot.pause()
            assert on_screen(events) == visible(events)
        assert "x502" in on_screen(events)[-1]


async def test_new_rows_are_painted_where_they_come_and_nothing_when_none_do(
    tmp_path: Path,
) -> None:
    script = Script(tmp_path, record="none")
    async with PaintedApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, PaintedApp)
        events = bind(pilot.app, script)
        assert isinstance(events, PaintedList)
        await pilot.pause()
        for number in range(15):
            script.received("session.updated" if number % 2 else "rate_limits.updated")
            events.asked.clear()
            assert events.sync()
            if number < 10:
                assert [region and region.y for region in events.asked] == [number]
            await pilot.pause()
            assert on_screen(events) == visible(events)
            events.asked.clear()
            assert not events.sync()
            assert not events.asked


async def test_rows_beyond_the_view_paint_nothing(tmp_path: Path) -> None:
    script = long_index(tmp_path, 500)
    async with PaintedApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, PaintedApp)
        events = bind(pilot.app, script)
        assert isinstance(events, PaintedList)
        await pilot.pause()
        events.select(0)
        await pilot.pause()
        events.asked.clear()
        for _ in range(100):
            script.received("session.updated")
            assert events.sync()
        assert not events.asked


async def test_an_event_that_happened_earlier_does_not_move_the_rows_in_view(
    tmp_path: Path,
) -> None:
    script = long_index(tmp_path, 500)
    async with PaintedApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, PaintedApp)
        events = bind(pilot.app, script)
        await pilot.pause()
        events.go_to(300)
        await pilot.pause()
        before = on_screen(events)
        assert events.view is not None
        t_s = script.journal.index.t_s(100)
        script.journal.append_local("console.talk", t_s, on=True)
        assert events.sync()
        await pilot.pause()
        assert on_screen(events) == before
        assert events.cursor_n == 300
        assert events.view.row(101).type_name == "console.talk"
        assert events.line_count == 501


async def test_a_stream_grows_in_its_row_above_others(tmp_path: Path) -> None:
    script = Script(tmp_path, record="none")
    async with PaintedApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, PaintedApp)
        events = bind(pilot.app, script)
        assert isinstance(events, PaintedList)
        ids: Any = {"response_id": "resp_1", "item_id": "item_1"}
        script.received("response.text.delta", delta="a", **ids)
        script.received("rate_limits.updated")
        assert events.sync()
        await pilot.pause()
        events.asked.clear()
        script.received("response.text.delta", delta="b", **ids)
        assert events.sync()
        assert [region and (region.y, region.height) for region in events.asked] == [(0, 1)]
        await pilot.pause()
        assert "x2" in on_screen(events)[0]
        assert events.line_count == 2


async def test_found_text_is_marked_and_what_does_not_match_is_shaded(tmp_path: Path) -> None:
    script = long_index(tmp_path, 20)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        events.words = ("output",)
        events.lit = EventView(script.journal.index)
        flt = parse_filter("type:output")
        assert isinstance(flt, Filter)
        events.lit.set_filter(flt)
        events.repaint()
        await pilot.pause()
        marked = shaded = 0
        for y in range(events.page):
            strip = events.render_line(y)
            found = [each.text for each in strip if each.style == events.look("match")]
            if "output" in strip.text:
                assert found == ["output"]
                marked += 1
            else:
                assert not found
                assert {each.style for each in strip if each.text.strip()} == {events.look("faint")}
                shaded += 1
        assert marked
        assert shaded


async def test_a_request_without_a_reply_says_so_until_it_comes(tmp_path: Path) -> None:
    script = long_index(tmp_path, 5)
    async with ListApp().run_test(size=(80, 10)) as pilot:
        assert isinstance(pilot.app, ListApp)
        events = bind(pilot.app, script)
        assert events.view is not None
        # What is filtered out makes time pass too.
        requests = parse_filter("type:session.update")
        assert isinstance(requests, Filter)
        events.view.set_filter(requests)
        events.repaint()
        script.sent("session.update", session={"temperature": 0.5})
        events.sync()
        await pilot.pause()
        assert on_screen(events)[0].rstrip().endswith("first: 1 key")
        for after_s, end in (4.5, "first: 1 key"), (0.5, "! no reply"):
            script.received("response.created", after_s=after_s)
            events.sync()
            await pilot.pause()
            assert on_screen(events)[0].rstrip().endswith(end)
        script.received("session.updated", after_s=1.0, session={"temperature": 0.5})
        events.sync()
        await pilot.pause()
        assert on_screen(events)[0].rstrip().endswith("first: 1 key")
