"""Which event answers which, in journals that are written event by event."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voicelive_tui.journal.event_pairs import pair_of, request_of, why_no_pair
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.events.record import Local

from tests.support.prepared_session import Script
from tests.support.wrong_events import wrong_events

Line = tuple[str, str, dict[str, Any]]


def journal(*lines: Line) -> EventIndex:
    """An index over these lines: `>` sent, `<` received, `=` local, each 20 ms after the other."""
    script = Script(Path(), record="none")
    write = {">": script.sent, "<": script.received, "=": script.local}
    for mark, name, fields in lines:
        write[mark](name, **fields)
    return script.journal.index


@pytest.mark.parametrize(
    ("request_name", "reply_name", "asked", "answered"),
    [
        ("session.update", "session.updated", {}, {}),
        ("session.avatar.connect", "session.avatar.connecting", {}, {}),
        ("input_audio_buffer.commit", "input_audio_buffer.committed", {}, {"item_id": "item_1"}),
        ("input_audio_buffer.clear", "input_audio_buffer.cleared", {}, {}),
        ("output_audio_buffer.clear", "output_audio_buffer.cleared", {}, {}),
        ("response.create", "response.created", {}, {"response": {"id": "resp_1"}}),
        ("response.cancel", "response.done", {}, {"response": {"id": "resp_1"}}),
        (
            "conversation.item.create",
            "conversation.item.created",
            {"item": {"id": "item_1", "type": "message"}},
            {"item": {"id": "item_1", "type": "message"}},
        ),
        (
            "conversation.item.create",
            "conversation.item.added",
            {"item": {"type": "function_call_output", "call_id": "call_1"}},
            {"item": {"id": "item_1", "type": "function_call_output", "call_id": "call_1"}},
        ),
        (
            "conversation.item.retrieve",
            "conversation.item.retrieved",
            {"item_id": "item_1"},
            {"item": {"id": "item_1"}},
        ),
        *(
            (
                f"conversation.item.{verb}",
                f"conversation.item.{verb}d",
                {"item_id": "item_1"},
                {"item_id": "item_1"},
            )
            for verb in ("delete", "truncate")
        ),
    ],
)
def test_a_request_and_its_reply_lead_to_each_other(
    request_name: str, reply_name: str, asked: dict[str, Any], answered: dict[str, Any]
) -> None:
    index = journal((">", request_name, asked), ("<", "x", {}), ("<", reply_name, answered))
    assert pair_of(index, 0) == 2
    assert request_of(index, 2) == 0
    alone = journal((">", request_name, asked), ("<", "x", {}))
    assert pair_of(alone, 0) is None
    assert why_no_pair(alone, 0) == "The service has not answered this event."


def test_replies_without_an_id_come_in_the_order_of_their_requests() -> None:
    index = journal(
        (">", "session.update", {}),
        (">", "session.update", {}),
        ("<", "session.updated", {}),
        ("<", "session.updated", {}),
        ("<", "session.updated", {}),
    )
    assert [pair_of(index, n) for n in range(5)] == [2, 3, 0, 1, None]
    assert "by itself" in why_no_pair(index, 4)


def test_an_error_answers_the_event_that_it_names_and_no_other_reply_is_taken_for_it() -> None:
    index = journal(
        (">", "response.create", {"event_id": "evt_1"}),
        ("<", "response.created", {"response": {"id": "resp_1"}}),
        (">", "response.create", {"event_id": "evt_2"}),
        ("<", "error", {"error": {"event_id": "evt_2"}}),
        ("<", "response.done", {"response": {"id": "resp_1"}}),
        ("<", "response.created", {"response": {"id": "resp_2"}}),
        ("<", "error", {"error": {"message": "no id"}}),
    )
    assert pair_of(index, 0) == 1
    assert (pair_of(index, 2), pair_of(index, 3)) == (3, 2)
    assert request_of(index, 5) is None
    assert pair_of(index, 6) is None
    assert why_no_pair(index, 6) == "The error names no event that was sent."


def test_the_ends_of_a_response_and_of_speech_lead_to_each_other() -> None:
    index = journal(
        ("<", "input_audio_buffer.speech_started", {"item_id": "item_1"}),
        ("<", "response.created", {"response": {"id": "resp_1"}}),
        ("<", "input_audio_buffer.speech_stopped", {"item_id": "item_1"}),
        ("<", "response.created", {"response": {"id": "resp_2"}}),
        ("<", "response.done", {"response": {"id": "resp_2"}}),
        ("<", "response.done", {"response": {"id": "resp_1"}}),
    )
    assert [pair_of(index, n) for n in range(6)] == [2, 5, 0, 4, 3, 1]


def test_an_mcp_approval_leads_to_its_answer_and_back() -> None:
    request = {"id": "mcpr_1", "type": "mcp_approval_request"}
    answer = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}
    index = journal(
        ("<", "conversation.item.created", {"item": request}),
        (">", "conversation.item.create", {"item": answer}),
    )
    assert (pair_of(index, 0), pair_of(index, 1)) == (1, 0)


def test_a_request_is_not_answered_by_another_connection() -> None:
    index = journal(
        ("=", Local.CONNECTED, {}),
        (">", "session.update", {}),
        ("=", Local.CONNECTED, {"connection": 2}),
        (">", "session.update", {}),
        ("<", "session.updated", {}),
    )
    assert pair_of(index, 1) is None
    assert pair_of(index, 3) == 4


def test_what_has_no_pair_says_so() -> None:
    index = journal(
        (">", "input_audio_buffer.append", {}),
        ("<", "rate_limits.updated", {}),
        ("<", "input_audio_buffer.speech_started", {"item_id": "item_1"}),
        ("=", Local.ON_AIR, {"on": True}),
    )
    assert [pair_of(index, n) for n in range(4)] == [None] * 4
    assert [why_no_pair(index, n) for n in range(4)] == [
        "The service answers no event of this type.",
        "Events of this type stand alone: no request, no reply.",
        "Its end has not come.",
        "Events of this type stand alone: no request, no reply.",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(wrong_events(), min_size=1, max_size=4))
def test_no_event_of_the_service_stops_the_search(events: list[dict[str, Any]]) -> None:
    script = Script(Path(), record="none")
    script.sent("session.update", event_id="evt_1", session={})
    script.sent("conversation.item.create", item={"type": "message"})
    for event in events:
        script.local("x")
        script.journal.append("received", "{}", event, script.t_s, audio=None)
    index = script.journal.index
    for n in range(index.count):
        pair = pair_of(index, n)
        assert pair is None or 0 <= pair < index.count
        assert why_no_pair(index, n)
