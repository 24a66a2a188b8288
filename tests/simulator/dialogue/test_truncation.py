"""Truncation requested by the client."""

import base64

from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S

from tests.simulator.support.conversation_driver import ConversationDriver, error_in


def test_truncate_cuts_at_what_was_sent_and_refuses_more() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    driver.wait(10.0)
    item_id = driver.last("response.output_item.done")["item"]["id"]
    audio_ms = (
        sum(
            len(base64.b64decode(e["delta"]))
            for e in driver.events
            if e["type"] == "response.audio.delta"
        )
        // 48
    )
    mine = driver.type_text("mine")
    for asked, param in (
        ({"audio_end_ms": audio_ms + 1}, "audio_end_ms"),
        ({"audio_end_ms": 1, "item_id": "item_no"}, "item_id"),
        ({"audio_end_ms": 1, "content_index": 1}, "content_index"),
        ({}, "audio_end_ms"),
        ({"audio_end_ms": 0, "item_id": mine}, "item_id"),
    ):
        ask = {"item_id": item_id, "content_index": 0, **asked}
        assert error_in(driver.say("conversation.item.truncate", **ask))["param"] == param
    ask = {"item_id": item_id, "content_index": 0, "audio_end_ms": audio_ms}
    [truncated] = driver.say("conversation.item.truncate", **ask)
    assert truncated["audio_end_ms"] == audio_ms


def test_a_truncation_outlives_the_response_that_still_runs() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.5)
    item_id = driver.last("response.audio.delta")["item_id"]
    driver.say("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=300)
    [kept] = driver.say("conversation.item.retrieve", item_id=item_id)
    driver.wait(10.0)
    [later] = driver.say("conversation.item.retrieve", item_id=item_id)
    assert later["item"]["content"] == kept["item"]["content"]
    assert later["item"]["status"] == "completed"
