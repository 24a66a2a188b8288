"""Barge-in as described in protocol.md 15.5."""

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, Heard, brief, sent


def test_speech_started_silences_the_assistant_at_once_and_nothing_else() -> None:
    harness = ConversationHarness()
    harness.answering()
    assert brief(harness.speech_started()) == [("flush", "barge_in")]
    assert not harness.conversation.assistant_speaking(harness.now)
    assert harness.conversation.user_speaking


def test_late_audio_of_the_interrupted_answer_is_dropped() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.speech_started()
    assert harness.audio(200) == ()
    assert harness.audio(200, item="item_b") == ()
    assert harness.audio_done() == ()


def test_the_next_answer_is_played() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.speech_started()
    harness.flushed(Heard("item_a", 0, 400))
    harness.done(status="cancelled", type="cancelled", reason="turn_detected")
    harness.created("resp_2")
    assert brief(harness.audio(20, item="item_b", response="resp_2")) == [
        ("play", "item_b", 0, 960)
    ]


def test_the_service_is_told_what_was_heard() -> None:
    harness = ConversationHarness()
    harness.answering(1000)
    harness.speech_started()
    commands = harness.flushed(Heard("item_a", 0, 412))
    assert sent(commands, "conversation.item.truncate") == [
        {"item_id": "item_a", "content_index": 0, "audio_end_ms": 412}
    ]


def test_never_more_is_truncated_than_was_received() -> None:
    harness = ConversationHarness()
    harness.answering(100)
    harness.speech_started()
    commands = harness.flushed(Heard("item_a", 0, 131))
    assert sent(commands, "conversation.item.truncate")[0]["audio_end_ms"] == 100


def test_an_answer_heard_to_its_end_is_not_truncated() -> None:
    harness = ConversationHarness()
    harness.answering(300)
    harness.audio_done()
    harness.done()
    assert brief(harness.speech_started()) == [("flush", "barge_in")]
    assert harness.flushed(Heard("item_a", 0, 300)) == ()


def test_an_answer_that_was_received_whole_but_not_heard_whole_is_truncated() -> None:
    harness = ConversationHarness()
    harness.answering(300)
    harness.audio_done()
    harness.done()
    harness.speech_started()
    assert (
        sent(harness.flushed(Heard("item_a", 0, 120)), "conversation.item.truncate")[0][
            "audio_end_ms"
        ]
        == 120
    )


def test_audio_done_of_an_interruption_is_not_the_answers_end() -> None:
    # The service closes an interrupted item with the same events as a finished one.
    harness = ConversationHarness()
    harness.answering(300)
    harness.speech_started()
    harness.audio_done()
    assert (
        sent(harness.flushed(Heard("item_a", 0, 300)), "conversation.item.truncate")[0][
            "audio_end_ms"
        ]
        == 300
    )


def test_with_auto_truncate_in_force_nothing_is_sent() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "auto_truncate": True}})
    harness.answering()
    assert brief(harness.speech_started()) == [("flush", "barge_in")]
    assert harness.flushed(Heard("item_a", 0, 412)) == ()


def test_auto_truncate_that_the_service_did_not_take_over_is_not_in_force() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "auto_truncate": True}}, settled=False)
    harness.service("session.updated", session={"turn_detection": {**VAD, "auto_truncate": False}})
    harness.answering()
    harness.speech_started()
    assert brief(harness.flushed(Heard("item_a", 0, 412))) == ["conversation.item.truncate"]


def test_without_interrupt_response_the_assistant_keeps_talking() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "interrupt_response": False}})
    harness.answering()
    assert harness.speech_started() == ()
    assert brief(harness.audio(20)) == [("play", "item_a", 0, 960)]
    assert harness.conversation.assistant_speaking(harness.now)


def test_without_interrupt_response_the_user_can_stop_it() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "interrupt_response": False}})
    harness.answering()
    commands = harness.conversation.interrupt(harness.now)
    assert brief(commands) == [("flush", "user"), "response.cancel"]
    assert sent(commands, "response.cancel") == [{"response_id": "resp_1"}]
    assert brief(harness.flushed(Heard("item_a", 0, 5))) == ["conversation.item.truncate"]


