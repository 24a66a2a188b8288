"""Calls of MCP tools: their order, their results, who may make them, and the response to their
outputs."""

import json
from typing import Any

import pytest
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Outcome, Reply, Situation

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in
from tests.simulator.support.mcp_conversation import (
    ADD,
    NUMBERS,
    created,
    mcp_conversation,
    respond,
    server,
)
from tests.simulator.support.scripted_replies import Replies, function
from tests.simulator.support.voice_live_contract import sdk_differences, table_differences
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import runs

# protocol.md 15.7, with the announcement of every output item and the rate limits after every
# response.
CALL = [
    "response.output_item.added",
    "conversation.item.created",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
]
END = ["response.done", "rate_limits.updated"]
RUN = ["response.mcp_call.in_progress", "response.mcp_call.completed", "response.output_item.done"]
DESK = server("desk", require_approval="never")
LIMITS = "rate_limits.updated: unknown event"


def types(events: list[JSON]) -> list[str]:
    return runs([str(event["type"]) for event in events])


def result(events: list[JSON]) -> JSON:
    """The only mcp_call item, as it is after the run."""
    [item] = [
        event["item"]
        for event in events
        if event["type"] == "response.output_item.done" and event["item"]["type"] == "mcp_call"
    ]
    assert isinstance(item, dict)
    return item


def test_a_call_runs_after_its_response_in_the_order_of_the_service() -> None:
    driver = mcp_conversation(Reply("", (ADD,)))
    events = respond(driver)
    assert types(events) == ["response.created", *CALL, *END, *RUN]
    by_type = {event["type"]: event for event in events}
    item = by_type["response.output_item.done"]["item"]
    assert (item["server_label"], item["name"], item["arguments"]) == ("own", "add", NUMBERS)
    assert (item["output"], item["error"], item["approval_request_id"]) == (
        '{"sum": 5.5}',
        None,
        None,
    )
    running = {**item, "output": None}
    assert by_type["response.done"]["response"]["output"] == [running]
    assert (
        by_type["response.output_item.added"]["item"]
        == by_type["conversation.item.created"]["item"]
        == {**running, "arguments": ""}
    )
    deltas = [event for event in events if event["type"] == "response.mcp_call_arguments.delta"]
    assert len(deltas) > 1 and "".join(event["delta"] for event in deltas) == NUMBERS
    assert by_type["response.mcp_call_arguments.done"]["arguments"] == NUMBERS
    assert {event["item_id"] for event in events if "item_id" in event} == {item["id"]}
    [kept] = driver.say("conversation.item.retrieve", item_id=item["id"])
    assert kept["item"] == item


def test_the_call_takes_its_time_and_lets_others_talk() -> None:
    driver = mcp_conversation(Reply("", (ADD,)), Reply("Not yet."))
    driver.type_text("add")
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.2)
    assert driver.types()[-1] == "response.mcp_call.in_progress"
    events = respond(driver)
    assert types(events)[:3] == ["response.created", *RUN[1:]]
    assert isinstance(driver.script, Replies)
    assert driver.script.asked[-1] == Situation(1, "add"), "a call that runs is no output"


def test_words_calls_and_functions_keep_their_places() -> None:
    calls = (ADD, Call("f"), Call("fail", '{"message": "no"}', "own"))
    events = respond(
        mcp_conversation(
            Reply("Well.", calls), tools=[function("f"), server(require_approval="never")]
        )
    )
    done = next(event["response"] for event in events if event["type"] == "response.done")
    assert [item["type"] for item in done["output"]] == [
        "message",
        "mcp_call",
        "function_call",
        "mcp_call",
    ]
    after = events[
        events.index(next(e for e in events if e["type"] == "rate_limits.updated")) + 1 :
    ]
    first, second = done["output"][1]["id"], done["output"][3]["id"]
    found = [
        (e["type"].rpartition(".")[2], e.get("item_id") or e["item"]["id"], e["output_index"])
        for e in after
    ]
    assert found == [
        ("in_progress", first, 1),
        ("in_progress", second, 3),
        ("completed", first, 1),
        ("done", first, 1),
        ("failed", second, 3),
        ("done", second, 3),
    ]


@pytest.mark.parametrize(
    ("call", "tools", "error"),
    [
        (
            Call("fail", '{"message": "Out of paper."}', "own"),
            [server(require_approval="never")],
            "Out of paper.",
        ),
        (
            Call("add", '{"a": "two"}', "own"),
            [server(require_approval="never")],
            "Invalid arguments for add: 'b' is missing.",
        ),
        (
            Call("add", "{", "own"),
            [server(require_approval="never")],
            "Invalid arguments for add: The arguments are not valid JSON.",
        ),
        (Call("strike", "", "desk"), [DESK], "All are on strike."),
        (Call("look", "{}", "desk"), [DESK], "Invalid arguments for look: 'what' is missing."),
    ],
)
def test_a_call_that_fails_carries_its_error(call: Call, tools: list[JSON], error: str) -> None:
    events = respond(mcp_conversation(Reply("", (call,)), tools=tools))
    assert "response.mcp_call.failed" in types(
        events
    ) and "response.mcp_call.completed" not in types(events)
    item = result(events)
    assert item["output"] is None and item["error"]["message"] == error
    assert (
        next(e for e in events if e["type"] == "response.done")["response"]["status"] == "completed"
    )


