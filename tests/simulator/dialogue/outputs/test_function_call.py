"""Calls of the client's functions: their place in a response, their arguments in deltas, and the
handling of their outputs."""

from typing import Any

import pytest
from voicelive_simulator.dialogue.outputs.function_call import argument_deltas
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Reply, Situation

from tests.simulator.support.conversation_driver import (
    DONE_FAMILY,
    JSON,
    ConversationDriver,
    error_in,
)
from tests.simulator.support.scripted_replies import Replies, function
from tests.support.speech_like import pcm16, speech_like
from tests.support.voice_live_peer import runs

ROME = '{"city": "Rome", "unit": "celsius", "days": [1, 2, 3]}'
CALL = [
    "response.output_item.added",
    "conversation.item.created",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
]


def calling(*replies: Reply | None, **session: Any) -> ConversationDriver:
    """A conversation in text with two tools and a script."""
    driver = ConversationDriver(script=Replies(*replies))
    tools = [function("weather"), function("clock")]
    driver.say("session.update", session={"modalities": ["text"], "tools": tools, **session})
    driver.events.clear()
    return driver


def answered(driver: ConversationDriver, **response: Any) -> JSON:
    """The Response object of a response.create that runs to its end."""
    driver.say("response.create", response=response)
    driver.wait(30.0)
    found = driver.last("response.done")["response"]
    assert isinstance(found, dict)
    return found


def test_a_call_has_the_order_of_the_service() -> None:
    driver = calling(Reply("", (Call("weather", ROME),)))
    done = answered(driver)
    assert runs(driver.types()) == [
        "response.created",
        *CALL,
        "response.done",
        "rate_limits.updated",
    ]
    [item] = done["output"]
    assert item["type"] == "function_call" and item["status"] == "completed"
    assert (item["name"], item["arguments"]) == ("weather", ROME) and item["call_id"].startswith(
        "call_"
    )
    added, created = (
        driver.last("response.output_item.added"),
        driver.last("conversation.item.created"),
    )
    assert added["item"] == created["item"] == {**item, "status": "in_progress", "arguments": ""}
    finished = driver.last("response.function_call_arguments.done")
    assert (finished["call_id"], finished["name"], finished["arguments"]) == (
        item["call_id"],
        "weather",
        ROME,
    )
    deltas = [e for e in driver.events if e["type"] == "response.function_call_arguments.delta"]
    assert len(deltas) > 3 and "".join(e["delta"] for e in deltas) == ROME
    assert {(e["item_id"], e["call_id"], e["output_index"]) for e in deltas} == {
        (item["id"], item["call_id"], 0)
    }


def test_words_come_first_and_then_each_call_by_itself() -> None:
    driver = calling(
        Reply("Let me see.", (Call("weather", ROME), Call("clock"))), modalities=["text", "audio"]
    )
    done = answered(driver)
    assert [item["type"] for item in done["output"]] == [
        "message",
        "function_call",
        "function_call",
    ]
    assert [item["status"] for item in done["output"]] == ["completed"] * 3
    types = [
        t
        for t in driver.types()
        if t not in ("response.audio.delta", "response.audio_transcript.delta")
    ]
    words = [
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        *DONE_FAMILY[:-2],
    ]
    assert runs(types) == [
        "response.created",
        *words,
        *CALL,
        *CALL,
        "response.done",
        "rate_limits.updated",
    ]
    index = {
        e["item"]["id"]: e["output_index"]
        for e in driver.events
        if e["type"] == "response.output_item.added"
    }
    assert [index[item["id"]] for item in done["output"]] == [0, 1, 2]
    assert all(
        e["output_index"] == index[e["item_id"]]
        for e in driver.events
        if "output_index" in e and "item_id" in e
    )
    chain = [e for e in driver.events if e["type"] == "conversation.item.created"]
    assert [e["previous_item_id"] for e in chain[1:]] == [e["item"]["id"] for e in chain[:-1]]


def test_an_output_is_matched_to_its_function_and_answered_by_the_script() -> None:
    driver = calling(Reply("", (Call("clock"), Call("weather", ROME))), Reply("Sunny."))
    driver.type_text("the weather?")
    first, second = (item["call_id"] for item in answered(driver)["output"])
    for call_id, output in ((first, "noon"), (second, "sun")):
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        driver.say("conversation.item.create", item=item)
    assert answered(driver)["output"][0]["content"] == [{"type": "text", "text": "Sunny."}]
    script = driver.script
    assert isinstance(script, Replies)
    assert script.asked == [
        Situation(1, "the weather?"),
        Situation(1, "the weather?", "weather", "sun"),
    ]


