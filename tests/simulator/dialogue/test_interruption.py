"""Responses that do not run to their end: interrupted, deleted or truncated while they are sent or
played."""

import pytest
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.state.script import Call, Reply

from tests.simulator.support.conversation_driver import DONE_FAMILY, JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies, function
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))  # ends as soon as the turn is over
SPEECH = pcm16(speech_like(0.5))


def talking(after_s: float, **detection: object) -> tuple[ConversationDriver, str]:
    """A spoken turn and `after_s` of the response; returns the item that is being spoken."""
    driver = ConversationDriver()
    driver.say("session.update", session={"turn_detection": {"type": "server_vad", **detection}})
    driver.append(TURN)
    driver.wait(FIRST_DELTA_S + after_s)
    return driver, str(driver.last("response.output_item.added")["item"]["id"])


def truncate(driver: ConversationDriver, item_id: str, audio_end_ms: int) -> JSON:
    [answer] = driver.say(
        "conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=audio_end_ms
    )
    return answer


def transcript_of(driver: ConversationDriver, item_id: str) -> str:
    [answer] = driver.say("conversation.item.retrieve", item_id=item_id)
    return str(answer["item"]["content"][0]["transcript"])


def test_barge_in_ends_an_answer_in_text_too() -> None:
    driver = ConversationDriver()
    driver.say("session.update", session={"modalities": ["text"]})
    driver.append(TURN)
    driver.wait(FIRST_DELTA_S + 0.1)
    assert [e["type"] for e in driver.append(SPEECH)] == [
        "input_audio_buffer.speech_started",
        "response.text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.done",
        "rate_limits.updated",
    ]
    sent = "".join(e["delta"] for e in driver.events if e["type"] == "response.text.delta")
    done = driver.last("response.done")["response"]
    assert (
        sent
        and sent
        == driver.last("response.text.done")["text"]
        == done["output"][0]["content"][0]["text"]
    )
    assert done["usage"]["output_token_details"] == {
        "text_tokens": -(-len(sent) // 4),
        "audio_tokens": 0,
        "reasoning_tokens": 0,
    }


def test_barge_in_while_the_answer_only_plays_still_leaves_its_truncation_to_the_client() -> None:
    driver, item_id = talking(3.0)
    assert "response.done" in driver.types()
    assert [e["type"] for e in driver.append(SPEECH)] == ["input_audio_buffer.speech_started"]
    assert truncate(driver, item_id, 3000)["type"] == "conversation.item.truncated"


def test_auto_truncate_cuts_an_answer_that_waited_behind_another() -> None:
    driver, first = talking(3.0, auto_truncate=True)  # sent in full, 3 s of it played
    driver.type_text("and this")
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.5)
    second = str(driver.last("response.output_item.added")["item"]["id"])
    cut = [e for e in driver.append(SPEECH) if e["type"] == "conversation.item.truncated"]
    assert [e["item_id"] for e in cut] == [first, second]
    assert cut[0]["audio_end_ms"] == pytest.approx(3000 + (FIRST_DELTA_S + 0.5) * 1000, abs=25)
    assert cut[1]["audio_end_ms"] == 0 and transcript_of(driver, second) == ""


def test_what_was_interrupted_once_is_not_truncated_at_the_next_turn() -> None:
    driver, _ = talking(0.3, auto_truncate=True)
    driver.append(SPEECH + pcm16(silence(0.52)))
    driver.say("response.cancel")
    events = driver.append(SPEECH)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started"]


def test_an_item_deleted_while_it_is_spoken_is_spoken_to_its_end_and_not_truncated() -> None:
    driver, item_id = talking(0.3, auto_truncate=True)
    driver.say("conversation.item.delete", item_id=item_id)
    events = driver.append(SPEECH)
    assert "conversation.item.truncated" not in [e["type"] for e in events]
    done = driver.last("response.done")["response"]
    assert [item["id"] for item in done["output"]] == [item_id]
    assert (
        driver.say("conversation.item.retrieve", item_id=item_id)[0]["error"]["param"] == "item_id"
    )


def test_a_second_truncation_cuts_further_but_never_gives_back() -> None:
    driver, item_id = talking(3.0)
    whole = transcript_of(driver, item_id)
    truncate(driver, item_id, 2000)
    shorter = transcript_of(driver, item_id)
    assert truncate(driver, item_id, 2001)["error"]["param"] == "audio_end_ms"
    truncate(driver, item_id, 1000)
    shortest = transcript_of(driver, item_id)
    assert (
        whole.startswith(shorter)
        and shorter.startswith(shortest)
        and len(whole) > len(shorter) > len(shortest) > 0
    )


def test_what_is_not_sent_yet_cannot_be_truncated() -> None:
    driver, item_id = talking(0.1)
    assert truncate(driver, item_id, 60_000)["error"]["param"] == "audio_end_ms"


