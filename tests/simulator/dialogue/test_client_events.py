"""Every client event known to the reference and the SDK gets its documented reply, or an error that
names it."""

import base64
import json
from typing import Any

import pytest
from azure.ai.voicelive.models import ClientEventType
from voicelive_simulator.api.client_events import CLIENT_EVENTS, LONGEST_ID, NOT_SIMULATED
from voicelive_simulator.api.handshake import API_VERSIONS
from voicelive_simulator.dialogue.conversation import MOST_WARNINGS
from voicelive_simulator.dialogue.state.effects import Send

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in, user
from tests.simulator.support.voice_live_contract import PROTOCOL_EVENTS
from tests.support.speech_like import pcm16, silence, speech_like

REFERENCE = json.loads(PROTOCOL_EVENTS.read_text())["client_events"]
SOUND = base64.b64encode(pcm16(silence(0.1), speech_like(0.3))).decode()
# The replies to valid events in the reference (protocol.md 4), or an error's code where the
# simulator does not implement the event.
REPLIES: dict[str, tuple[JSON, list[str]]] = {
    "session.update": ({"session": {}}, ["session.updated"]),
    "input_audio_buffer.append": ({"audio": SOUND}, []),
    "input_audio_buffer.clear": ({}, ["input_audio_buffer.cleared"]),
    "input_audio_buffer.commit": (
        {},
        [
            "input_audio_buffer.committed",
            "conversation.item.input_audio_transcription.completed",
            "conversation.item.created",
        ],
    ),
    "conversation.item.create": ({"item": user("hello")}, ["conversation.item.created"]),
    "conversation.item.delete": ({"item_id": "mine"}, ["conversation.item.deleted"]),
    "conversation.item.retrieve": ({"item_id": "mine"}, ["conversation.item.retrieved"]),
    "conversation.item.truncate": (
        {"item_id": "spoken", "content_index": 0, "audio_end_ms": 10},
        ["conversation.item.truncated"],
    ),
    "response.create": ({}, ["response.created"]),
    "response.cancel": ({}, ["response.done", "rate_limits.updated"]),
    "input_text.delta": ({"id": "new", "delta": "x"}, []),
    "input_text.done": ({"id": "open"}, ["conversation.item.created"]),
    "output_audio_buffer.clear": ({}, ["avatar_not_available"]),
    "session.avatar.connect": ({"client_sdp": "djA="}, ["avatar_not_available"]),
    "input_audio.clear": ({}, ["not_simulated"]),
    "input_audio.turn.start": ({"turn_id": "t"}, ["not_simulated"]),
    "input_audio.turn.append": ({"turn_id": "t", "audio": SOUND}, ["not_simulated"]),
    "input_audio.turn.end": ({"turn_id": "t"}, ["not_simulated"]),
    "input_audio.turn.cancel": ({"turn_id": "t"}, ["not_simulated"]),
    "mcp_approval_response": ({}, ["not_simulated"]),
    "transcription_session.update": ({}, ["not_simulated"]),
    "rtc.call.sdp.create": ({"sdp_offer": "x"}, ["not_simulated"]),
}


def test_the_table_has_every_event_of_the_reference_and_of_the_sdk() -> None:
    assert set(REFERENCE) <= set(REPLIES)
    assert {str(member.value) for member in ClientEventType} <= set(REPLIES)
    assert set(REPLIES) == {*CLIENT_EVENTS, *NOT_SIMULATED}


@pytest.mark.parametrize("kind", REFERENCE)
def test_the_fields_are_those_of_the_reference(kind: str) -> None:
    if kind not in CLIENT_EVENTS:
        assert kind in NOT_SIMULATED
        return
    fields = {name: field.required for name, field in CLIENT_EVENTS[kind].items()}
    expected = {name: field["required"] for name, field in REFERENCE[kind].items()}
    assert fields == expected | ({"item": True} if kind == "conversation.item.create" else {}), (
        "an item must have something in it"
    )


def ready_for(kind: str, api_version: str) -> ConversationDriver:
    """A conversation in which `kind` is valid: "mine" is a message, "spoken" a spoken response,
    "open" a text."""
    driver = ConversationDriver(api_version=api_version)
    driver.say("session.update", session={"turn_detection": None})
    driver.say("conversation.item.create", item={**user("hello"), "id": "mine"})
    if kind == "input_audio_buffer.commit":
        driver.say("input_audio_buffer.append", audio=SOUND)
    if kind == "response.cancel":
        driver.say("response.create")
    if kind == "input_text.done":
        driver.say("input_text.delta", id="open", delta="x")
    if kind == "conversation.item.truncate":
        driver.say("response.create")
        driver.wait(20.0)
    return driver


def reply(driver: ConversationDriver, kind: str, fields: JSON, event_id: Any) -> list[str]:
    """The types of the replies; for an error its code. The error must name the event."""
    if fields.get("item_id") == "spoken":
        fields = fields | {"item_id": driver.last("response.output_item.done")["item"]["id"]}
    events = driver.say(kind, **fields, event_id=event_id)
    assert all(
        event["error"]["event_id"] == event_id for event in events if event["type"] == "error"
    )
    return [
        event["error"]["code"] if event["type"] == "error" else event["type"] for event in events
    ]


