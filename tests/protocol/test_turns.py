"""Manual turns, typed turns and the waiting for a running answer (protocol.md 15.3, 15.4)."""

import pytest
from voicelive_tui.protocol.commands import Send

from tests.support.conversations import VAD, Heard, Table, brief, sent

MANUAL = {"turn_detection": None}


def test_a_typed_message_asks_for_an_answer() -> None:
    table = Table()
    commands = table.talk.send_text("Hello", table.now)
    assert brief(commands) == ["conversation.item.create", "response.create"]
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
    assert sent(commands, "conversation.item.create") == [{"item": item}]


def test_an_empty_message_is_none() -> None:
    assert Table().talk.send_text("  \n", 0) == ()


def test_the_answer_to_a_message_waits_for_the_running_one() -> None:
    table = Table()
    table.answering()
    assert brief(table.talk.send_text("And then?", table.now)) == ["conversation.item.create"]
    table.audio_done()
    assert brief(table.done()) == ["response.create"]


def test_two_messages_during_an_answer_are_answered_once() -> None:
    table = Table()
    table.talk.send_text("One", table.now)
    assert brief(table.talk.send_text("Two", table.now)) == ["conversation.item.create"]
    assert brief(table.talk.send_text("Three", table.now)) == ["conversation.item.create"]
    table.created()
    assert brief(table.done()) == ["response.create"]
    table.created("resp_2")
    assert table.done("resp_2") == ()


def test_a_refused_answer_is_asked_for_again_when_the_other_is_done() -> None:
    table = Table()
    create = table.talk.send_text("Hello", table.now)[-1]
    assert isinstance(create, Send)
    assert table.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    table.created("resp_of_the_service")
    assert brief(table.done("resp_of_the_service")) == ["response.create"]


def test_an_answer_refused_for_another_reason_is_told_and_does_not_block() -> None:
    table = Table()
    create = table.talk.send_text("Hello", table.now)[-1]
    assert isinstance(create, Send)
    assert brief(table.error(create.event["event_id"], "quota")) == [("notice", "error")]
    assert brief(table.talk.send_text("Again", table.now)) == ["conversation.item.create", "response.create"]


def test_the_microphone_of_a_manual_session_is_closed_between_turns() -> None:
    table = Table(MANUAL)
    assert table.talk.manual
    assert table.talk.microphone(bytes(960), table.now) == ()
    table.talk.talk(True, table.now)
    assert brief(table.talk.microphone(bytes(960), table.now)) == ["input_audio_buffer.append"]


def test_a_manual_turn() -> None:
    table = Table(MANUAL)
    assert brief(table.talk.talk(True, table.now)) == ["input_audio_buffer.clear"]
    assert table.talk.talking
    table.talk.microphone(bytes(960), table.now)
    assert brief(table.talk.talk(False, table.now)) == ["input_audio_buffer.commit", "response.create"]
    assert not table.talk.talking


def test_a_manual_turn_over_the_assistantstops_it() -> None:
    table = Table(MANUAL)
    table.answering()
    assert brief(table.talk.talk(True, table.now)) == [("flush", "user"), "response.cancel", "input_audio_buffer.clear"]
    assert sent(table.flushed(Heard("item_a", 0, 77)), "conversation.item.truncate")[0]["audio_end_ms"] == 77


def test_a_manual_turn_waits_for_the_cancelled_answers_end() -> None:
    table = Table(MANUAL)
    table.answering()
    table.talk.talk(True, table.now)
    table.talk.microphone(bytes(960), table.now)
    assert brief(table.talk.talk(False, table.now)) == ["input_audio_buffer.commit"]
    assert brief(table.done(status="cancelled", type="cancelled", reason="client_cancelled")) == ["response.create"]


def test_a_manual_turn_without_a_sound_commits_nothing() -> None:
    table = Table(MANUAL)
    table.talk.talk(True, table.now)
    assert brief(table.talk.talk(False, table.now)) == [("notice", "warning")]