def test_the_end_of_an_answer_tells_what_was_sent_although_the_item_was_cut() -> None:
    driver, item_id = talking(0.3)
    truncate(driver, item_id, 300)
    kept = transcript_of(driver, item_id)
    driver.wait(20.0)
    sent = "".join(
        e["delta"] for e in driver.events if e["type"] == "response.audio_transcript.delta"
    )
    assert sent == driver.last("response.audio_transcript.done")["transcript"]
    assert sent == driver.last("response.content_part.done")["part"]["transcript"]
    assert sent == driver.last("response.done")["response"]["output"][0]["content"][0]["transcript"]
    assert transcript_of(driver, item_id) == kept != sent


def test_a_bad_response_create_cancels_nothing() -> None:
    driver, _ = talking(0.3)
    empty = {"type": "message", "role": "assistant", "content": []}
    params = {"cancel_previous": True, "pre_generated_assistant_message": empty}
    [refused] = driver.say("response.create", response=params)
    assert refused["error"]["param"] == "response.pre_generated_assistant_message.content"
    driver.wait(20.0)
    assert driver.last("response.done")["response"]["status"] == "completed"


def interrupted(detection: JSON, after_s: float) -> tuple[ConversationDriver, list[JSON]]:
    """A spoken turn, `after_s` of the response, and the events of the append in which the user
    speaks again."""
    driver = ConversationDriver()
    driver.say("session.update", session={"turn_detection": {"type": "server_vad", **detection}})
    driver.append(TURN)
    driver.wait(FIRST_DELTA_S + after_s)
    return driver, driver.append(pcm16(speech_like(0.5)))


def test_barge_in_cancels_the_response_and_sends_its_done_family() -> None:
    driver, events = interrupted({}, 0.3)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started", *DONE_FAMILY]
    done = driver.last("response.done")["response"]
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert driver.last("response.output_item.done")["item"]["status"] == "incomplete"
    assert driver.wait(10.0) == []


def test_auto_truncate_says_what_was_heard_in_real_time() -> None:
    driver, events = interrupted({"auto_truncate": True}, 0.4)
    assert events[-1]["type"] == "conversation.item.truncated"
    assert events[-1]["audio_end_ms"] == pytest.approx(400, abs=25)
    item_id = events[-1]["item_id"]
    [kept] = driver.say("conversation.item.retrieve", item_id=item_id)
    full = driver.last("response.audio_transcript.done")["transcript"]
    transcript = kept["item"]["content"][0]["transcript"]
    assert 0 < len(transcript) < len(full) and full.startswith(transcript)


def test_auto_truncate_reaches_a_finished_response_that_still_plays() -> None:
    driver, events = interrupted({"auto_truncate": True}, 3.0)
    assert "response.done" in driver.types()
    assert [e["type"] for e in events] == [
        "input_audio_buffer.speech_started",
        "conversation.item.truncated",
    ]
    assert events[-1]["audio_end_ms"] == pytest.approx(3000, abs=25)
    driver, events = interrupted({"auto_truncate": True}, 30.0)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started"]


def test_interrupt_response_false_lets_the_answer_finish_and_answers_after_it() -> None:
    driver, events = interrupted({"interrupt_response": False}, 0.3)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started"]
    heard = [e["type"] for e in driver.append(pcm16(silence(0.52)))]
    assert heard[-1] == "conversation.item.created" and "response.created" not in heard
    rest = driver.wait(30.0)
    types = [e["type"] for e in rest]
    assert types.index("response.done") < types.index("response.created")
    assert [e["response"]["status"] for e in rest if e["type"] == "response.done"] == [
        "completed",
        "completed",
    ]


def test_what_is_said_out_of_band_is_not_thought_to_be_played_first() -> None:
    driver = ConversationDriver()
    driver.say(
        "session.update", session={"turn_detection": {"type": "server_vad", "auto_truncate": True}}
    )
    driver.say("response.create", response={"conversation": "none"})
    driver.wait(FIRST_DELTA_S + 0.5)
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.5)
    driver.append(pcm16(silence(0.3), speech_like(0.6)))
    assert driver.last("conversation.item.truncated")["audio_end_ms"] >= 500


def test_a_call_cut_by_barge_in_leaves_the_words_before_it_to_be_truncated() -> None:
    calls = (Call("f", '{"text": "' + "x" * 400 + '"}'),)
    driver = ConversationDriver(
        script=Replies(Reply("One moment, I will look that up for you.", calls))
    )
    detection = {"type": "server_vad", "auto_truncate": True}
    driver.say("session.update", session={"turn_detection": detection, "tools": [function("f")]})
    driver.say("response.create")
    while "response.function_call_arguments.delta" not in driver.types():
        driver.wait(0.01)
    events = driver.append(pcm16(silence(0.1), speech_like(0.3)))
    done = driver.last("response.done")["response"]
    assert [(item["type"], item["status"]) for item in done["output"]] == [
        ("message", "completed"),
        ("function_call", "incomplete"),
    ]
    [cut] = [e for e in events if e["type"] == "conversation.item.truncated"]
    assert cut["item_id"] == done["output"][0]["id"]