SINCE = {
    "input_text.delta": "2026-06-01",
    "input_text.done": "2026-06-01",
    "output_audio_buffer.clear": "2026-04-10",
}


@pytest.mark.parametrize("version", API_VERSIONS)
@pytest.mark.parametrize("kind", REPLIES)
def test_a_valid_event_gets_its_documented_reply(kind: str, version: str) -> None:
    fields, expected = REPLIES[kind]
    if version < SINCE.get(kind, ""):
        expected = ["invalid_value"]
    assert reply(ready_for(kind, version), kind, fields, "event_mine") == expected


@pytest.mark.parametrize("event_id", [None, "", "x" * LONGEST_ID])
@pytest.mark.parametrize("kind", REPLIES)
def test_null_and_empty_and_long_event_ids_are_taken(kind: str, event_id: str | None) -> None:
    fields, expected = REPLIES[kind]
    assert reply(ready_for(kind, API_VERSIONS[-1]), kind, fields, event_id) == expected


# The errors in protocol.md 4, 13.1, 13.3 and 14: the event, its fields, and the error's code and
# param.
ERRORS: list[tuple[str, JSON, str, str | None]] = [
    ("session.update", {"session": {"model": "another"}}, "invalid_value", "session.model"),
    (
        "input_audio_buffer.append",
        {"audio": base64.b64encode(bytes(15 * 2**20 + 3)).decode()},
        "invalid_value",
        "audio",
    ),
    ("input_audio_buffer.commit", {}, "input_audio_buffer_commit_empty", None),
    (
        "conversation.item.create",
        {
            "item": {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "audio", "audio": SOUND}],
            }
        },
        "invalid_value",
        "item.content[0].type",
    ),
    (
        "conversation.item.create",
        {"item": user("x"), "previous_item_id": "none"},
        "invalid_value",
        "previous_item_id",
    ),
    ("conversation.item.create", {"item": {**user("x"), "id": "mine"}}, "invalid_value", "item.id"),
    ("conversation.item.create", {"item": {"type": "mcp_call"}}, "invalid_value", "item.type"),
    (
        "conversation.item.create",
        {"item": {"type": "function_call_output", "call_id": "none", "output": "x"}},
        "invalid_tool_call_id",
        "item.call_id",
    ),
    (
        "conversation.item.create",
        {"item": {"type": "mcp_approval_response", "approval_request_id": "none", "approve": True}},
        "invalid_value",
        "item.approval_request_id",
    ),
    ("conversation.item.delete", {"item_id": "none"}, "invalid_value", "item_id"),
    ("conversation.item.retrieve", {"item_id": "none"}, "invalid_value", "item_id"),
    (
        "conversation.item.truncate",
        {"item_id": "none", "content_index": 0, "audio_end_ms": 0},
        "invalid_value",
        "item_id",
    ),
    (
        "conversation.item.truncate",
        {"item_id": "mine", "content_index": 0, "audio_end_ms": 0},
        "invalid_value",
        "item_id",
    ),
    (
        "conversation.item.truncate",
        {"item_id": "spoken", "content_index": 1, "audio_end_ms": 0},
        "invalid_value",
        "content_index",
    ),
    (
        "conversation.item.truncate",
        {"item_id": "spoken", "content_index": 0, "audio_end_ms": 999_999},
        "invalid_value",
        "audio_end_ms",
    ),
    ("response.cancel", {"response_id": "none"}, "response_cancel_not_active", None),
    (
        "response.create",
        {"response": {"modalities": ["audio"]}},
        "invalid_value",
        "response.modalities",
    ),
    (
        "response.create",
        {"response": {"tool_choice": "f"}},
        "invalid_value",
        "response.tool_choice",
    ),
    ("input_text.done", {"id": "none"}, "invalid_value", "id"),
    ("input_text.delta", {"id": "mine", "delta": "x"}, "invalid_value", "id"),
]


@pytest.mark.parametrize(("kind", "fields", "code", "param"), ERRORS)
def test_what_is_documented_to_fail_fails_and_names_the_event(
    kind: str, fields: JSON, code: str, param: str | None
) -> None:
    driver = ready_for("conversation.item.truncate", API_VERSIONS[-1])
    if fields.get("item_id") == "spoken":
        fields = fields | {"item_id": driver.last("response.output_item.done")["item"]["id"]}
    error = error_in(driver.say(kind, **fields, event_id="event_mine"))
    assert (error["code"], error["param"], error["event_id"]) == (code, param, "event_mine")
    assert error["type"] == "invalid_request_error"


