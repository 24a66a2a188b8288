"""Which events wait for which client event: table by table, on small recordings."""

import json
from typing import Any

import pytest
from voicelive_simulator.replay.dependencies import Effect, effects
from voicelive_simulator.replay.journal_line import Line, read_line

JSON = dict[str, Any]


def frames(*events: tuple[str, JSON | str]) -> list[Line]:
    """("sent" or "received", event or type)."""
    lines = []
    for n, (direction, event) in enumerate(events):
        body = json.dumps({"type": event} if isinstance(event, str) else event)
        lines.append(read_line(f'{{"n":{n},"t":{n},"dir":"{direction}","event":{body}}}'.encode()))
    return lines


def created(item_id: str, **item: Any) -> JSON:
    return {
        "type": "conversation.item.created",
        "item": {"id": item_id, "type": "message", "role": "user", **item},
    }


def response(kind: str, response_id: str = "resp_1", **fields: Any) -> JSON:
    return {"type": kind, "response": {"id": response_id, **fields}}


@pytest.mark.parametrize(
    ("question", "reply", "loose"),
    [
        ({"type": "session.update"}, {"type": "session.updated"}, False),
        ({"type": "input_audio_buffer.commit"}, {"type": "input_audio_buffer.committed"}, False),
        ({"type": "session.avatar.connect"}, {"type": "session.avatar.connecting"}, False),
        ({"type": "response.create"}, response("response.created"), False),
        (
            {"type": "conversation.item.create", "item": {"type": "message", "role": "user"}},
            created("item_1"),
            False,
        ),
        (
            {"type": "conversation.item.create", "item": {"id": "item_1"}},
            created("item_1", role="system"),
            False,
        ),
        ({"type": "input_audio_buffer.clear"}, {"type": "input_audio_buffer.cleared"}, True),
        ({"type": "output_audio_buffer.clear"}, {"type": "output_audio_buffer.cleared"}, True),
        (
            {"type": "conversation.item.truncate", "item_id": "item_1"},
            {"type": "conversation.item.truncated", "item_id": "item_1"},
            True,
        ),
        (
            {"type": "conversation.item.delete", "item_id": "item_1"},
            {"type": "conversation.item.deleted", "item_id": "item_1"},
            True,
        ),
        (
            {"type": "conversation.item.retrieve", "item_id": "item_1"},
            {"type": "conversation.item.retrieved", "item": {"id": "item_1"}},
            True,
        ),
        (
            {"type": "no.such.event", "event_id": "e1"},
            {"type": "error", "error": {"event_id": "e1"}},
            True,
        ),
        ({"type": "no.such.event"}, {"type": "error", "error": {"event_id": None}}, True),
        (
            {"type": "session.update", "event_id": "e1"},
            {"type": "error", "error": {"event_id": "e1"}},
            True,
        ),
        ({"type": "something.new"}, {"type": "something.newer"}, False),
    ],
)
def test_a_question_and_its_reply(question: JSON, reply: JSON, loose: bool) -> None:
    recorded = frames(
        ("received", "rate_limits.updated"),
        ("sent", question),
        ("received", "rate_limits.updated"),
        ("received", reply),
    )
    assert effects(recorded) == [Effect(0, 3, loose)]


def test_two_of_a_kind_are_answered_in_order() -> None:
    recorded = frames(
        ("sent", "session.update"),
        ("sent", "session.update"),
        ("received", "session.updated"),
        ("received", "session.updated"),
    )
    assert effects(recorded) == [Effect(0, 2, False), Effect(1, 3, False)]


def test_an_item_that_was_spoken_or_answered_is_no_reply_to_a_typed_one() -> None:
    recorded = frames(
        ("sent", {"type": "conversation.item.create", "item": {"type": "message", "role": "user"}}),
        ("received", {"type": "input_audio_buffer.committed", "item_id": "item_spoken"}),
        ("received", created("item_spoken")),
        ("received", {"type": "response.output_item.added", "item": {"id": "item_answer"}}),
        ("received", created("item_answer")),
        ("received", created("item_typed")),
    )
    assert effects(recorded) == [Effect(0, 5, False)]


def test_outputs_of_two_calls_are_told_apart_by_their_calls() -> None:
    def output(call_id: str) -> JSON:
        return {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "call_id": call_id},
        }

    recorded = frames(
        ("sent", output("call_a")),
        ("sent", output("call_b")),
        ("received", created("item_b", type="function_call_output", role=None, call_id="call_b")),
        ("received", created("item_a", type="function_call_output", role=None, call_id="call_a")),
    )
    for line in recorded[2:]:
        assert line.event is not None
        del line.event["item"]["role"]
    assert effects(recorded) == [Effect(0, 3, False), Effect(1, 2, False)]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("client_cancelled", [Effect(0, 3, False)]),
        ("turn_detected", []),
        (None, [Effect(0, 3, False)]),
    ],
)
def test_a_cancellation_waits_for_the_client_unless_the_service_heard_the_user(
    reason: str, expected: list[Effect]
) -> None:
    recorded = frames(
        ("received", response("response.created")),
        ("sent", {"type": "response.cancel", "response_id": "resp_1"}),
        ("received", {"type": "response.audio.delta", "response_id": "resp_1"}),
        ("received", {"type": "response.audio.done", "response_id": "resp_1"}),
        (
            "received",
            response("response.done", status="cancelled", status_details={"reason": reason}),
        ),
    )
    assert effects(recorded) == expected


def test_what_runs_already_waits_for_nobody() -> None:
    """A request in the middle of a response holds back its own reply, not the response."""
    recorded = frames(
        ("received", response("response.created")),
        ("sent", {"type": "something.new"}),
        ("received", {"type": "response.audio.delta", "response_id": "resp_1"}),
        ("received", response("response.done", status="completed")),
        ("received", "input_audio_buffer.speech_started"),
        ("received", "session.updated"),
    )
    assert effects(recorded) == [Effect(0, 5, False)]


def test_metadata_tells_a_wanted_response_from_one_that_came_by_itself() -> None:
    recorded = frames(
        ("sent", {"type": "response.create", "response": {"metadata": {"topic": "x"}}}),
        ("received", response("response.created", "resp_other", metadata={})),
        ("received", response("response.created", "resp_mine", metadata={"topic": "x"})),
    )
    assert effects(recorded) == [Effect(0, 2, False)]


def test_appends_are_not_numbered() -> None:
    recorded = frames(
        ("sent", "input_audio_buffer.append"),
        ("sent", "session.update"),
        ("received", "session.updated"),
    )
    assert effects(recorded) == [Effect(0, 2, False)]