def test_the_script_answers_results_and_errors() -> None:
    replies = (
        Reply("", (Call("look", '{"what": "out"}', "desk"),)),
        Reply("", (Call("strike", "", "desk"),)),
        Reply("Bye."),
    )
    driver = mcp_conversation(*replies, tools=[DESK])
    driver.type_text("what is there?")
    for _ in replies:
        respond(driver)
    assert isinstance(driver.script, Replies)
    question = "what is there?"
    assert driver.script.asked == [
        Situation(1, question),
        Situation(1, question, "look", "a tree"),
        Situation(1, question, "strike", "All are on strike."),
    ]
    assert driver.last("response.text.done")["text"] == "Bye."


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (ADD, "output has 12 characters"),
        (Call("fail", '{"message": "No."}', "own"), "There is no output: No."),
    ],
)
def test_without_a_reply_the_answer_is_honest(call: Call, words: str) -> None:
    driver = mcp_conversation(Reply("", (call,)))
    respond(driver)
    respond(driver)
    assert words in driver.last("response.text.done")["text"]


@pytest.mark.parametrize(
    ("call", "tools", "words"),
    [
        (Call("multiply", "{}", "own"), [server()], "'own' has no tool 'multiply'"),
        (ADD, [server(allowed_tools=["clock"])], "'own' has no tool 'add'"),
        (
            ADD,
            [server("far", "https://far.example")],
            "MCP server 'own', which the client does not offer",
        ),
        (
            Call("add", "{}", "far"),
            [server("far", "https://far.example")],
            "calls no server on the network",
        ),
        (Call("add"), [server()], "'add', which the client does not offer"),
    ],
)
def test_what_is_not_offered_fails_the_response_with_the_reason(
    call: Call, tools: list[JSON], words: str
) -> None:
    events = respond(mcp_conversation(Reply("", (call,)), tools=tools))
    assert types(events) == ["response.created", *END]
    error = events[1]["response"]["status_details"]["error"]
    assert error["code"] == "tool_not_offered" and words in error["message"]


# --- tool_choice
# --------------------------------------------------------------------------------------------------


def test_required_calls_the_first_listed_tool_with_the_least_arguments() -> None:
    events = respond(
        mcp_conversation(
            tools=[server("far", "https://far.example"), server(require_approval="never")]
        ),
        tool_choice="required",
    )
    item = result(events)
    assert (item["name"], item["arguments"], json.loads(item["output"])) == (
        "add",
        '{"a": 0, "b": 0}',
        {"sum": 0},
    )
    assert "response.text.delta" not in types(events), "a forced call comes alone"


def test_required_takes_a_function_first_and_asks_for_approval_as_ever() -> None:
    events = respond(mcp_conversation(tools=[server(), function("f")]), tool_choice="required")
    assert created(events, "function_call") and not created(events, "mcp_approval_request")
    assert created(
        respond(mcp_conversation(tools=[server()]), tool_choice="required"), "mcp_approval_request"
    )


def test_required_without_a_listed_tool_fails_and_says_so() -> None:
    events = respond(
        mcp_conversation(tools=[server("far", "https://far.example")]), tool_choice="required"
    )
    assert (
        "no MCP server has listed a tool"
        in events[1]["response"]["status_details"]["error"]["message"]
    )


@pytest.mark.parametrize(
    ("choice", "called"), [("none", []), ({"type": "function", "name": "add"}, ["function_call"])]
)
def test_none_calls_nothing_and_a_name_is_a_function_s(choice: object, called: list[str]) -> None:
    tools = [server(require_approval="never"), function("add")]
    done = respond(mcp_conversation(Reply("Hm.", (ADD,)), tools=tools), tool_choice=choice)
    [response] = [event["response"] for event in done if event["type"] == "response.done"]
    assert [item["type"] for item in response["output"]] == ["message", *called]


def test_without_a_script_and_without_force_nothing_is_called() -> None:
    events = respond(mcp_conversation())
    assert not created(events, "mcp_call") and created(events, "message")


# --- endings
# --------------------------------------------------------------------------------------------------


def cut(driver: ConversationDriver, **response: Any) -> list[JSON]:
    """A response that is cancelled in the middle of its first output."""
    before = len(driver.events)
    driver.say("response.create", response=response)
    driver.wait(FIRST_DELTA_S + 0.01)
    driver.say("response.cancel", response_id=driver.last("response.created")["response"]["id"])
    driver.wait(5.0)
    return driver.events[before:]


