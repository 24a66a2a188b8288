"""The tokens of a response, and the rest of the budget per minute."""

import base64

from voicelive_simulator.dialogue.state.script import Call, Reply

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_usage_adds_up() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"instructions": "x" * 400})
    driver.append(TURN)
    driver.wait(15.0)
    usage = driver.last("response.done")["response"]["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    heard_ms = 2000  # 300 ms of padding at most, one second of speech, the silence window
    assert 10 <= usage["input_token_details"]["audio_tokens"] <= heard_ms / 100
    details = usage["output_token_details"]
    assert usage["output_tokens"] == details["text_tokens"] + details["audio_tokens"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    audio_ms = (
        sum(
            len(base64.b64decode(e["delta"]))
            for e in driver.events
            if e["type"] == "response.audio.delta"
        )
        / 48
    )
    assert details["audio_tokens"] == -(-audio_ms // 50)


def test_rate_limits_count_down_over_a_minute() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    driver.wait(10.0)
    first = driver.last("rate_limits.updated")["rate_limits"][0]
    spent = driver.last("response.done")["response"]["usage"]["total_tokens"]
    assert first["remaining"] == first["limit"] - spent
    driver.wait(61.0)
    driver.say("response.create")
    driver.wait(10.0)
    again = driver.last("rate_limits.updated")["rate_limits"][0]
    assert (
        again["remaining"]
        == again["limit"] - driver.last("response.done")["response"]["usage"]["total_tokens"]
    )


def turn(driver: ConversationDriver, **response: object) -> JSON:
    """The input details in the usage of one more response."""
    driver.say("response.create", response={"modalities": ["text"], **response})
    driver.wait(10.0)
    details = driver.last("response.done")["response"]["usage"]["input_token_details"]
    assert isinstance(details, dict)
    return details


def test_a_beginning_that_was_read_before_counts_as_cached() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"instructions": "x" * 400, "turn_detection": None})
    driver.append(TURN)
    driver.say("input_audio_buffer.commit")
    first = turn(driver)
    assert first["cached_tokens"] == 0 and first["audio_tokens"] > 0
    second = turn(driver)
    assert second["cached_tokens_details"] == {
        key: first[key] for key in ("text_tokens", "audio_tokens", "image_tokens")
    }
    assert (
        second["cached_tokens"]
        == first["text_tokens"] + first["audio_tokens"]
        < second["text_tokens"] + second["audio_tokens"]
    )
    driver.say("session.update", session={"instructions": "y" * 400})
    assert turn(driver)["cached_tokens"] == 0, (
        "what comes after another beginning is another prompt"
    )


def test_what_was_deleted_or_cut_is_no_longer_cached_nor_is_what_follows() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"instructions": "x" * 400})
    items = [driver.type_text(text) for text in ("one" * 20, "two" * 20, "three" * 20)]
    turn(driver)
    driver.say("conversation.item.delete", item_id=items[1])
    assert turn(driver)["cached_tokens"] == 100 + 15


def test_images_count_by_their_detail_and_tools_as_text() -> None:
    driver = ConversationDriver()
    for detail in ("low", "high"):
        part = {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": detail}
        driver.say(
            "conversation.item.create", item={"type": "message", "role": "user", "content": [part]}
        )
    details = turn(driver)
    assert details["image_tokens"] == 85 + 765
    tool = {"type": "function", "name": "f", "description": "x" * 400}
    assert turn(driver, tools=[tool], tool_choice="none", input_items=[])["text_tokens"] > 100


def test_arguments_are_output_text() -> None:
    arguments = '{"city": "Rome"}'
    driver = ConversationDriver(script=Replies(Reply("Wait.", (Call("f", arguments),))))
    driver.say(
        "response.create",
        response={"modalities": ["text"], "tools": [{"type": "function", "name": "f"}]},
    )
    driver.wait(10.0)
    details = driver.last("response.done")["response"]["usage"]["output_token_details"]
    assert details == {
        "text_tokens": -(-len("Wait." + arguments) // 4),
        "audio_tokens": 0,
        "reasoning_tokens": 0,
    }


def test_a_response_that_begins_has_used_nothing() -> None:
    driver = ConversationDriver()
    [created] = driver.say("response.create")
    assert created["response"]["usage"]["total_tokens"] == 0
