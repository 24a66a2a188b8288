"""What a response costs, and what is left of the minute."""

import base64

from voicelive_simulator.dialogue.state.script import Call, Reply

from tests.support.scripted_replies import Replies
from tests.support.simulator_talk import JSON, Talk
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_usage_adds_up() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "x" * 400})
    talk.append(TURN)
    talk.wait(15.0)
    usage = talk.last("response.done")["response"]["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    heard_ms = 2000  # 300 ms of padding at most, one second of speech, the silence window
    assert 10 <= usage["input_token_details"]["audio_tokens"] <= heard_ms / 100
    details = usage["output_token_details"]
    assert usage["output_tokens"] == details["text_tokens"] + details["audio_tokens"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    audio_ms = sum(len(base64.b64decode(e["delta"])) for e in talk.events if e["type"] == "response.audio.delta") / 48
    assert details["audio_tokens"] == -(-audio_ms // 50)


def test_rate_limits_count_down_over_a_minute() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(10.0)
    first = talk.last("rate_limits.updated")["rate_limits"][0]
    spent = talk.last("response.done")["response"]["usage"]["total_tokens"]
    assert first["remaining"] == first["limit"] - spent
    talk.wait(61.0)
    talk.say("response.create")
    talk.wait(10.0)
    again = talk.last("rate_limits.updated")["rate_limits"][0]
    assert again["remaining"] == again["limit"] - talk.last("response.done")["response"]["usage"]["total_tokens"]


def turn(talk: Talk, **response: object) -> JSON:
    """Input details of the usage of one more response."""
    talk.say("response.create", response={"modalities": ["text"], **response})
    talk.wait(10.0)
    details = talk.last("response.done")["response"]["usage"]["input_token_details"]
    assert isinstance(details, dict)
    return details


def test_a_beginning_that_was_read_before_counts_as_cached() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "x" * 400, "turn_detection": None})
    talk.append(TURN)
    talk.say("input_audio_buffer.commit")
    first = turn(talk)
    assert first["cached_tokens"] == 0 and first["audio_tokens"] > 0
    second = turn(talk)
    assert second["cached_tokens_details"] == {key: first[key] for key in ("text_tokens", "audio_tokens", "image_tokens")}
    assert (
        second["cached_tokens"] == first["text_tokens"] + first["audio_tokens"] < second["text_tokens"] + second["audio_tokens"]
    )
    talk.say("session.update", session={"instructions": "y" * 400})
    assert turn(talk)["cached_tokens"] == 0, "what comes after another beginning is another prompt"


def test_what_was_deleted_or_cut_is_no_longer_cached_nor_is_what_follows() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "x" * 400})
    items = [talk.type_text(text) for text in ("one" * 20, "two" * 20, "three" * 20)]
    turn(talk)
    talk.say("conversation.item.delete", item_id=items[1])
    assert turn(talk)["cached_tokens"] == 100 + 15


def test_images_count_by_their_detail_and_tools_as_text() -> None:
    talk = Talk()
    for detail in ("low", "high"):
        part = {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": detail}
        talk.say("conversation.item.create", item={"type": "message", "role": "user", "content": [part]})
    details = turn(talk)
    assert details["image_tokens"] == 85 + 765
    tool = {"type": "function", "name": "f", "description": "x" * 400}
    assert turn(talk, tools=[tool], tool_choice="none", input_items=[])["text_tokens"] > 100


def test_arguments_are_output_text() -> None:
    arguments = '{"city": "Rome"}'
    talk = Talk(script=Replies(Reply("Wait.", (Call("f", arguments),))))
    talk.say("response.create", response={"modalities": ["text"], "tools": [{"type": "function", "name": "f"}]})
    talk.wait(10.0)
    details = talk.last("response.done")["response"]["usage"]["output_token_details"]
    assert details == {"text_tokens": -(-len("Wait." + arguments) // 4), "audio_tokens": 0, "reasoning_tokens": 0}


def test_a_response_that_begins_has_used_nothing() -> None:
    talk = Talk()
    [created] = talk.say("response.create")
    assert created["response"]["usage"]["total_tokens"] == 0
