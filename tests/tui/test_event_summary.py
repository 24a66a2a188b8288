"""The summary of an event with what the events around it add, and which event is worth a look."""

from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.journal.stream_figures import stream_figures
from voicelive_tui.journal.view import EventView
from voicelive_tui.model.events.event_facts import Fact
from voicelive_tui.model.events.filters import Filter, parse_filter
from voicelive_tui.model.events.record import Local
from voicelive_tui.tui.panes.event_search import is_notable, newest_notable
from voicelive_tui.tui.panes.event_summary import details_of_row, summary
from voicelive_tui.tui.widgets.fact_lines import fact_lines

from tests.support.prepared_session import Script
from tests.tui.support.spans import text_of


def rows(script: Script, n: int) -> dict[str, str]:
    index = script.journal.index
    return {fact.label: fact.value for fact in summary(index, index.record(n)) if fact.label}


def cut_answer(**more: Any) -> tuple[Script, int]:
    script = Script(Path(), record="none")
    script.sent("response.create", event_id="evt_1")
    script.begin_answer("resp_1", "item_1", "item_0")
    script.received("input_audio_buffer.speech_started", item_id="item_2")
    stopped: dict[str, Any] = {
        "item_id": "item_1",
        "played_ms": 2_100,
        "received_ms": 6_800,
        "reason": "user",
    }
    script.local(Local.PLAYBACK_STOPPED, **stopped, **more)
    script.sent("conversation.item.truncate", item_id="item_1", audio_end_ms=2_100)
    done = script.journal.index.count
    details = {"type": "cancelled", "reason": "turn_detected"}
    response = {"id": "resp_1", "status": "cancelled", "status_details": details, "output": []}
    script.received("response.done", response=response)
    return script, done


def test_a_cut_answer_says_what_was_heard_and_what_caused_hit_and_followed_it() -> None:
    script, done = cut_answer()
    found = rows(script, done)
    assert list(found)[:3] == ["type", "status", "heard"]
    assert list(found)[-1] == "ids"
    assert found["type"].startswith("response.done, received ")
    assert found["heard"].startswith("2.1 of 6.8 s")
    assert found["caused by"].startswith("response.create ")
    assert found["hit by"].startswith("input_audio_buffer.speech_started ")
    assert found["followed"].startswith("conversation.item.truncate ")


def test_over_a_link_it_is_said_how_fast_the_answer_was_silent() -> None:
    found = rows(*cut_answer(link_ms=81, device_ms=15))
    assert found["heard"].endswith(", silent after 96 ms: link 81, device 15")


def test_settings_that_became_others_stand_in_the_reply() -> None:
    script = Script(Path(), record="none")
    script.sent("session.update", session={"temperature": 0.5, "voice": "alloy"})
    script.received(
        "session.updated", session={"temperature": 0.8, "voice": "alloy"}, after_s=0.038
    )
    script.received("session.updated", session={"temperature": 0.8})
    assert rows(script, 0)["reply"].endswith(", 38 ms later")
    assert rows(script, 1)["changed"] == "temperature: asked for 0.5, is 0.8"
    assert rows(script, 1)["request"].endswith(", 38 ms earlier")
    assert "changed" not in rows(script, 2) and "request" not in rows(script, 2)


def test_a_request_without_a_reply_says_so_after_five_seconds() -> None:
    script = Script(Path(), record="none")
    script.sent("session.update", session={})
    script.received("warning", after_s=4.9)
    assert rows(script, 0)["reply"] == "none yet"
    script.received("warning", after_s=0.2)
    assert rows(script, 0)["reply"] == "! no reply"


def test_a_folded_row_says_its_figures() -> None:
    script = Script(Path(), record="none")
    script.speak("resp_1", "item_1", "one two three four")
    index = script.journal.index
    view = EventView(index)
    view.sync()
    row = max(map(view.row, range(view.rows)), key=lambda row: (row.count, row.audio_ms))
    figures = stream_figures(index, view.members(row))
    assert figures.count == row.count
    assert figures.audio_ms == pytest.approx(row.audio_ms)
    assert 0 < figures.first_gap_s <= figures.largest_gap_s
    labels = [fact.label for fact in details_of_row(index, view, row).facts]
    assert labels[:2] == ["type", "events"] and "gaps" in labels


def test_streams_that_come_mixed_are_told_apart_by_their_ids() -> None:
    script = Script(Path(), record="none")
    for number in range(6):
        script.received("response.text.delta", item_id=f"item_{number % 2}", delta="x")
    index = script.journal.index
    view = EventView(index)
    view.sync()
    assert view.rows == 2
    assert details_of_row(index, view, view.row(0)).stream == [0, 2, 4]
    assert view.members(view.row(1), 2) == [3, 5]


def test_summaries_are_as_wide_as_the_pane_and_wrapped_beside_their_labels() -> None:
    script, done = cut_answer()
    facts = summary(script.journal.index, script.journal.index.record(done))
    for width in (20, 47, 100):
        lines = [text_of(line) for line in fact_lines(facts, width)]
        assert all(len(line) <= width for line in lines)
        assert lines[0].startswith("type      ")


def view_of(*names: str, expr: str = "", **fields: Any) -> EventView:
    script = Script(Path(), record="none")
    for name in names:
        script.received(name, **fields)
    view = EventView(script.journal.index)
    found = parse_filter(expr)
    assert isinstance(found, Filter)
    view.set_filter(found)
    return view


def test_while_the_list_follows_the_newest_event_that_says_something_is_shown() -> None:
    deltas = ("response.audio.delta", "response.text.delta", "rate_limits.updated") * 5
    assert newest_notable(view_of("error", "response.content_part.added", *deltas)) == 0
    assert newest_notable(view_of("response.content_part.added", *deltas)) == 0
    assert newest_notable(view_of(*deltas)) is None
    assert newest_notable(view_of("error", "session.updated", expr="error|delta")) == 0


@pytest.mark.parametrize(
    ("name", "notable"),
    [
        ("error", True),
        ("response.done", True),
        ("response.mcp_call.completed", True),
        ("response.function_call_arguments.done", True),
        ("response.function_call_arguments.delta", False),
        ("input_audio_buffer.speech_started", True),
        ("session.updated", True),
        ("conversation.item.input_audio_transcription.failed", True),
        ("rate_limits.updated", False),
        ("response.audio.done", False),
    ],
)
def test_errors_answers_tools_speech_and_sessions_say_something(name: str, notable: bool) -> None:
    assert is_notable(name) is notable


def test_an_id_stays_beside_its_name_where_the_ids_need_more_than_one_row() -> None:
    fact = Fact("ids", "item item_Fz5sV92eqJf  response resp_WeYWs7oLs2  event event_vLmr4")
    assert [text_of(line).rstrip() for line in fact_lines([fact], 52)] == [
        "ids       item item_Fz5sV92eqJf",
        "          response resp_WeYWs7oLs2",
        "          event event_vLmr4",
    ]
    assert len(fact_lines([fact], 90)) == 1


def test_text_with_wide_gaps_is_wrapped_as_it_stands() -> None:
    (first, *_) = fact_lines([Fact("text", "a  b " + "word " * 20)], 40)
    assert text_of(first).startswith("text      a  b word")
