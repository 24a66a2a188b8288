"""Approval of MCP calls: when it is requested, what an approval or denial does, and approvals that
match no request."""

import pytest
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Outcome, Reply, Situation
from voicelive_simulator.dialogue.state.tool_result import DENIED
from voicelive_simulator.dialogue.tools.mcp_catalog import needs_approval

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in
from tests.simulator.support.mcp_conversation import (
    ADD,
    NUMBERS,
    answer,
    created,
    mcp_conversation,
    respond,
    server,
)
from tests.simulator.support.scripted_replies import Replies
from tests.support.voice_live_peer import runs

ASKED = ["response.output_item.added", "conversation.item.created", "response.output_item.done"]
CALLED = [
    *("response.created", "response.output_item.added", "conversation.item.created"),
    *(
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.done",
        "rate_limits.updated",
    ),
    *("response.mcp_call.in_progress", "response.mcp_call.completed", "response.output_item.done"),
]


def asked(*replies: Reply) -> tuple[ConversationDriver, str]:
    """A conversation whose assistant has requested approval, and the id of the request."""
    driver = mcp_conversation(*(replies or (Reply("", (ADD,)),)), tools=[server()])
    driver.type_text("two and a half more than three?")
    [request] = created(respond(driver), "mcp_approval_request")
    return driver, str(request["id"])


def types(events: list[JSON]) -> list[str]:
    return runs([str(event["type"]) for event in events])


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ("always", True),
        ("never", False),
        (None, True),
        ({"always": ["add"]}, True),
        ({"never": ["add"]}, False),
        ({"never": ["clock"]}, True),
        ({"always": ["clock"]}, True),
        ({"always": ["add"], "never": ["add"]}, True),
        ({}, True),
    ],
)
def test_who_is_asked(rule: object, asks: bool) -> None:
    assert needs_approval(rule, "add") is asks


def test_a_request_is_an_item_with_the_whole_call_and_ends_its_response() -> None:
    driver = mcp_conversation(Reply("", (ADD,)), tools=[server()])
    events = respond(driver)
    assert types(events) == ["response.created", *ASKED, "response.done", "rate_limits.updated"]
    [request] = created(events, "mcp_approval_request")
    assert request == {
        "id": request["id"],
        "object": "realtime.item",
        "type": "mcp_approval_request",
        "server_label": "own",
        "name": "add",
        "arguments": NUMBERS,
    }
    done = driver.last("response.done")["response"]
    assert done["output"] == [request] and done["usage"]["output_tokens"] == -(-len(NUMBERS) // 4)


def test_an_approved_call_runs_in_a_response_of_its_own_that_costs_nothing() -> None:
    driver, request_id = asked(Reply("", (ADD,)), Reply("It is {output}."))
    [item, *begun] = answer(driver, request_id)
    assert item["item"] == {
        "id": item["item"]["id"],
        "object": "realtime.item",
        "type": "mcp_approval_response",
        "approval_request_id": request_id,
        "approve": True,
    }
    events = [*begun, *driver.wait(5.0)]
    assert types(events) == CALLED
    call = events[-1]["item"]
    assert (call["approval_request_id"], call["arguments"], call["output"]) == (
        request_id,
        NUMBERS,
        '{"sum": 5.5}',
    )
    done = driver.last("response.done")["response"]
    assert (done["status"], done["usage"]["total_tokens"]) == ("completed", 0)
    respond(driver)
    assert isinstance(driver.script, Replies)
    assert [situation.tool for situation in driver.script.asked] == [None, "add"], (
        "the script is not asked about an approved call"
    )


@pytest.mark.parametrize(
    ("reason", "expected"), [(None, DENIED), ("Too dear.", f"{DENIED} Too dear.")]
)
def test_a_denied_call_does_not_run_and_the_assistant_hears_of_it(
    reason: str | None, expected: str
) -> None:
    driver, request_id = asked(Reply("", (ADD,)), Reply("As you wish."))
    assert types(answer(driver, request_id, approve=False, reason=reason)) == [
        "conversation.item.created"
    ]
    assert driver.wait(5.0) == []
    respond(driver)
    assert isinstance(driver.script, Replies)
    assert driver.script.asked[-1] == Situation(
        1, "two and a half more than three?", "add", expected
    )


def test_without_a_reply_a_denial_is_answered_honestly() -> None:
    driver, request_id = asked()
    answer(driver, request_id, approve=False)
    respond(driver)
    assert DENIED in driver.last("response.text.done")["text"]


@pytest.mark.parametrize("first", [True, False])
def test_a_request_is_answered_once(first: bool) -> None:
    driver, request_id = asked()
    answer(driver, request_id, first)
    driver.wait(5.0)
    for item in created(driver.events, "mcp_approval_response"):
        driver.say("conversation.item.delete", item_id=item["id"])
    error = error_in(answer(driver, request_id))
    assert (error["code"], error["param"]) == ("invalid_value", "item.approval_request_id")
    assert "answered already" in error["message"] and driver.wait(5.0) == []


def test_what_was_never_asked_or_was_deleted_cannot_be_approved() -> None:
    driver, request_id = asked()
    message_id = created(driver.events, "message")[0]["id"]
    driver.say("conversation.item.delete", item_id=request_id)
    for wrong in ("item_none", message_id, request_id):
        error = error_in(answer(driver, wrong))
        assert (error["code"], error["param"]) == ("invalid_value", "item.approval_request_id")
        assert "no approval request" in error["message"]
    assert driver.wait(5.0) == []


def test_an_answer_that_is_refused_for_another_reason_leaves_the_request_open() -> None:
    driver, request_id = asked()
    assert error_in(answer(driver, request_id, id=request_id))["param"] == "item.id"
    answer(driver, request_id)
    assert types(driver.wait(5.0))[-1] == "response.output_item.done"


def test_approved_calls_wait_for_the_response_that_runs_and_for_each_other() -> None:
    driver, first = asked(Reply("", (ADD,)), Reply("", (ADD, Call("clock", "", "own"))))
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.01)
    [_, second] = created(driver.events, "mcp_approval_request")
    for request_id in (first, second["id"]):
        assert types(answer(driver, request_id)) == ["conversation.item.created"]
    before = len(driver.events)
    driver.wait(10.0)
    begun = [
        event["response"]["id"]
        for event in driver.events[before:]
        if event["type"] == "response.created"
    ]
    ended = [
        event["response"]["id"]
        for event in driver.events[before:]
        if event["type"] == "response.done"
    ]
    assert len(begun) == 2 and ended[1:] == begun
    results = [
        item
        for event in driver.events[before:]
        if event["type"] == "response.output_item.done"
        for item in [event["item"]]
    ]
    assert [item["approval_request_id"] for item in results if item["type"] == "mcp_call"] == [
        first,
        second["id"],
    ]