def test_an_open_turn_ends_with_going_off_air() -> None:
    table = Table(MANUAL)
    table.talk.talk(True, table.now)
    table.talk.microphone(bytes(960), table.now)
    assert brief(table.talk.off_air(table.now)) == ["input_audio_buffer.clear"]
    assert not table.talk.talking


def test_talk_with_detection_on_says_that_it_is_not_needed() -> None:
    assert brief(Table().talk.talk(True, 0)) == [("notice", "info")]


def test_a_service_that_does_not_answer_by_itself_is_asked_by_talk() -> None:
    table = Table({"turn_detection": {**VAD, "create_response": False}})
    assert brief(table.service("input_audio_buffer.committed", item_id="item_u")) == [("notice", "info")]
    assert table.service("input_audio_buffer.committed", item_id="item_v") == ()
    assert brief(table.talk.talk(True, table.now)) == ["response.create"]


@pytest.mark.parametrize("reported", [None, {"type": "none"}])
def test_what_the_service_reports_decides_whether_turns_are_manual(reported: object) -> None:
    table = Table({"turn_detection": VAD}, settled=False)
    assert not table.talk.manual
    table.service("session.updated", session={"turn_detection": reported})
    assert table.talk.manual


def test_interrupting_silence_says_so() -> None:
    assert brief(Table().talk.interrupt(0)) == [("notice", "info")]


def test_a_second_interrupt_cancels_nothing_twice() -> None:
    table = Table()
    table.answering()
    table.talk.interrupt(table.now)
    assert table.talk.interrupt(table.now) == ()


def test_an_answer_stopped_before_it_began_is_cancelled_when_it_begins() -> None:
    table = Table()
    table.talk.send_text("Hello", table.now)
    assert table.talk.interrupt(table.now) == ()
    assert brief(table.created()) == ["response.cancel"]
    assert table.audio(100) == ()


def test_a_done_answer_that_still_sounds_is_silenced_without_cancel() -> None:
    table = Table()
    table.answering()
    table.audio_done()
    table.done()
    assert brief(table.talk.interrupt(table.now)) == [("flush", "user")]


def test_event_ids_are_unique() -> None:
    table = Table()
    commands = [
        *table.first,
        *table.talk.send_text("a", 0),
        *table.talk.microphone(bytes(960), 0),
        *table.talk.microphone(bytes(960), 0),
    ]
    ids = [command.event["event_id"] for command in commands if isinstance(command, Send)]
    assert len(ids) == len(set(ids)) == 5


def test_the_service_was_faster_and_says_so_first() -> None:
    # Its own answer begins, then the refusal of ours arrives: the order in which a service sends them.
    table = Table()
    create = table.talk.send_text("Hello", table.now)[-1]
    assert isinstance(create, Send)
    table.created("resp_of_the_service")
    assert table.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    assert brief(table.done("resp_of_the_service")) == ["response.create"]


def test_an_answer_that_was_stopped_before_it_was_refused_is_not_asked_for_again() -> None:
    table = Table()
    create = table.talk.send_text("Hello", table.now)[-1]
    assert isinstance(create, Send)
    table.talk.interrupt(table.now)
    assert table.error(create.event["event_id"], "conversation_already_has_active_response") == ()
    assert brief(table.created("resp_of_the_service")) == ["response.cancel"]
    assert table.done("resp_of_the_service", status="cancelled") == ()


def test_a_response_done_that_names_no_response_ends_the_sound_of_what_runs() -> None:
    table = Table()
    table.answering(100)
    assert brief(table.service("response.done")) == [("end", "item_a", 0)]
    table.heard(played_ms=100)
    assert not table.talk.turn_open(table.now)


def test_the_end_of_another_response_ends_no_sound() -> None:
    table = Table()
    table.created("resp_0")
    table.answering(100)
    assert brief(table.done("resp_0")) == []