def test_what_is_documented_to_fail_while_a_response_runs_fails() -> None:
    driver = ready_for("response.cancel", API_VERSIONS[-1])
    assert (
        error_in(driver.say("response.create"))["code"]
        == "conversation_already_has_active_response"
    )
    driver.say("response.cancel")
    assert error_in(driver.say("response.cancel"))["code"] == "response_cancel_not_active"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, fields in CLIENT_EVENTS.items()
        for name, f in fields.items()
        if f.required
    ],
)
def test_a_missing_field_is_named(kind: str, name: str) -> None:
    fields = {key: value for key, value in REPLIES[kind][0].items() if key != name}
    error = error_in(ready_for(kind, API_VERSIONS[-1]).say(kind, **fields, event_id="event_mine"))
    assert (error["code"], error["param"], error["event_id"]) == (
        "missing_required_parameter",
        name,
        "event_mine",
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, fields in CLIENT_EVENTS.items()
        for name in fields
        if name not in ("session", "response", "item")  # objects with tables of their own
    ],
)
def test_a_field_of_a_wrong_type_is_named(kind: str, name: str) -> None:
    wrongs: list[Any] = [[], {}, True, 1.5]
    for wrong in wrongs:
        error = error_in(
            ready_for(kind, API_VERSIONS[-1]).say(kind, **(REPLIES[kind][0] | {name: wrong}))
        )
        assert (error["code"], error["param"]) == ("invalid_type", name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("session.update", "session"),
        ("response.create", "response"),
        ("conversation.item.create", "item"),
    ],
)
@pytest.mark.parametrize("wrong", [5, "x", [], True])
def test_an_object_that_is_none_is_named(kind: str, name: str, wrong: Any) -> None:
    error = error_in(ConversationDriver().say(kind, **{name: wrong}))
    assert (error["code"], error["param"]) == ("invalid_type", name)


@pytest.mark.parametrize(
    "kind", [k for k in CLIENT_EVENTS if REPLIES[k][1][-1:] != ["avatar_not_available"]]
)
def test_an_unknown_field_is_named_in_a_warning_where_there_are_warnings(kind: str) -> None:
    fields, expected = REPLIES[kind]
    driver = ready_for(kind, API_VERSIONS[-1])
    got = reply(driver, kind, fields | {"surprise": 1}, "event_mine")
    if kind == "input_audio_buffer.append":
        assert got == [], "an append has no reply at all"
        return
    assert got == [*expected, "warning"]
    assert driver.last("warning")["warning"] == {
        "message": "Unknown parameter: 'surprise'. The simulator ignores it.",
        "code": "unknown_parameter",
        "param": "surprise",
    }
    if kind in SINCE:
        return
    assert "warning" not in reply(
        ready_for(kind, "2026-01-01-preview"), kind, fields | {"surprise": 1}, "event_mine"
    )


def test_unknown_fields_are_named_up_to_a_limit() -> None:
    warnings = ConversationDriver().say(
        "input_audio_buffer.clear", **{f"field_{n}": 1 for n in range(100)}
    )[1:]
    assert len(warnings) == MOST_WARNINGS + 1
    assert warnings[-1]["warning"]["message"].startswith("80 more")


@pytest.mark.parametrize(
    "event",
    [{}, {"type": None}, {"type": "response.crate"}, {"type": 5}, {"type": []}, [], "x", 5, None],
)
def test_what_is_no_event_gets_an_error(event: Any) -> None:
    effects = ConversationDriver().conversation.receive(event, 0.0)
    [error] = [e.event["error"] for e in effects if isinstance(e, Send)]
    assert error["type"] == "invalid_request_error" and error["event_id"] is None


@pytest.mark.parametrize("event_id", [5, [], {}, "x" * (LONGEST_ID + 1)])
def test_an_event_id_that_is_none_is_refused_and_not_echoed(event_id: Any) -> None:
    error = error_in(ConversationDriver().say("input_audio_buffer.clear", event_id=event_id))
    assert (error["param"], error["event_id"]) == ("event_id", None)


def test_an_error_has_the_shape_of_the_reference() -> None:
    driver = ConversationDriver()
    [event] = driver.say("input_audio_buffer.commit", event_id="event_mine")
    assert set(event) == {"type", "event_id", "error"}
    assert event["error"] == {
        "type": "invalid_request_error",
        "code": "input_audio_buffer_commit_empty",
        "message": (
            "Error committing input audio buffer: it is empty or holds less than 20 ms of audio."
        ),
        "param": None,
        "event_id": "event_mine",
    }


@pytest.mark.parametrize(
    "kind", [*NOT_SIMULATED, "output_audio_buffer.clear", "session.avatar.connect"]
)
def test_what_the_simulator_cannot_do_is_its_own_fault(kind: str) -> None:
    error = error_in(ConversationDriver().say(kind, **REPLIES[kind][0]))
    assert (error["type"], error["param"]) == ("server_error", "type")
    assert kind in error["message"]


@pytest.mark.parametrize("audio", ["not base64!", "AAA", "A" * 961])
def test_broken_audio_is_refused(audio: str) -> None:
    assert (
        error_in(ConversationDriver().say("input_audio_buffer.append", audio=audio))["param"]
        == "audio"
    )


def test_an_append_of_more_than_fifteen_mebibytes_is_refused() -> None:
    driver = ConversationDriver()
    assert "15 MiB" in error_in(driver.append(bytes(15 * 2**20 + 2)))["message"]
    assert (
        error_in(driver.say("input_audio_buffer.commit"))["code"]
        == "input_audio_buffer_commit_empty"
    )