def test_an_approved_call_is_due_as_soon_as_the_response_before_it_ends() -> None:
    driver, request_id = asked(Reply("", (ADD,)), Reply("one two three four"))
    driver.say("response.create")
    answer(driver, request_id)
    driver.conversation.receive({"type": "response.cancel"}, driver.now_s)
    assert driver.conversation.due_s is not None
    assert types(driver.wait(5.0)) == CALLED


def test_an_approved_call_can_be_cancelled_like_any_response() -> None:
    driver, request_id = asked()
    answer(driver, request_id)
    driver.say("response.cancel")
    assert driver.last("response.output_item.done")["item"]["error"]["code"] == "call_cut"
    assert driver.wait(5.0) == []


@pytest.mark.parametrize("tools", [[], [server(allowed_tools=["clock"])]])
def test_a_call_whose_server_went_or_changed_meanwhile_fails(tools: list[JSON]) -> None:
    driver, request_id = asked()
    driver.say("session.update", session={"tools": tools})
    answer(driver, request_id)
    driver.wait(5.0)
    assert driver.last("response.output_item.done")["item"]["error"]["code"] == "server_removed"
    assert driver.last("response.mcp_call.failed")


def test_a_request_whose_response_was_cut_cannot_be_approved() -> None:
    driver = mcp_conversation(Reply("", (ADD,), outcome=Outcome("incomplete")), tools=[server()])
    [request] = created(respond(driver), "mcp_approval_request")
    assert "cut" in error_in(answer(driver, request["id"]))["message"]


def test_a_request_that_the_tokens_do_not_allow_is_never_made() -> None:
    driver = mcp_conversation(Reply("", (ADD,)), tools=[server()])
    events = respond(driver, max_output_tokens=2)
    assert types(events) == ["response.created", "response.done", "rate_limits.updated"]
    assert events[1]["response"]["status_details"]["reason"] == "max_output_tokens"


def test_outside_the_conversation_nobody_can_be_asked() -> None:
    events = respond(mcp_conversation(Reply("", (ADD,)), tools=[server()]), conversation="none")
    error = events[1]["response"]["status_details"]["error"]
    assert error["code"] == "approval_out_of_band" and "require_approval" in error["message"]
