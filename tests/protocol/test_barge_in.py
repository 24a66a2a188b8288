"""Barge-in as protocol.md 15.5 and the issue's item 5 ask for it."""

from tests.support.conversations import VAD, Heard, Table, brief, sent


def test_speech_started_silences_the_assistant_at_once_and_nothing_else() -> None:
    table = Table()
    table.answering()
    assert brief(table.speech_started()) == [("flush", "barge_in")]
    assert not table.talk.assistant_speaking(table.now)
    assert table.talk.user_speaking


def test_late_audio_of_the_interrupted_answer_is_dropped() -> None:
    table = Table()
    table.answering()
    table.speech_started()
    assert table.audio(200) == ()
    assert table.audio(200, item="item_b") == ()
    assert table.audio_done() == ()


def test_the_next_answer_is_played() -> None:
    table = Table()
    table.answering()
    table.speech_started()
    table.flushed(Heard("item_a", 0, 400))
    table.done(status="cancelled", type="cancelled", reason="turn_detected")
    table.created("resp_2")
    assert brief(table.audio(20, item="item_b", response="resp_2")) == [("play", "item_b", 0, 960)]


def test_the_service_is_told_what_was_heard() -> None:
    table = Table()
    table.answering(1000)
    table.speech_started()
    commands = table.flushed(Heard("item_a", 0, 412))
    assert sent(commands, "conversation.item.truncate") == [{"item_id": "item_a", "content_index": 0, "audio_end_ms": 412}]


def test_never_more_is_truncated_than_was_received() -> None:
    table = Table()
    table.answering(100)
    table.speech_started()
    commands = table.flushed(Heard("item_a", 0, 131))
    assert sent(commands, "conversation.item.truncate")[0]["audio_end_ms"] == 100


def test_an_answer_heard_to_its_end_is_not_truncated() -> None:
    table = Table()
    table.answering(300)
    table.audio_done()
    table.done()
    assert brief(table.speech_started()) == [("flush", "barge_in")]
    assert table.flushed(Heard("item_a", 0, 300)) == ()


def test_an_answer_that_was_received_whole_but_not_heard_whole_is_truncated() -> None:
    table = Table()
    table.answering(300)
    table.audio_done()
    table.done()
    table.speech_started()
    assert sent(table.flushed(Heard("item_a", 0, 120)), "conversation.item.truncate")[0]["audio_end_ms"] == 120


def test_audio_done_of_an_interruption_is_not_the_answers_end() -> None:
    # The service closes an interrupted item with the same events as a finished one.
    table = Table()
    table.answering(300)
    table.speech_started()
    table.audio_done()
    assert sent(table.flushed(Heard("item_a", 0, 300)), "conversation.item.truncate")[0]["audio_end_ms"] == 300


def test_with_auto_truncate_in_force_nothing_is_sent() -> None:
    table = Table({"turn_detection": {**VAD, "auto_truncate": True}})
    table.answering()
    assert brief(table.speech_started()) == [("flush", "barge_in")]
    assert table.flushed(Heard("item_a", 0, 412)) == ()


def test_auto_truncate_that_the_service_did_not_take_over_is_not_in_force() -> None:
    table = Table({"turn_detection": {**VAD, "auto_truncate": True}}, settled=False)
    table.service("session.updated", session={"turn_detection": {**VAD, "auto_truncate": False}})
    table.answering()
    table.speech_started()
    assert brief(table.flushed(Heard("item_a", 0, 412))) == ["conversation.item.truncate"]


def test_without_interrupt_response_the_assistant_keeps_talking() -> None:
    table = Table({"turn_detection": {**VAD, "interrupt_response": False}})
    table.answering()
    assert table.speech_started() == ()
    assert brief(table.audio(20)) == [("play", "item_a", 0, 960)]
    assert table.talk.assistant_speaking(table.now)


def test_without_interrupt_response_the_user_can_stop_it() -> None:
    table = Table({"turn_detection": {**VAD, "interrupt_response": False}})
    table.answering()
    commands = table.talk.interrupt(table.now)
    assert brief(commands) == [("flush", "user"), "response.cancel"]
    assert sent(commands, "response.cancel") == [{"response_id": "resp_1"}]
    assert brief(table.flushed(Heard("item_a", 0, 5))) == ["conversation.item.truncate"]


def test_speech_without_an_answer_flushes_nothing() -> None:
    table = Table()
    assert table.speech_started() == ()


def test_an_answer_still_without_sound_is_dropped_too() -> None:
    table = Table()
    table.created()
    assert table.speech_started() == ()
    assert table.audio(100) == ()


def test_two_answers_waiting_are_both_truncated() -> None:
    table = Table()
    table.answering(500)
    table.audio_done()
    table.done()
    table.created("resp_2")
    table.audio(500, item="item_b", response="resp_2")
    table.speech_started()
    commands = table.flushed(Heard("item_a", 0, 250), Heard("item_b", 0, 0))
    assert [event["audio_end_ms"] for event in sent(commands, "conversation.item.truncate")] == [250, 0]


def test_the_flush_decides_the_truncation_even_if_the_settings_change_before_its_answer() -> None:
    table = Table()
    table.answering()
    table.speech_started()
    table.service("session.updated", session={"turn_detection": {**VAD, "auto_truncate": True}})
    assert brief(table.flushed(Heard("item_a", 0, 9))) == ["conversation.item.truncate"]


def test_an_unknown_part_in_the_speakers_answer_is_left_alone() -> None:
    table = Table()
    table.answering()
    table.speech_started()
    assert table.flushed(Heard("item_of_another_session", 0, 9)) == ()


def test_going_off_air_is_no_interruption() -> None:
    table = Table()
    table.answering()
    assert brief(table.talk.off_air(table.now)) == [("flush", "off_air")]
    assert table.flushed(Heard("item_a", 0, 300)) == ()
    # What was cut off does not resume in the middle; what comes next is heard.
    table.talk.audible(table.now)
    assert table.audio(20) == ()
    assert brief(table.audio(20, item="item_b")) == [("play", "item_b", 0, 960)]


def test_off_air_the_assistantspeaks_for_as_long_as_it_would() -> None:
    table = Table(audible=False)
    table.created()
    assert table.audio(1000) == ()
    assert table.talk.assistant_speaking(table.now + 0.9)
    assert not table.talk.assistant_speaking(table.now + 1.1)
    assert table.talk.speaks_until_s(table.now) == table.now + 1.0


def test_two_interruptions_before_the_speaker_answers_the_first() -> None:
    table = Table()
    table.answering(1000)
    assert brief(table.speech_started()) == [("flush", "barge_in")]
    table.done(status="cancelled", type="cancelled", reason="turn_detected")
    table.created("resp_2")
    table.audio(500, item="item_b", response="resp_2")
    assert brief(table.speech_started()) == [("flush", "barge_in")]
    assert table.audio(100) == () and table.audio(100, item="item_b", response="resp_2") == ()
    first, second = table.flushed(Heard("item_a", 0, 412)), table.flushed(Heard("item_b", 0, 0))
    assert [(end["item_id"], end["audio_end_ms"]) for end in sent(first + second, "conversation.item.truncate")] == [
        ("item_a", 412),
        ("item_b", 0),
    ]


def test_an_interruption_right_after_the_air_was_lost_truncates_nothing() -> None:
    table = Table()
    table.answering(1000)
    assert brief(table.talk.off_air(table.now)) == [("flush", "off_air")]
    assert table.speech_started() == ()
    assert table.flushed(Heard("item_a", 0, 412)) == ()
    assert table.audio(100) == ()
