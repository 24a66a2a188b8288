"""Manual turns, typed turns, and waiting for a running response (protocol.md 15.3, 15.4)."""

import pytest
from voicelive_tui.protocol.commands import Send, SendAudio, SpeakFile

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, Heard, brief, sent

MANUAL = {"turn_detection": None}


def test_a_typed_message_asks_for_an_answer() -> None:
    harness = ConversationHarness()
    commands = harness.conversation.send_text("Hello", harness.now)
    assert brief(commands) == ["conversation.item.create", "response.create"]
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
    assert sent(commands, "conversation.item.create") == [{"item": item}]


def test_an_empty_message_is_none() -> None:
    assert ConversationHarness().conversation.send_text("  \n", 0.0) == ()


def test_a_refused_answer_is_asked_for_again_when_the_other_is_done() -> None:
    harness = ConversationHarness()
    create = harness.conversation.send_text("Hello", harness.now)[-1]
    assert isinstance(create, Send)
    assert harness.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    harness.created("resp_of_the_service")
    assert brief(harness.done("resp_of_the_service")) == ["response.create"]


def test_an_answer_refused_for_another_reason_is_told_and_does_not_block() -> None:
    harness = ConversationHarness()
    create = harness.conversation.send_text("Hello", harness.now)[-1]
    assert isinstance(create, Send)
    assert brief(harness.error(create.event["event_id"], "quota")) == [("notice", "error")]
    assert brief(harness.conversation.send_text("Again", harness.now)) == [
        "conversation.item.create",
        "response.create",
    ]


def test_the_microphone_of_a_manual_session_is_closed_between_turns() -> None:
    harness = ConversationHarness(MANUAL)
    assert harness.conversation.manual
    assert harness.conversation.microphone(bytes(960), harness.now) == ()
    harness.conversation.toggle_talk()
    assert brief(harness.conversation.microphone(bytes(960), harness.now)) == [
        "input_audio_buffer.append"
    ]


def test_a_manual_turn() -> None:
    harness = ConversationHarness(MANUAL)
    assert brief(harness.conversation.toggle_talk()) == ["input_audio_buffer.clear"]
    assert harness.conversation.talking
    harness.conversation.microphone(bytes(960), harness.now)
    assert brief(harness.conversation.toggle_talk()) == [
        "input_audio_buffer.commit",
        "response.create",
    ]
    assert not harness.conversation.talking


def test_a_manual_turn_over_the_assistantstops_it() -> None:
    harness = ConversationHarness(MANUAL)
    harness.answering()
    assert brief(harness.conversation.toggle_talk()) == [
        ("flush", "user"),
        "response.cancel",
        "input_audio_buffer.clear",
    ]
    assert (
        sent(harness.flushed(Heard("item_a", 0, 77)), "conversation.item.truncate")[0][
            "audio_end_ms"
        ]
        == 77
    )


def test_a_manual_turn_waits_for_the_cancelled_answers_end() -> None:
    harness = ConversationHarness(MANUAL)
    harness.answering()
    harness.conversation.toggle_talk()
    harness.conversation.microphone(bytes(960), harness.now)
    assert brief(harness.conversation.toggle_talk()) == ["input_audio_buffer.commit"]
    assert brief(harness.done(status="cancelled", type="cancelled", reason="client_cancelled")) == [
        "response.create"
    ]


def test_a_manual_turn_without_a_sound_commits_nothing() -> None:
    harness = ConversationHarness(MANUAL)
    harness.conversation.toggle_talk()
    assert brief(harness.conversation.toggle_talk()) == [("notice", "warning")]


def test_an_open_turn_ends_with_going_off_air() -> None:
    harness = ConversationHarness(MANUAL)
    harness.conversation.toggle_talk()
    harness.conversation.microphone(bytes(960), harness.now)
    assert brief(harness.conversation.off_air()) == ["input_audio_buffer.clear"]
    assert not harness.conversation.talking


def test_talk_with_detection_on_says_that_it_is_not_needed() -> None:
    assert brief(ConversationHarness().conversation.toggle_talk()) == [("notice", "info")]


