"""Text streamed into an item: input_text.delta and .done, and their bounds."""

from typing import Any

import pytest
from voicelive_simulator.dialogue.state.input_text import MOST_CHARS, MOST_OPEN, MOST_PARTS

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in
from tests.simulator.support.retained_memory import retained_bytes


def delta(
    driver: ConversationDriver, text: str, item_id: str | None = "mine", **more: Any
) -> list[JSON]:
    return driver.say("input_text.delta", id=item_id, delta=text, **more)


def test_the_pieces_become_one_message_that_is_answered_like_a_typed_one() -> None:
    driver = ConversationDriver()
    assert delta(driver, "are you") == [] and delta(driver, " there") == [], "no reply, like audio"
    [created] = driver.say("input_text.done", id="mine")
    assert created["type"] == "conversation.item.created" and created["previous_item_id"] is None
    assert created["item"] == {
        "id": "mine",
        "object": "realtime.item",
        "type": "message",
        "status": "completed",
        "role": "user",
        "content": [{"type": "input_text", "text": "are you there"}],
    }
    assert driver.wait(5.0) == [], "nothing is answered before response.create"
    driver.say("response.create", response={"modalities": ["text"]})
    driver.wait(10.0)
    assert "are you there" in driver.last("response.text.done")["text"]


def test_texts_may_be_streamed_side_by_side() -> None:
    driver = ConversationDriver()
    for item_id, text in (("a", "one "), ("b", "other"), ("a", "two")):
        delta(driver, text, item_id)
    [second] = driver.say("input_text.done", id="b")
    [first] = driver.say("input_text.done", id="a")
    assert second["item"]["content"][0]["text"] == "other"
    assert (first["item"]["content"][0]["text"], first["previous_item_id"]) == ("one two", "b")


def test_a_message_with_several_parts_is_complete_when_all_are() -> None:
    driver = ConversationDriver()
    delta(driver, "first", content_index=0)
    delta(driver, "second", content_index=1)
    delta(driver, " part", content_index=0)
    assert driver.say("input_text.done", id="mine", content_index=0) == []
    assert error_in(delta(driver, "late", content_index=0))["param"] == "content_index"
    [created] = driver.say("input_text.done", id="mine", content_index=1)
    assert [part["text"] for part in created["item"]["content"]] == ["first part", "second"]


@pytest.mark.parametrize(
    ("kind", "fields", "param"),
    [
        ("input_text.done", {"id": "never begun"}, "id"),
        ("input_text.done", {"id": "open", "content_index": 1}, "content_index"),
        ("input_text.done", {"id": "open", "content_index": -1}, "content_index"),
        ("input_text.done", {}, "id"),
        ("input_text.delta", {"delta": "x"}, "id"),
        ("input_text.delta", {"id": "", "delta": "x"}, "id"),
        ("input_text.delta", {"id": "x" * 65, "delta": "x"}, "id"),
        ("input_text.delta", {"id": "open"}, "delta"),
        ("input_text.delta", {"id": "open", "delta": 5}, "delta"),
        ("input_text.delta", {"id": "open", "delta": "x", "content_index": 2}, "content_index"),
        ("input_text.delta", {"id": "new", "delta": "x", "content_index": 1}, "content_index"),
        ("input_text.delta", {"id": "typed", "delta": "x"}, "id"),
        ("input_text.delta", {"id": "root", "delta": "x"}, "id"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, fields: JSON, param: str) -> None:
    driver = ConversationDriver()
    delta(driver, "x", "open")
    message = {
        "id": "typed",
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "x"}],
    }
    driver.say("conversation.item.create", item=message)
    assert error_in(driver.say(kind, **fields))["param"] == param
    [created] = driver.say("input_text.done", id="open")
    assert created["item"]["content"][0]["text"] == "x", "the open text is as it was"


def test_an_item_that_took_the_id_meanwhile_keeps_it() -> None:
    driver = ConversationDriver()
    delta(driver, "x")
    message = {"id": "mine", "type": "message", "role": "user", "content": []}
    driver.say("conversation.item.create", item=message)
    assert error_in(driver.say("input_text.done", id="mine"))["param"] == "item.id"


def test_open_texts_are_bounded_in_number_parts_and_length() -> None:
    driver = ConversationDriver()
    for n in range(MOST_OPEN):
        assert delta(driver, "x", str(n)) == []
    assert "input_text.done" in error_in(delta(driver, "x", "one more"))["message"]
    assert delta(driver, "y" * (MOST_CHARS - 1), "0") == []
    assert error_in(delta(driver, "z", "0"))["param"] == "delta"
    for n in range(1, MOST_PARTS):
        assert delta(driver, "", "1", content_index=n) == []
    assert error_in(delta(driver, "", "1", content_index=MOST_PARTS))["param"] == "content_index"
    driver.say("input_text.done", id="2")
    assert delta(driver, "x", "one more") == []


def test_the_preview_that_brought_it_has_no_id_and_older_versions_have_no_such_event() -> None:
    driver = ConversationDriver(api_version="2026-06-01-preview")
    assert (
        driver.say("input_text.delta", delta="no ")
        == driver.say("input_text.delta", delta="name", id=None)
        == []
    )
    [created] = driver.say("input_text.done")
    assert (
        created["item"]["id"].startswith("item_")
        and created["item"]["content"][0]["text"] == "no name"
    )
    error = error_in(
        ConversationDriver(api_version="2026-04-10").say("input_text.delta", id="a", delta="x")
    )
    assert error["param"] == "type" and "input_text" not in error["message"].split("Supported")[1]


def test_deltas_without_text_hold_nothing() -> None:
    driver = ConversationDriver()
    delta(driver, "")
    before = retained_bytes(driver.conversation)
    for _ in range(1000):
        delta(driver, "")
    assert retained_bytes(driver.conversation) - before < 1000
    [created] = driver.say("input_text.done", id="mine")
    assert created["item"]["content"][0]["text"] == ""
