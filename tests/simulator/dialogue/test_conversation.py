"""The conversation's items, and its errors. No socket, no clock."""

from typing import Any

import pytest
from voicelive_tui.simulator.api.client_events import HANDLED, NOT_SIMULATED
from voicelive_tui.simulator.dialogue.outbox import Send

from tests.support.simulator_talk import Talk, error_in, user


def test_items_are_inserted_where_asked() -> None:
    talk = Talk()
    first, second = talk.type_text("first"), talk.type_text("second")
    assert talk.say("conversation.item.create", item=user("front"), previous_item_id="root")[0]["previous_item_id"] is None
    assert talk.say("conversation.item.create", item=user("middle"), previous_item_id=first)[0]["previous_item_id"] == first
    assert talk.say("conversation.item.create", item=user("end"))[0]["previous_item_id"] == second
    assert (
        error_in(talk.say("conversation.item.create", item=user("x"), previous_item_id="item_no"))["param"] == "previous_item_id"
    )


def test_an_item_keeps_its_id_and_takes_it_once() -> None:
    talk = Talk()
    [created] = talk.say("conversation.item.create", item={**user("x"), "id": "mine"})
    assert created["item"]["id"] == "mine"
    assert error_in(talk.say("conversation.item.create", item={**user("x"), "id": "mine"}))["param"] == "item.id"
    assert talk.say("conversation.item.delete", item_id="mine")[0] == {**talk.events[-1], "item_id": "mine"}
    assert error_in(talk.say("conversation.item.retrieve", item_id="mine"))["param"] == "item_id"


@pytest.mark.parametrize(
    ("item", "param"),
    [
        (None, "item"),
        ({"type": "thought"}, "item.type"),
        ({"type": "message", "content": []}, "item.role"),
        ({"type": "message", "role": "user"}, "item.content"),
        ({"type": "message", "role": "system", "content": [{"type": "input_audio", "audio": ""}]}, "item.content[0].type"),
        ({"type": "message", "role": "assistant", "content": [{"type": "audio", "audio": "AAAA"}]}, "item.content[0].type"),
        ({"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "!"}]}, "item.content[0].audio"),
        ({"type": "function_call_output", "output": "x"}, "item.call_id"),
        ({"type": "mcp_approval_response", "approval_request_id": "x", "approve": True}, "item.approval_request_id"),
    ],
)
def test_a_bad_item_is_refused_with_its_path(item: Any, param: str) -> None:
    assert error_in(Talk().say("conversation.item.create", item=item))["param"] == param


def test_an_append_of_more_than_fifteen_mebibytes_is_refused() -> None:
    talk = Talk()
    assert "15 MiB" in error_in(talk.append(bytes(15 * 2**20 + 2)))["message"]
    assert error_in(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


def test_unknown_settings_warn_and_the_rest_applies() -> None:
    talk = Talk()
    updated, warning = talk.say("session.update", session={"colour": "red", "instructions": "be brief"})
    assert updated["session"]["instructions"] == "be brief" and "colour" not in updated["session"]
    assert warning["type"] == "warning" and warning["warning"]["param"] == "session.colour"
    old = Talk(api_version="2025-10-01")
    assert [e["type"] for e in old.say("session.update", session={"colour": "red"})] == ["session.updated"]


@pytest.mark.parametrize("event", [{}, {"type": None}, {"type": "response.crate"}, {"type": 5}, {"type": []}, [], "x", 5, None])
def test_what_is_no_event_gets_an_error(event: Any) -> None:
    effects = Talk().conversation.receive(event, 0.0)
    assert [e.event["type"] for e in effects if isinstance(e, Send)] == ["error"]


def test_errors_echo_the_offending_event_s_id() -> None:
    talk = Talk()
    assert error_in(talk.say("no.such.event", event_id="event_mine"))["event_id"] == "event_mine"
    assert error_in(talk.say("no.such.event", event_id=""))["event_id"] == ""
    assert error_in(talk.say("no.such.event", event_id=None))["event_id"] is None


@pytest.mark.parametrize("kind", NOT_SIMULATED)
def test_what_the_simulator_does_not_do_it_says(kind: str) -> None:
    assert error_in(Talk().say(kind))["code"] == "not_simulated"


@pytest.mark.parametrize(
    "kind", [k for k in HANDLED if k not in ("response.create", "input_audio_buffer.clear", "session.update")]
)
def test_every_event_without_its_fields_is_refused_not_crashed(kind: str) -> None:
    assert error_in(Talk().say(kind))["type"] == "invalid_request_error"


@pytest.mark.parametrize("audio", [None, 5, "not base64!", "AAA", "A" * 961])
def test_broken_audio_is_refused(audio: Any) -> None:
    assert error_in(Talk().say("input_audio_buffer.append", audio=audio))["param"] == "audio"
