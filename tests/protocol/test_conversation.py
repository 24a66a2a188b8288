"""What a conversation ignores, and one without sound."""

from typing import Any

import pytest

from tests.support.conversations import Table


def test_a_session_of_text_only() -> None:
    table = Table({"modalities": ["text"]})
    table.talk.send_text("Hello", table.now)
    table.created()
    assert table.service("response.text.delta", response_id="resp_1", item_id="item_a", content_index=0, delta="Hi") == ()
    assert table.done() == ()
    assert not table.talk.assistant_speaking(table.now)


@pytest.mark.parametrize("event", [{"type": "response.hologram.delta", "delta": 1}, {"type": "x"}, {"type": "response.done"}])
def test_unknown_and_odd_events_change_nothing(event: dict[str, Any]) -> None:
    table = Table()
    assert table.talk.receive(event, table.now) == ()


def test_events_with_fields_of_the_wrong_kind_do_no_harm() -> None:
    table = Table()
    odd: list[Any] = [None, 7, "text", [], {}, {"id": 7}]
    types = ["session.created", "session.updated", "response.created", "response.done", "response.audio.delta", "warning"]
    types += ["response.audio.done", "response.output_item.added", "response.output_item.done", "conversation.item.created"]
    for kind in types:
        for value in odd:
            fields = dict.fromkeys(("session", "response", "delta", "item", "item_id", "content_index", "warning"), value)
            table.talk.receive({"type": kind, **fields}, table.now)
    assert table.talk.microphone(bytes(960), table.now) != ()