def test_a_call_that_is_cut_does_not_run_and_is_done_before_its_response() -> None:
    events = cut(mcp_conversation(Reply("", (ADD, ADD))))
    assert types(events) == ["response.created", *CALL, "response.output_item.done", *END]
    item = result(events)
    assert item["error"]["code"] == "call_cut" and 0 < len(item["arguments"]) < len(NUMBERS)


def test_a_response_that_does_not_complete_runs_the_calls_that_are_whole() -> None:
    driver = mcp_conversation(
        Reply("", (Call("clock", "", "own"), ADD), outcome=Outcome("incomplete"))
    )
    events = respond(driver)
    ended = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert [(item["name"], bool(item["error"])) for item in ended] == [
        ("add", True),
        ("clock", False),
    ]


def test_tokens_that_run_out_cut_a_call() -> None:
    events = respond(mcp_conversation(Reply("", (ADD,))), max_output_tokens=3)
    done = next(event["response"] for event in events if event["type"] == "response.done")
    assert (
        done["status_details"]["reason"] == "max_output_tokens"
        and result(events)["error"]["code"] == "call_cut"
    )


@pytest.mark.parametrize("happens", ["item", "server", "cancel", "person"])
def test_a_call_runs_on_whatever_happens_to_its_item_its_server_or_the_user(happens: str) -> None:
    driver = mcp_conversation(Reply("", (ADD,)))
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.2)
    match happens:
        case "item":
            driver.say(
                "conversation.item.delete", item_id=created(driver.events, "mcp_call")[0]["id"]
            )
        case "server":
            driver.say("session.update", session={"tools": []})
        case "cancel":
            assert error_in(driver.say("response.cancel"))["code"] == "response_cancel_not_active"
        case "person":
            driver.append(pcm16(silence(0.2), speech_like(0.6)))
    events = [
        event for event in driver.wait(1.0) if not event["type"].startswith("input_audio_buffer.")
    ]
    assert types(events) == RUN[1:] and events[-1]["item"]["output"] == '{"sum": 5.5}'


def test_a_listing_between_a_result_and_its_answer_hides_nothing() -> None:
    driver = mcp_conversation(Reply("", (ADD,)), Reply("Well."))
    respond(driver)
    driver.say("session.update", session={"tools": [server(), server("two")]})
    driver.wait(1.0)
    respond(driver)
    assert isinstance(driver.script, Replies)
    assert driver.script.asked[-1] == Situation(0, "", "add", '{"sum": 5.5}')


def test_outside_the_conversation_a_call_runs_and_stays_outside() -> None:
    events = respond(mcp_conversation(Reply("", (ADD,))), conversation="none")
    assert types(events) == ["response.created", CALL[0], *CALL[2:], *END, *RUN]


# --- the contract
# --------------------------------------------------------------------------------------------------


def test_every_event_is_one_that_the_sdk_and_the_reference_know() -> None:
    asking = server(
        "asks",
        "http://127.0.0.1:1/simulator/mcp",
        require_approval={"always": ["add"], "never": ["fail"]},
    )
    replies = (
        Reply("Well.", (ADD, Call("fail", '{"message": "no"}', "own"))),
        Reply("", (Call("add", NUMBERS, "asks"), Call("add", NUMBERS, "asks"))),
        Reply("", (ADD,)),
    )
    driver = mcp_conversation(*replies, tools=[])
    tools = [server(require_approval="never"), asking, server("far", "https://far.example"), DESK]
    driver.say("session.update", session={"tools": tools})
    respond(driver)
    respond(driver)
    for request, approve in zip(
        created(driver.events, "mcp_approval_request"), (True, False), strict=True
    ):
        approval = {
            "type": "mcp_approval_response",
            "approval_request_id": request["id"],
            "approve": approve,
            "reason": "why",
        }
        driver.say("conversation.item.create", item=approval)
        driver.wait(5.0)
    for item in [
        event["item"] for event in driver.events if event["type"] == "conversation.item.created"
    ]:
        driver.say("conversation.item.retrieve", item_id=item["id"])
    cut(driver)
    assert {event["type"] for event in driver.events if "mcp" in event["type"]} == {
        *(f"mcp_list_tools.{step}" for step in ("in_progress", "completed", "failed")),
        *(f"response.mcp_call.{step}" for step in ("in_progress", "completed", "failed")),
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
    }
    assert {event["item"]["type"] for event in driver.events if "item" in event} == {
        *("message", "mcp_list_tools", "mcp_call", "mcp_approval_request", "mcp_approval_response"),
    }
    known = {LIMITS, "ResponseSession.object: unknown", "ResponseSession.reasoning_effort: null"}
    assert {difference for event in driver.events for difference in sdk_differences(event)} <= known
    assert {difference for event in driver.events for difference in table_differences(event)} == {
        LIMITS
    }
