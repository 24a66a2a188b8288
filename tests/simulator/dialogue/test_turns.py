"""Turns as conversations: spoken, manual and typed, in the order of the service."""

from tests.simulator.support.conversation_driver import DONE_FAMILY, ConversationDriver, error_in
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import runs

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_a_spoken_turn_of_a_cascaded_model_has_the_order_of_the_service() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"instructions": "hello"})
    driver.append(TURN)
    driver.wait(10.0)
    assert runs(
        [
            t
            for t in driver.types()
            if t not in ("response.audio_transcript.delta", "response.audio.delta")
        ]
    ) == [
        "session.created",
        "session.updated",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.created",
        "response.created",
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        *DONE_FAMILY,
    ]
    deltas = [e["type"] for e in driver.events if e["type"].endswith(".delta")]
    assert deltas[0] == "response.audio_transcript.delta"
    assert len(runs(deltas)) > 6, "words and audio are interleaved"
    done = driver.last("response.done")["response"]
    assert done["status"] == "completed" and done["status_details"] is None
    transcript = "".join(
        e["delta"] for e in driver.events if e["type"] == "response.audio_transcript.delta"
    )
    assert (
        transcript
        == driver.last("response.audio_transcript.done")["transcript"]
        == done["output"][0]["content"][0]["transcript"]
    )
    assert "simulator" in transcript and "1.0 seconds" in transcript


def test_the_turn_is_one_item_from_start_to_answer() -> None:
    driver = ConversationDriver()
    driver.append(TURN)
    named = ("speech_started", "speech_stopped", "committed", "completed")
    ids = {e["item_id"] for e in driver.events if e["type"].rsplit(".", 1)[-1] in named}
    assert ids == {driver.last("conversation.item.created")["item"]["id"]}
    driver.wait(1.0)
    assert driver.last("conversation.item.created")["previous_item_id"] == ids.pop()


def test_a_native_model_transcribes_only_when_asked_and_beside_the_response() -> None:
    driver = ConversationDriver("gpt-realtime")
    driver.append(TURN)
    driver.wait(10.0)
    assert "conversation.item.input_audio_transcription.completed" not in driver.types()
    driver = ConversationDriver("gpt-realtime")
    driver.say("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
    driver.append(TURN)
    assert driver.last("conversation.item.created")["item"]["content"][0]["transcript"] is None
    driver.wait(10.0)
    types = driver.types()
    assert types.index("conversation.item.input_audio_transcription.completed") > types.index(
        "response.created"
    )
    assert driver.last("conversation.item.input_audio_transcription.completed")[
        "transcript"
    ].startswith("[speech, 1.0 s,")


def test_ids_and_event_ids_look_like_the_service_s() -> None:
    driver = ConversationDriver()
    driver.append(TURN)
    driver.wait(10.0)
    event_ids = [event["event_id"] for event in driver.events]
    assert len(set(event_ids)) == len(event_ids)
    assert all(len(i) == 28 and i.startswith("event_") for i in event_ids)
    assert driver.events[0]["session"]["id"].startswith("sess_")
    response = driver.last("response.done")["response"]
    assert response["id"].startswith("resp_") and response["conversation_id"].startswith("conv_")


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = ConversationDriver(), ConversationDriver()
    for driver in (first, second):
        driver.append(TURN)
        driver.wait(10.0)
    assert first.events == second.events


def test_manual_turns_generate_nothing_before_response_create() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"turn_detection": None})
    driver.append(TURN)
    assert [e["type"] for e in driver.say("input_audio_buffer.commit")] == [
        "input_audio_buffer.committed",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.created",
    ]
    assert driver.wait(10.0) == []
    assert driver.say("response.create")[0]["type"] == "response.created"


def test_manual_turns_that_are_ignored_are_answered_after_two_seconds_of_silence() -> None:
    driver = ConversationDriver()
    driver.conversation.keep_detecting(True)
    session = driver.say("session.update", session={"turn_detection": None})[-1]["session"]
    assert session["turn_detection"] is None
    driver.append(pcm16(silence(0.5), speech_like(1.0), silence(1.9)))
    assert driver.types()[-1] == "input_audio_buffer.speech_started"
    driver.append(pcm16(silence(0.2)))
    assert "response.created" in driver.types()


def test_manual_turns_count_again_from_the_next_audio_on() -> None:
    driver = ConversationDriver()
    driver.conversation.keep_detecting(True)
    driver.say("session.update", session={"turn_detection": None})
    driver.conversation.keep_detecting(False)
    driver.append(pcm16(silence(0.5), speech_like(1.0), silence(2.5)))
    assert driver.types()[-1] == "session.updated"


def test_an_empty_buffer_cannot_be_committed_and_a_cleared_one_is_empty() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"turn_detection": None})
    assert (
        error_in(driver.say("input_audio_buffer.commit"))["code"]
        == "input_audio_buffer_commit_empty"
    )
    driver.append(TURN)
    assert [e["type"] for e in driver.say("input_audio_buffer.clear")] == [
        "input_audio_buffer.cleared"
    ]
    assert (
        error_in(driver.say("input_audio_buffer.commit"))["code"]
        == "input_audio_buffer_commit_empty"
    )


def test_clear_in_the_middle_of_a_turn_forgets_the_turn() -> None:
    driver = ConversationDriver()
    driver.append(pcm16(silence(0.5), speech_like(1.0)))
    assert driver.types()[-1] == "input_audio_buffer.speech_started"
    driver.say("input_audio_buffer.clear")
    driver.append(pcm16(silence(2.0)))
    assert driver.types()[-1] == "input_audio_buffer.cleared"


def test_create_response_false_leaves_the_answer_to_the_client() -> None:
    driver = ConversationDriver()
    driver.say(
        "session.update",
        session={"turn_detection": {"type": "server_vad", "create_response": False}},
    )
    driver.append(TURN)
    assert driver.types()[-1] == "conversation.item.created"
    assert driver.wait(10.0) == []


def test_a_text_turn() -> None:
    driver = ConversationDriver()
    driver.type_text("how are you")
    driver.say("response.create", response={"modalities": ["text"]})
    driver.wait(5.0)
    assert runs(driver.types()) == [
        "session.created",
        "conversation.item.created",
        "response.created",
        "response.output_item.added",
        "conversation.item.created",
        "response.content_part.added",
        "response.text.delta",
        "response.text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]
    text = driver.last("response.text.done")["text"]
    assert "3 words" in text and "how are you" in text and "cannot think" in text
    assert driver.last("response.done")["response"]["output"][0]["content"] == [
        {"type": "text", "text": text}
    ]
