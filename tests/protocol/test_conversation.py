"""Events that a conversation ignores, and a conversation without audio."""

from base64 import b64decode
from typing import Any

import pytest

from tests.protocol.support.conversation_harness import ConversationHarness


def test_a_session_of_text_only() -> None:
    harness = ConversationHarness({"modalities": ["text"]})
    harness.conversation.send_text("Hello", harness.now)
    harness.created()
    assert (
        harness.service(
            "response.text.delta",
            response_id="resp_1",
            item_id="item_a",
            content_index=0,
            delta="Hi",
        )
        == ()
    )
    assert harness.done() == ()
    assert not harness.conversation.assistant_speaking(harness.now)


@pytest.mark.parametrize(
    "event",
    [{"type": "response.hologram.delta", "delta": 1}, {"type": "x"}, {"type": "response.done"}],
)
def test_unknown_and_odd_events_change_nothing(event: dict[str, Any]) -> None:
    harness = ConversationHarness()
    assert harness.receive(event) == ()


def test_events_with_fields_of_the_wrong_kind_do_no_harm() -> None:
    harness = ConversationHarness()
    odd: list[Any] = [None, 7, "text", [], {}, {"id": 7}]
    types = [
        "session.created",
        "session.updated",
        "response.created",
        "response.done",
        "response.audio.delta",
        "warning",
    ]
    types += [
        "response.audio.done",
        "response.output_item.added",
        "response.output_item.done",
        "conversation.item.created",
    ]
    for kind in types:
        for value in odd:
            fields = dict.fromkeys(
                ("session", "response", "delta", "item", "item_id", "content_index", "warning"),
                value,
            )
            harness.receive({"type": kind, **fields})
    assert harness.conversation.microphone(bytes(960), harness.now) != ()


def test_a_microphone_block_is_sent_with_its_bytes_beside_their_base64() -> None:
    harness = ConversationHarness()
    block = bytes(range(240)) * 4
    (send,) = harness.conversation.microphone(block, harness.now)
    assert send.audio == block == b64decode(send.event["audio"])
