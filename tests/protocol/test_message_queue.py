"""Typed messages that wait: for the end of a response, for the user's speech, for a connection."""

from voicelive_tui.protocol.commands import Command, Send
from voicelive_tui.protocol.expected_response import OVERDUE_AFTER_S
from voicelive_tui.protocol.message_queue import MOST_MESSAGES, MessageQueue
from voicelive_tui.protocol.response_control import UNANSWERED_AFTER_S

from tests.protocol.support.conversation_harness import ConversationHarness, brief, sent

SENT = ["conversation.item.create", "response.create"]


def typed(harness: ConversationHarness, *texts: str) -> tuple[Command, ...]:
    return tuple(
        command for text in texts for command in harness.conversation.send_text(text, harness.now)
    )


def texts_of(commands: tuple[Command, ...]) -> list[str]:
    return [
        event["item"]["content"][0]["text"] for event in sent(commands, "conversation.item.create")
    ]


def waiting(queue: MessageQueue) -> list[str]:
    return [message.text for message in queue.waiting]


def test_four_messages_during_an_answer_get_four_answers_in_order() -> None:
    harness = ConversationHarness()
    harness.answering()
    assert typed(harness, "one", "two", "three", "four") == ()
    harness.audio_done()
    done = harness.done()
    for number, text in enumerate(("one", "two", "three", "four"), start=2):
        assert brief(done) == SENT and texts_of(done) == [text]
        harness.created(f"resp_{number}")
        done = harness.done(f"resp_{number}")
    assert done == ()
    harness.heard()
    assert not harness.conversation.turn_open(harness.now)


def test_a_message_waits_for_the_answer_to_the_one_before() -> None:
    harness = ConversationHarness()
    assert brief(typed(harness, "one", "two")) == SENT
    assert harness.conversation.turn_open(harness.now)
    harness.created()
    assert texts_of(harness.done()) == ["two"]


def test_a_message_whose_request_was_refused_is_answered_before_the_next() -> None:
    harness = ConversationHarness()
    create = typed(harness, "one", "two")[-1]
    assert isinstance(create, Send)
    harness.created("resp_of_the_service")
    assert harness.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    assert brief(harness.done("resp_of_the_service")) == ["response.create"]
    harness.created("resp_2")
    assert texts_of(harness.done("resp_2")) == ["two"]


def test_a_message_goes_on_after_one_that_the_service_refuses_to_answer() -> None:
    harness = ConversationHarness()
    create = typed(harness, "one", "two")[-1]
    assert isinstance(create, Send)
    assert brief(harness.error(create.event["event_id"], "quota")) == [("notice", "error"), *SENT]


def test_x_sends_all_that_wait_at_once_for_one_answer() -> None:
    harness = ConversationHarness()
    harness.answering(100)
    typed(harness, "one", "two")
    commands = harness.conversation.interrupt(harness.now)
    assert brief(commands) == [
        ("flush", "user"),
        "response.cancel",
        "conversation.item.create",
        "conversation.item.create",
    ]
    assert texts_of(commands) == ["one", "two"]
    assert brief(harness.done(status="cancelled")) == ["response.create"]
    harness.created("resp_2")
    assert brief(harness.conversation.interrupt(harness.now)) == ["response.cancel"]
    assert harness.done("resp_2", status="cancelled") == ()


def test_a_message_does_not_answer_for_the_user_who_speaks() -> None:
    harness = ConversationHarness()
    harness.answering()
    typed(harness, "one")
    harness.speech_started()
    assert harness.done(status="cancelled") == ()
    harness.service("input_audio_buffer.speech_stopped", item_id="item_u")
    assert typed(harness, "two") == ()
    harness.created("resp_2")
    assert texts_of(harness.done("resp_2")) == ["one"]


def test_a_message_waits_no_longer_for_an_answer_that_is_overdue() -> None:
    harness = ConversationHarness()
    harness.speech_started()
    harness.service("input_audio_buffer.speech_stopped", item_id="item_u")
    assert typed(harness, "one") == ()
    assert harness.until(harness.now + OVERDUE_AFTER_S - 0.1) == ()
    assert texts_of(harness.until(harness.now + 0.2)) == ["one"]


def test_a_message_does_not_wait_for_ever_for_a_service_that_answers_no_request() -> None:
    harness = ConversationHarness()
    assert brief(typed(harness, "one", "two", "three")) == SENT
    assert harness.until(harness.now + UNANSWERED_AFTER_S - 0.1) == ()
    for text in ("two", "three"):
        commands = harness.until(harness.now + UNANSWERED_AFTER_S)
        assert brief(commands) == [("notice", "warning"), *SENT] and texts_of(commands) == [text]
    harness.created("resp_late")
    assert brief(harness.until(harness.now + 2 * UNANSWERED_AFTER_S)) == []
    assert typed(harness, "four") == ()
    assert texts_of(harness.done("resp_late")) == ["four"]


def test_a_request_that_is_answered_in_time_is_not_given_up() -> None:
    harness = ConversationHarness()
    typed(harness, "one")
    harness.until(harness.now + UNANSWERED_AFTER_S - 0.1)
    harness.created()
    assert harness.until(harness.now + 10 * UNANSWERED_AFTER_S) == ()


def test_a_message_follows_a_manual_turn_in_which_nothing_was_said() -> None:
    harness = ConversationHarness({"turn_detection": None})
    harness.conversation.toggle_talk()
    assert typed(harness, "one") == ()
    assert brief(harness.conversation.toggle_talk()) == [("notice", "warning"), *SENT]


def test_what_waits_is_kept_in_order_and_counted() -> None:
    queue = MessageQueue()
    queue.add("  \n", 1.0)
    assert queue.waiting == ()
    for number in range(MOST_MESSAGES):
        assert not queue.full
        queue.add(str(number), float(number))
    assert queue.full
    before = queue.waiting
    assert queue.waiting is before
    assert queue.take(2) == ("0", "1")
    queue.put_back(["1"], 30.0)
    assert waiting(queue)[:2] == ["1", "2"]
    assert queue.take_all()[-1] == str(MOST_MESSAGES - 1)
    assert queue.waiting == ()