def test_a_service_that_does_not_answer_by_itself_is_asked_by_talk() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "create_response": False}})
    assert brief(harness.service("input_audio_buffer.committed", item_id="item_u")) == [
        ("notice", "info")
    ]
    assert harness.service("input_audio_buffer.committed", item_id="item_v") == ()
    assert brief(harness.conversation.toggle_talk()) == ["response.create"]


@pytest.mark.parametrize("reported", [None, {"type": "none"}])
def test_what_the_service_reports_decides_whether_turns_are_manual(reported: object) -> None:
    harness = ConversationHarness({"turn_detection": VAD}, settled=False)
    assert not harness.conversation.manual
    harness.service("session.updated", session={"turn_detection": reported})
    assert harness.conversation.manual


def test_interrupting_silence_says_so() -> None:
    assert brief(ConversationHarness().conversation.interrupt(0)) == [("notice", "info")]


def test_a_second_interrupt_cancels_nothing_twice() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.conversation.interrupt(harness.now)
    assert harness.conversation.interrupt(harness.now) == ()


def test_an_answer_stopped_before_it_began_is_cancelled_when_it_begins() -> None:
    harness = ConversationHarness()
    harness.conversation.send_text("Hello", harness.now)
    assert harness.conversation.interrupt(harness.now) == ()
    assert brief(harness.created()) == ["response.cancel"]
    assert harness.audio(100) == ()


def test_a_done_answer_that_still_sounds_is_silenced_without_cancel() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.audio_done()
    harness.done()
    assert brief(harness.conversation.interrupt(harness.now)) == [("flush", "user")]


def test_event_ids_are_unique() -> None:
    harness = ConversationHarness()
    commands = [
        *harness.first,
        *harness.conversation.send_text("a", harness.now),
        *harness.conversation.microphone(bytes(960), 0),
        *harness.conversation.microphone(bytes(960), 0),
    ]
    ids = [
        command.event["event_id"] for command in commands if isinstance(command, Send | SendAudio)
    ]
    assert len(ids) == len(set(ids)) == 5


def test_the_service_was_faster_and_says_so_first() -> None:
    # The service's own response begins, then the refusal of the client's arrives: the order in
    # which a service sends them.
    harness = ConversationHarness()
    create = harness.conversation.send_text("Hello", harness.now)[-1]
    assert isinstance(create, Send)
    harness.created("resp_of_the_service")
    assert harness.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    assert brief(harness.done("resp_of_the_service")) == ["response.create"]


def test_an_answer_that_was_stopped_before_it_was_refused_is_not_asked_for_again() -> None:
    harness = ConversationHarness()
    create = harness.conversation.send_text("Hello", harness.now)[-1]
    assert isinstance(create, Send)
    harness.conversation.interrupt(harness.now)
    assert harness.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    assert brief(harness.created("resp_of_the_service")) == ["response.cancel"]
    assert harness.done("resp_of_the_service", status="cancelled") == ()


def test_a_response_done_that_names_no_response_ends_the_sound_of_what_runs() -> None:
    harness = ConversationHarness()
    harness.answering(100)
    assert brief(harness.service("response.done")) == [("end", "item_a", 0)]
    harness.heard(played_ms=100)
    assert not harness.conversation.turn_open(harness.now)


def test_the_end_of_another_response_ends_no_sound() -> None:
    harness = ConversationHarness()
    harness.created("resp_0")
    harness.answering(100)
    assert brief(harness.done("resp_0")) == []


def test_a_file_is_spoken_at_once_and_again_at_each_press_when_the_service_detects_turns() -> None:
    harness = ConversationHarness()
    assert harness.conversation.file_usable(harness.now) == (SpeakFile(),)
    assert harness.conversation.toggle_talk(file=True) == (SpeakFile(),)
    assert not harness.conversation.talking


def test_a_file_waits_for_a_manual_turn_and_is_spoken_when_it_opens() -> None:
    harness = ConversationHarness({"turn_detection": None})
    assert harness.conversation.file_usable(harness.now) == ()
    assert harness.conversation.toggle_talk(file=True)[-1] == SpeakFile()
    harness.conversation.microphone(bytes(960), harness.now)
    assert SpeakFile() not in harness.conversation.toggle_talk(file=True)
    assert not harness.conversation.talking
