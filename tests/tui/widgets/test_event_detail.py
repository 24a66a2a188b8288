"""The details of an event: its summary, a malformed frame's text, the events of a folded row."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_facts import Fact, event_facts
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.panes.event_summary import details_of_row
from voicelive_tui.tui.widgets.event_detail import Details, EventDetail

from tests.support.console_pilot import until
from tests.support.prepared_session import Script


class DetailApp(App[None]):
    """An app with nothing but the details."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield EventDetail()


def lines(detail: EventDetail) -> list[str]:
    return [detail.render_line(y).text.rstrip() for y in range(detail.page)]


async def test_a_value_that_json_does_not_have_is_shown_as_it_came() -> None:
    record = Record(
        1,
        0.0,
        "received",
        {"type": "warning", "limit": None},
        '{"type":"warning","limit":NaN}',
    )
    async with DetailApp().run_test(size=(80, 20)) as pilot:
        detail = pilot.app.query_one(EventDetail)
        detail.show(Details(record, event_facts(record)))
        await pilot.pause()
        text = "\n".join(lines(detail))
        assert "as it came:" in text
        assert '"limit":NaN' in text
        assert "limit     none" in text


@pytest.mark.parametrize(
    ("raw", "visible"),
    [("no JSON \x1b[31m", "no JSON \\x1b[31m"), ("x" * 30_000, "more characters")],
    ids=["control", "long"],
)
async def test_what_is_no_event_is_shown_without_control_codes_and_not_without_end(
    raw: str, visible: str
) -> None:
    async with DetailApp().run_test(size=(80, 20)) as pilot:
        detail = pilot.app.query_one(EventDetail)
        detail.show(Details(Record(1, 0.0, "received", {}, raw), ()))
        await pilot.pause()
        detail.to_end()
        await pilot.pause()
        words = " ".join(lines(detail)).split()
        assert visible in " ".join(words)
        assert detail.line_count < 500


async def test_of_a_folded_row_the_events_are_stepped_through(tmp_path: Path) -> None:
    script = Script(tmp_path, record="none")
    script.speak("resp_1", "item_1", "one two three four")
    index = script.journal.index
    view = EventView(index)
    view.sync()
    row = next(row for row in map(view.row, range(view.rows)) if row.count > 1 and row.audio_ms)
    async with DetailApp().run_test(size=(80, 20)) as pilot:
        detail = pilot.app.query_one(EventDetail)
        details = details_of_row(index, view, row)
        detail.show(details)
        await pilot.pause()
        assert detail.chosen_n == row.last_n
        assert len(details.stream) == row.count
        detail.focus()
        await pilot.press("down", "down")
        await until(pilot, lambda: detail.chosen_n == details.stream[1], "the second event")
        (marked,) = [line for line in lines(detail) if line.startswith("▸")]
        assert f"{details.stream[1]} " in marked


async def test_facts_that_change_leave_the_page_where_it_is() -> None:
    record = Record(1, 0.0, "received", {"type": "x"})
    facts = [Fact(f"n{number}", "v") for number in range(40)]
    async with DetailApp().run_test(size=(80, 10)) as pilot:
        detail = pilot.app.query_one(EventDetail)
        detail.show(Details(record, facts))
        await pilot.pause()
        detail.scroll_to(y=5, animate=False)
        await pilot.pause()
        detail.show(Details(record, [*facts, Fact("reply", "it came")]))
        await pilot.pause()
        assert detail.top == 5
        assert detail.line_count == 41
