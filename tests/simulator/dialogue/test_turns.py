"""Turns as conversations: spoken, manual and typed, in the order of the service."""

from tests.support.simulator_talk import DONE_FAMILY, Talk, error_in
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import runs

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))


def test_a_spoken_turn_of_a_cascaded_model_has_the_order_of_the_service() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "hello"})
    talk.append(TURN)
    talk.wait(10.0)
    assert runs([t for t in talk.types() if t not in ("response.audio_transcript.delta", "response.audio.delta")]) == [
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
    deltas = [e["type"] for e in talk.events if e["type"].endswith(".delta")]
    assert deltas[0] == "response.audio_transcript.delta"
    assert len(runs(deltas)) > 6, "words and audio are interleaved"
    done = talk.last("response.done")["response"]
    assert done["status"] == "completed" and done["status_details"] is None
    transcript = "".join(e["delta"] for e in talk.events if e["type"] == "response.audio_transcript.delta")
    assert (
        transcript == talk.last("response.audio_transcript.done")["transcript"] == done["output"][0]["content"][0]["transcript"]
    )
    assert "simulator" in transcript and "1.0 seconds" in transcript


def test_the_turn_is_one_item_from_start_to_answer() -> None:
    talk = Talk()
    talk.append(TURN)
    named = ("speech_started", "speech_stopped", "committed", "completed")
    ids = {e["item_id"] for e in talk.events if e["type"].rsplit(".", 1)[-1] in named}
    assert ids == {talk.last("conversation.item.created")["item"]["id"]}
    talk.wait(1.0)
    assert talk.last("conversation.item.created")["previous_item_id"] == ids.pop()


def test_a_native_model_transcribes_only_when_asked_and_beside_the_response() -> None:
    talk = Talk("gpt-realtime")
    talk.append(TURN)
    talk.wait(10.0)
    assert "conversation.item.input_audio_transcription.completed" not in talk.types()
    talk = Talk("gpt-realtime")
    talk.say("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
    talk.append(TURN)
    assert talk.last("conversation.item.created")["item"]["content"][0]["transcript"] is None
    talk.wait(10.0)
    types = talk.types()
    assert types.index("conversation.item.input_audio_transcription.completed") > types.index("response.created")
    assert talk.last("conversation.item.input_audio_transcription.completed")["transcript"].startswith("[speech, 1.0 s,")


def test_ids_and_event_ids_look_like_the_service_s() -> None:
    talk = Talk()
    talk.append(TURN)
    talk.wait(10.0)
    event_ids = [event["event_id"] for event in talk.events]
    assert len(set(event_ids)) == len(event_ids)
    assert all(len(i) == 28 and i.startswith("event_") for i in event_ids)
    assert talk.events[0]["session"]["id"].startswith("sess_")
    response = talk.last("response.done")["response"]
    assert response["id"].startswith("resp_") and response["conversation_id"].startswith("conv_")


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = Talk(), Talk()
    for talk in (first, second):
        talk.append(TURN)
        talk.wait(10.0)
    assert first.events == second.events


def test_manual_turns_generate_nothing_before_response_create() -> None:
    talk = Talk()
    talk.say("session.update", session={"turn_detection": None})
    talk.append(TURN)
    assert [e["type"] for e in talk.say("input_audio_buffer.commit")] == [
        "input_audio_buffer.committed",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.created",
    ]
    assert talk.wait(10.0) == []
    assert talk.say("response.create")[0]["type"] == "response.created"


def test_an_empty_buffer_cannot_be_committed_and_a_cleared_one_is_empty() -> None:
    talk = Talk()
    talk.say("session.update", session={"turn_detection": None})
    assert error_in(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"
    talk.append(TURN)
    assert [e["type"] for e in talk.say("input_audio_buffer.clear")] == ["input_audio_buffer.cleared"]
    assert error_in(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


def test_clear_in_the_middle_of_a_turn_forgets_the_turn() -> None:
    talk = Talk()
    talk.append(pcm16(silence(0.5), speech_like(1.0)))
    assert talk.types()[-1] == "input_audio_buffer.speech_started"
    talk.say("input_audio_buffer.clear")
    talk.append(pcm16(silence(2.0)))
    assert talk.types()[-1] == "input_audio_buffer.cleared"


def test_create_response_false_leaves_the_answer_to_the_client() -> None:
    talk = Talk()
    talk.say("session.update", session={"turn_detection": {"type": "server_vad", "create_response": False}})
    talk.append(TURN)
    assert talk.types()[-1] == "conversation.item.created"
    assert talk.wait(10.0) == []


def test_a_text_turn() -> None:
    talk = Talk()
    talk.type_text("how are you")
    talk.say("response.create", response={"modalities": ["text"]})
    talk.wait(5.0)
    assert runs(talk.types()) == [
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
    text = talk.last("response.text.done")["text"]
    assert "3 words" in text and "how are you" in text and "cannot think" in text
    assert talk.last("response.done")["response"]["output"][0]["content"] == [{"type": "text", "text": text}]
