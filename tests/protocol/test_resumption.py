"""A conversation that goes on over a new connection."""

from typing import Any

import pytest
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.transcript.history import PastMessage
from voicelive_tui.protocol.carry_over import carry_over
from voicelive_tui.protocol.commands import Command, RecordCarryOver, Send
from voicelive_tui.protocol.configuration import SETTLE_S
from voicelive_tui.protocol.resumption import agent_conversation

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, brief, sent

HISTORY = [
    PastMessage("u1", "user", ("Hello.",)),
    PastMessage("a1", "assistant", ("Good morning.",)),
]
CARRIED = ["record carry-over", "conversation.item.create", "conversation.item.create"]
CREATED = {"id": "sess_1", "turn_detection": VAD}


def resumed(*, agent: str = "") -> ConversationHarness:
    """A new connection whose service has not answered yet."""
    harness = ConversationHarness(settled=False)
    harness.conversation.resume(carry_over(HISTORY, connection=2), agent_conversation=agent)
    return harness


def updated(harness: ConversationHarness, **session: Any) -> tuple[Command, ...]:
    return harness.service("session.updated", session={"turn_detection": VAD, **session})


def test_the_settings_first_then_the_items_and_nothing_more() -> None:
    harness = resumed()
    assert brief(harness.first) == ["session.update"]
    assert harness.service("session.created", session=CREATED) == ()
    commands = updated(harness)
    assert brief(commands) == CARRIED
    assert commands[0] == RecordCarryOver(carry_over(HISTORY, connection=2).record_fields())
    first, second = sent(commands, "conversation.item.create")
    assert (first["item"]["role"], second["item"]["role"]) == ("user", "assistant")
    assert "previous_item_id" not in first
    assert updated(harness) == ()


def test_refused_settings_do_not_hold_the_items_back() -> None:
    harness = resumed()
    [update] = harness.first
    assert isinstance(update, Send)
    assert brief(harness.error(str(update.event["event_id"])))[1:] == CARRIED


def test_a_service_that_never_answers_the_settings_gets_the_items_all_the_same() -> None:
    harness = resumed()
    assert brief(harness.until(harness.now + SETTLE_S + 1)) == CARRIED


def test_the_items_come_before_a_message_that_is_typed_meanwhile() -> None:
    harness = resumed()
    commands = harness.conversation.send_text("And now?", harness.now)
    assert brief(commands) == [*CARRIED, "conversation.item.create", "response.create"]
    assert sent(commands, "conversation.item.create")[-1]["item"]["content"][0]["text"] == (
        "And now?"
    )
    assert updated(harness) == ()


def test_the_items_come_before_a_request_for_an_answer() -> None:
    harness = resumed()
    assert brief(harness.conversation.request_answer()) == [*CARRIED, "response.create"]


def test_an_answer_that_was_lost_is_requested_without_saying_anything_again() -> None:
    harness = resumed()
    updated(harness)
    assert brief(harness.conversation.request_answer()) == ["response.create"]


def test_the_first_refused_item_is_told_and_the_others_are_not() -> None:
    harness = resumed()
    commands = updated(harness)
    ids = [str(each.event["event_id"]) for each in commands if isinstance(each, Send)]
    [notice] = harness.error(ids[0], message="Too many.")
    assert isinstance(notice, Notice)
    assert notice.text.startswith("The service refused a part of the conversation")
    assert "Too many" in notice.text
    assert harness.error(ids[1]) == ()


def test_a_first_connection_carries_nothing() -> None:
    harness = ConversationHarness()
    assert brief(harness.conversation.send_text("Hello", harness.now)) == [
        "conversation.item.create",
        "response.create",
    ]


class TestAgent:
    @pytest.mark.parametrize("agent", [None, {"thread_id": "conv_1"}])
    def test_an_agent_that_has_the_conversation_gets_no_items(self, agent: Any) -> None:
        harness = resumed(agent="conv_1")
        harness.service("session.created", session={**CREATED, "agent": agent})
        assert updated(harness) == ()

    def test_an_agent_that_began_a_new_conversation_gets_the_items(self) -> None:
        harness = resumed(agent="conv_1")
        session = {**CREATED, "agent": {"thread_id": "conv_2"}}
        harness.service("session.created", session=session)
        assert brief(updated(harness)) == CARRIED

    @pytest.mark.parametrize(
        ("query", "effective", "expected"),
        [
            ({}, {"agent": {"thread_id": "conv_2"}}, ""),
            ({"agent-name": "a"}, {"agent": None}, ""),
            ({"agent-name": "a"}, {"agent": {"thread_id": "conv_2"}}, "conv_2"),
            ({"agent-name": "a", "conversation-id": "conv_1"}, {}, "conv_1"),
            ({"agent-name": "a"}, {"agent": {"thread_id": "c" * 1_000_000}}, ""),
            (
                {"agent-name": "a", "conversation-id": "conv_1"},
                {"agent": {"thread_id": "conv_2"}},
                "conv_2",
            ),
        ],
    )
    def test_the_conversation_to_go_on_with(
        self, query: dict[str, str], effective: dict[str, Any], expected: str
    ) -> None:
        assert agent_conversation(query, effective) == expected