def test_without_a_script_an_output_gets_the_honest_answer() -> None:
    driver = ConversationDriver()
    call = {"type": "function_call", "name": "weather", "call_id": "call_1", "arguments": "{}"}
    [created] = driver.say("conversation.item.create", item=call)
    assert created["item"]["status"] == "completed"
    driver.say(
        "conversation.item.create",
        item={"type": "function_call_output", "call_id": "call_1", "output": "sunny"},
    )
    answered(driver, modalities=["text"])
    assert "5 characters" in driver.last("response.text.done")["text"]


def test_an_output_of_a_call_that_nobody_made_is_refused() -> None:
    item = {"type": "function_call_output", "call_id": "call_none", "output": "x"}
    refused = error_in(ConversationDriver().say("conversation.item.create", item=item))
    assert (refused["code"], refused["param"]) == ("invalid_tool_call_id", "item.call_id")


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ("required", ["weather"]),
        ({"type": "function", "name": "clock"}, ["clock"]),
        ("auto", []),
        ("none", []),
    ],
)
def test_without_a_script_only_a_client_that_forces_a_call_gets_one(
    choice: object, called: list[str]
) -> None:
    done = answered(calling(), tool_choice=choice)
    assert [
        item.get("name") for item in done["output"] if item["type"] == "function_call"
    ] == called
    assert bool(called) is not any(item["type"] == "message" for item in done["output"]), (
        "a forced call comes alone"
    )


def test_a_choice_that_names_no_function_is_refused_and_starts_nothing() -> None:
    driver = calling()
    refused = error_in(
        driver.say("response.create", response={"tool_choice": {"type": "function", "name": "x"}})
    )
    assert refused["param"] == "response.tool_choice"
    assert (
        error_in(driver.say("response.create", response={"tool_choice": "required", "tools": []}))[
            "param"
        ]
        == "response.tool_choice"
    )
    assert driver.wait(10.0) == []


def test_a_script_that_calls_what_is_not_offered_fails_the_response_with_the_reason() -> None:
    driver = calling(Reply("", (Call("fly"),)))
    done = answered(driver)
    assert done["status"] == "failed" and done["output"] == []
    assert (
        done["status_details"]["error"]["code"] == "tool_not_offered"
        and "'fly'" in done["status_details"]["error"]["message"]
    )


def test_turn_detection_s_own_response_fails_where_response_create_would_be_refused() -> None:
    """The tools were removed after the choice was made, and there is no client event to answer with
    an error."""
    driver = calling(tool_choice={"type": "function", "name": "clock"})
    driver.say("session.update", session={"tools": []})
    driver.append(pcm16(speech_like(1.0), speech_like(0.5, level_dbfs=-90.0)))
    driver.append(pcm16(speech_like(1.0, level_dbfs=-90.0)))
    driver.wait(5.0)
    done = driver.last("response.done")["response"]
    assert done["status"] == "failed" and "'clock'" in done["status_details"]["error"]["message"]


def test_a_cancelled_call_closes_with_what_was_sent_and_the_next_never_opens() -> None:
    driver = calling(Reply("", (Call("weather", ROME), Call("clock"))))
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.05)
    assert [e["type"] for e in driver.say("response.cancel")] == [
        *CALL[3:],
        "response.done",
        "rate_limits.updated",
    ]
    [item] = driver.last("response.done")["response"]["output"]
    assert (
        item["status"] == "incomplete"
        and ROME.startswith(item["arguments"])
        and 0 < len(item["arguments"]) < len(ROME)
    )
    [kept] = driver.say("conversation.item.retrieve", item_id=item["id"])
    assert kept["item"] == item
    assert driver.wait(10.0) == []


def test_tokens_that_run_out_in_a_call_leave_it_incomplete() -> None:
    driver = calling(Reply("Wait.", (Call("weather", ROME), Call("clock"))))
    done = answered(driver, max_output_tokens=8)
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert [item["status"] for item in done["output"]] == ["completed", "incomplete"]
    assert done["usage"]["output_tokens"] <= 8


@pytest.mark.parametrize("arguments", ["", "{}", ROME, "x" * 100_000])
def test_arguments_come_in_a_few_pieces_that_join_to_them(arguments: str) -> None:
    pieces = argument_deltas(arguments)
    assert "".join(pieces) == arguments and len(pieces) <= 32 and all(pieces)


def test_empty_arguments_are_done_at_once() -> None:
    done = answered(calling(Reply("", (Call("clock", ""),))))
    assert done["output"][0]["arguments"] == "" and done["status"] == "completed"