def test_speech_without_an_answer_flushes_nothing() -> None:
    harness = ConversationHarness()
    assert harness.speech_started() == ()


def test_an_answer_still_without_sound_is_dropped_too() -> None:
    harness = ConversationHarness()
    harness.created()
    assert harness.speech_started() == ()
    assert harness.audio(100) == ()


def test_two_answers_waiting_are_both_truncated() -> None:
    harness = ConversationHarness()
    harness.answering(500)
    harness.audio_done()
    harness.done()
    harness.created("resp_2")
    harness.audio(500, item="item_b", response="resp_2")
    harness.speech_started()
    commands = harness.flushed(Heard("item_a", 0, 250), Heard("item_b", 0, 0))
    assert [event["audio_end_ms"] for event in sent(commands, "conversation.item.truncate")] == [
        250,
        0,
    ]


def test_the_flush_decides_the_truncation_even_if_the_settings_change_before_its_answer() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.speech_started()
    harness.service("session.updated", session={"turn_detection": {**VAD, "auto_truncate": True}})
    assert brief(harness.flushed(Heard("item_a", 0, 9))) == ["conversation.item.truncate"]


def test_an_unknown_part_in_the_speakers_answer_is_left_alone() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.speech_started()
    assert harness.flushed(Heard("item_of_another_session", 0, 9)) == ()


def test_going_off_air_is_no_interruption() -> None:
    harness = ConversationHarness()
    harness.answering()
    assert brief(harness.conversation.off_air()) == [("flush", "off_air")]
    assert harness.flushed(Heard("item_a", 0, 300)) == ()
    # A part that was cut off does not resume in the middle; the next one is heard.
    harness.conversation.audible()
    assert harness.audio(20) == ()
    assert brief(harness.audio(20, item="item_b")) == [("play", "item_b", 0, 960)]


def test_off_air_the_assistantspeaks_for_as_long_as_it_would() -> None:
    harness = ConversationHarness(audible=False)
    harness.created()
    assert harness.audio(1000) == ()
    assert harness.conversation.assistant_speaking(harness.now + 0.9)
    assert not harness.conversation.assistant_speaking(harness.now + 1.1)
    assert harness.conversation.due_s == harness.now + 1.0
    harness.audio(500)
    assert harness.conversation.due_s == harness.now + 1.5


def test_off_air_an_interrupted_assistant_speaks_no_more() -> None:
    harness = ConversationHarness(audible=False)
    harness.created()
    harness.audio(1000)
    harness.conversation.interrupt(harness.now)
    assert not harness.conversation.assistant_speaking(harness.now)
    assert harness.conversation.due_s is None


def test_two_interruptions_before_the_speaker_answers_the_first() -> None:
    harness = ConversationHarness()
    harness.answering(1000)
    assert brief(harness.speech_started()) == [("flush", "barge_in")]
    harness.done(status="cancelled", type="cancelled", reason="turn_detected")
    harness.created("resp_2")
    harness.audio(500, item="item_b", response="resp_2")
    assert brief(harness.speech_started()) == [("flush", "barge_in")]
    assert harness.audio(100) == () and harness.audio(100, item="item_b", response="resp_2") == ()
    first, second = harness.flushed(Heard("item_a", 0, 412)), harness.flushed(Heard("item_b", 0, 0))
    assert [
        (end["item_id"], end["audio_end_ms"])
        for end in sent(first + second, "conversation.item.truncate")
    ] == [
        ("item_a", 412),
        ("item_b", 0),
    ]


def test_an_interruption_right_after_the_air_was_lost_truncates_nothing() -> None:
    harness = ConversationHarness()
    harness.answering(1000)
    assert brief(harness.conversation.off_air()) == [("flush", "off_air")]
    assert harness.speech_started() == ()
    assert harness.flushed(Heard("item_a", 0, 412)) == ()
    assert harness.audio(100) == ()
