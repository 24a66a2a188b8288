"""The details of a malformed frame: its text, and what could be read of it."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from voicelive_tui.model.events.record import Record
from voicelive_tui.tui.widgets.event_detail import EventDetail


class DetailApp(App[None]):
    """An app with nothing but the details."""

    CSS_PATH = str(Path(__file__).parents[3] / "app/voicelive_tui/tui/app.tcss")

    def compose(self) -> ComposeResult:
        yield EventDetail()


async def shown(record: Record) -> str:
    async with DetailApp().run_test(size=(80, 20)) as pilot:
        detail = pilot.app.query_one(EventDetail)
        detail.show(record)
        await pilot.pause()
        return "\n".join(detail.render_line(y).text.rstrip() for y in range(detail.page))


async def test_a_value_that_json_does_not_have_is_shown_as_it_came() -> None:
    event = {"type": "response.done", "usage": None}
    text = await shown(Record(1, 0.0, "received", event, '{"type":"response.done","usage":NaN}'))
    assert "as it came:" in text
    assert '"usage":NaN' in text
    assert '"usage": null' in text


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
        detail.show(Record(1, 0.0, "received", {}, raw))
        await pilot.pause()
        detail.to_end()
        await pilot.pause()
        words = " ".join(detail.render_line(y).text for y in range(detail.page)).split()
        assert visible in " ".join(words)
        assert detail.line_count < 500
