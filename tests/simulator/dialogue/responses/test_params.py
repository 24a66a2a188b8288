"""The parameters of response.create: bad ones are refused with their path, good ones take
effect."""

from typing import Any

import pytest
from voicelive_simulator.dialogue.state.items import MOST_ITEMS

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in, user
from tests.simulator.support.scripted_replies import Replies

IMAGE = {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": 5}]}


def message(**fields: object) -> JSON:
    return {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "x"}],
        **fields,
    }


@pytest.mark.parametrize(
    ("response", "param"),
    [
        ("x", "response"),
        ({"commit": "yes"}, "response.commit"),
        ({"cancel_previous": 1}, "response.cancel_previous"),
        ({"append_input_items": {}}, "response.append_input_items"),
        (
            {"append_input_items": [user("x"), {"type": "item_reference", "id": "x"}]},
            "response.append_input_items[1].type",
        ),
        ({"input_items": [IMAGE]}, "response.input_items[0].content[0].image_url"),
        ({"input_items": ["x"]}, "response.input_items[0]"),
        ({"input_items": [user("x")] * (MOST_ITEMS + 1)}, "response.input_items"),
        ({"modalities": ["audio"]}, "response.modalities"),
        ({"instructions": 5}, "response.instructions"),
        ({"voice": "nobody"}, "response.voice"),
        ({"voice": "alloy"}, "response.voice"),
        ({"output_audio_format": "mp3"}, "response.output_audio_format"),
        ({"tools": [{"type": "function"}]}, "response.tools[0].name"),
        ({"tool_choice": "fly"}, "response.tool_choice"),
        ({"temperature": 3}, "response.temperature"),
        ({"max_output_tokens": 0}, "response.max_output_tokens"),
        ({"max_response_output_tokens": "some"}, "response.max_response_output_tokens"),
        (
            {"pre_generated_assistant_message": message(role="user")},
            "response.pre_generated_assistant_message.role",
        ),
        (
            {"pre_generated_assistant_message": message(type="x")},
            "response.pre_generated_assistant_message.type",
        ),
        (
            {"pre_generated_assistant_message": message(content=[])},
            "response.pre_generated_assistant_message.content",
        ),
        (
            {"pre_generated_assistant_message": message(content=[{"type": "text", "text": " "}])},
            "response.pre_generated_assistant_message.content[0].text",
        ),
        ({"reasoning_effort": "some"}, "response.reasoning_effort"),
        ({"metadata": {"a": 1}}, "response.metadata.a"),
        ({"interim_response": {"type": "x"}}, "response.interim_response.type"),
        ({"invoke_input": []}, "response.invoke_input"),
        ({"conversation": "other"}, "response.conversation"),
        ({"animation": {"outputs": ["wave"]}}, "response.animation.outputs[0]"),
    ],
)
def test_a_bad_parameter_is_refused_with_its_path_and_starts_nothing(
    response: Any, param: str
) -> None:
    driver = ConversationDriver()
    assert error_in(driver.say("response.create", response=response))["param"] == param
    assert driver.wait(10.0) == []


def test_a_bad_parameter_is_told_before_the_response_that_runs() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    assert (
        error_in(driver.say("response.create", response={"temperature": 3}))["param"]
        == "response.temperature"
    )


def test_null_is_the_session_s_value() -> None:
    driver = ConversationDriver()
    driver.say(
        "session.update",
        session={
            "temperature": 0.7,
            "max_response_output_tokens": 77,
            "output_audio_format": "g711_alaw",
        },
    )
    nothing = dict.fromkeys(
        (
            "temperature",
            "max_output_tokens",
            "output_audio_format",
            "voice",
            "tools",
            "metadata",
            "modalities",
        )
    )
    [created] = driver.say("response.create", response=nothing)
    response = created["response"]
    assert (
        response["temperature"],
        response["max_output_tokens"],
        response["output_audio_format"],
    ) == (0.7, 77, "g711_alaw")
    assert (
        response["voice"] == {"type": "azure-standard", "name": "en-US-AvaNeural"}
        and response["metadata"] is None
    )


@pytest.mark.parametrize("name", ["max_output_tokens", "max_response_output_tokens"])
def test_both_names_of_the_token_limit_work(name: str) -> None:
    driver = ConversationDriver()
    [created] = driver.say("response.create", response={name: 20})
    driver.wait(10.0)
    assert created["response"]["max_output_tokens"] == 20
    assert driver.last("response.done")["response"]["usage"]["output_tokens"] <= 20


def test_input_items_replace_the_context_and_appended_ones_follow_it() -> None:
    script = Replies()
    driver = ConversationDriver(script=script)
    driver.type_text("in the conversation")
    contexts: list[JSON] = [
        {"input_items": []},
        {"input_items": [user("instead")]},
        {"append_input_items": [user("and also")]},
        {},
    ]
    for context in contexts:
        driver.say(
            "response.create", response={**context, "modalities": ["text"], "conversation": "none"}
        )
    assert [asked.text for asked in script.asked] == [
        "",
        "instead",
        "and also",
        "in the conversation",
    ]
    assert {asked.turn for asked in script.asked} == {1}, "they are no turns of the person's"
    created = [e for e in driver.events if e["type"] == "conversation.item.created"]
    assert len(created) == 1, "and stay out of the conversation"


def test_a_function_s_output_among_the_input_items_finds_its_call_there() -> None:
    script = Replies()
    driver = ConversationDriver(script=script)
    call = {"type": "function_call", "name": "clock", "call_id": "call_1", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "call_1", "output": "noon"}
    driver.say("response.create", response={"input_items": [call, output], "conversation": "none"})
    driver.say("response.create", response={"input_items": [output], "conversation": "none"})
    assert [(asked.tool, asked.output) for asked in script.asked] == [
        ("clock", "noon"),
        (None, "noon"),
    ]


def test_instructions_and_their_addition_are_read() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"instructions": "x" * 40})
    for event, tokens in (
        ({}, 10),
        ({"additional_instructions": "y" * 40}, 20),
        ({"response": {"instructions": "z" * 80}, "additional_instructions": "y" * 40}, 30),
    ):
        fields = {
            "modalities": ["text"],
            "input_items": [],
            "conversation": "none",
            **event.get("response", {}),  # type: ignore[dict-item]
        }
        driver.say("response.create", **{**event, "response": fields})
        driver.wait(10.0)
        assert driver.last("response.done")["response"]["usage"]["input_tokens"] == tokens


def test_an_unknown_parameter_is_named_and_ignored() -> None:
    created, warning = ConversationDriver().say("response.create", response={"colour": "red"})
    assert (
        created["type"] == "response.created" and warning["warning"]["param"] == "response.colour"
    )


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2025-10-01", "pre_generated_assistant_message"),
        ("2026-04-10", "invoke_input"),
        ("2025-10-01", "metadata"),
    ],
)
def test_what_a_version_does_not_have_yet_is_unknown_to_it(version: str, name: str) -> None:
    driver = ConversationDriver(api_version=version)
    [created, *_] = driver.say(
        "response.create", response={name: message() if name.startswith("pre") else {"a": "b"}}
    )
    assert created["type"] == "response.created"
    driver.wait(10.0)
    assert driver.last("response.done")["response"]["metadata"] == (
        {"a": "b"} if name == "metadata" else None
    )
    assert driver.last("response.audio_transcript.done")["transcript"] != "x"
