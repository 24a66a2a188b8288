"""The state machine as a conversation: client events, sound and time in, events out. No socket, no clock."""

import base64
from typing import Any

import pytest
from voicelive_tui.simulator.dialogue.conversation import HANDLED, MODELLED_ONLY
from voicelive_tui.simulator.dialogue.outbox import Send
from voicelive_tui.simulator.dialogue.response import FIRST_DELTA_S
from voicelive_tui.simulator.sound.render import render
from voicelive_tui.simulator.sound.tones import ToneVoice

from tests.support.simulator_talk import JSON, Talk, user
from tests.support.speech_like import pcm16, silence, speech_like
from tests.support.voice_live_peer import runs

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))  # ends as soon as the turn is over
DONE_FAMILY = [
    "response.audio.done",
    "response.audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
]


def error(events: list[JSON]) -> JSON:
    """The one error among the events."""
    [found] = [event["error"] for event in events if event["type"] == "error"]
    assert isinstance(found, dict)
    return found


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
    assert error(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"
    talk.append(TURN)
    assert [e["type"] for e in talk.say("input_audio_buffer.clear")] == ["input_audio_buffer.cleared"]
    assert error(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


def test_clear_in_the_middle_of_a_turn_forgets_the_turn() -> None:
    talk = Talk()
    talk.append(pcm16(silence(0.5), speech_like(1.0)))
    assert talk.types()[-1] == "input_audio_buffer.speech_started"
    talk.say("input_audio_buffer.clear")
    talk.append(pcm16(silence(2.0)))
    assert talk.types()[-1] == "input_audio_buffer.cleared"


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


def test_response_create_s_parameters_are_honoured_and_echoed() -> None:
    talk = Talk()
    greeting = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Welcome to the shop."}]}
    params = {
        "pre_generated_assistant_message": greeting,
        "metadata": {"a": "b"},
        "output_audio_format": "g711_ulaw",
        "temperature": 0.7,
    }
    created = talk.say("response.create", response=params)[0]["response"]
    assert created["metadata"] == {"a": "b"} and created["status"] == "in_progress" and created["output"] == []
    talk.wait(10.0)
    assert talk.last("response.audio_transcript.done")["transcript"] == "Welcome to the shop."
    done = talk.last("response.done")["response"]
    assert (done["metadata"], done["output_audio_format"], done["temperature"]) == ({"a": "b"}, "g711_ulaw", 0.7)
    audio = b"".join(base64.b64decode(e["delta"]) for e in talk.events if e["type"] == "response.audio.delta")
    assert len(audio) == len(render(ToneVoice(), "Welcome to the shop.", "g711_ulaw").audio)


def test_an_out_of_band_response_stays_out_of_the_conversation() -> None:
    talk = Talk()
    talk.say("response.create", response={"conversation": "none", "input_items": [user("one two")], "modalities": ["text"]})
    talk.wait(5.0)
    assert "conversation.item.created" not in talk.types()
    assert "2 words" in talk.last("response.text.done")["text"]
    done = talk.last("response.done")["response"]
    assert done["conversation_id"] is None
    assert error(talk.say("conversation.item.retrieve", item_id=done["output"][0]["id"]))["param"] == "item_id"


def test_max_output_tokens_end_a_response_as_incomplete() -> None:
    talk = Talk()
    talk.say("response.create", response={"max_output_tokens": 40})
    talk.wait(10.0)
    done = talk.last("response.done")["response"]
    assert done["status"] == "incomplete"
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert 0 < done["usage"]["output_tokens"] <= 40


def test_usage_adds_up() -> None:
    talk = Talk()
    talk.say("session.update", session={"instructions": "x" * 400})
    talk.append(TURN)
    talk.wait(15.0)
    usage = talk.last("response.done")["response"]["usage"]
    assert usage["input_token_details"]["text_tokens"] == 100
    heard_ms = 2000  # 300 ms of padding at most, one second of speech, the silence window
    assert 10 <= usage["input_token_details"]["audio_tokens"] <= heard_ms / 100
    details = usage["output_token_details"]
    assert usage["output_tokens"] == details["text_tokens"] + details["audio_tokens"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    audio_ms = sum(len(base64.b64decode(e["delta"])) for e in talk.events if e["type"] == "response.audio.delta") / 48
    assert details["audio_tokens"] == -(-audio_ms // 50)


def test_only_one_response_runs_at_a_time() -> None:
    talk = Talk()
    talk.say("response.create")
    refused = error(talk.say("response.create", event_id="mine"))
    assert (refused["code"], refused["event_id"]) == ("conversation_already_has_active_response", "mine")
    replaced = talk.say("response.create", response={"cancel_previous": True})
    assert [e["type"] for e in replaced] == ["response.done", "rate_limits.updated", "response.created"]


def test_cancel_ends_with_done_and_only_while_something_runs() -> None:
    talk = Talk()
    assert error(talk.say("response.cancel"))["code"] == "response_cancel_not_active"
    talk.say("response.create")
    talk.wait(FIRST_DELTA_S + 0.5)
    assert error(talk.say("response.cancel", response_id="resp_other"))["code"] == "response_cancel_not_active"
    assert [e["type"] for e in talk.say("response.cancel")] == DONE_FAMILY
    done = talk.last("response.done")["response"]
    assert done["status"] == "cancelled"
    assert done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
    assert done["output"][0]["status"] == "incomplete"
    assert talk.wait(10.0) == []


def test_a_response_cancelled_before_its_first_delta_has_no_item() -> None:
    talk = Talk()
    talk.hold_voice = True
    talk.say("response.create")
    assert [e["type"] for e in talk.say("response.cancel")] == ["response.done", "rate_limits.updated"]
    assert talk.last("response.done")["response"]["output"] == []
    talk.release_voice()
    assert talk.wait(10.0) == []


def test_a_failing_voice_fails_the_response_only() -> None:
    talk = Talk()
    talk.hold_voice = True
    talk.say("response.create")
    effects = talk.conversation.render_failed(talk.renders[0].response_id, "it broke", talk.now_s)
    done = effects[0]
    assert isinstance(done, Send)
    assert done.event["response"]["status"] == "failed"
    assert done.event["response"]["status_details"]["error"]["message"] == "it broke"
    assert talk.say("response.create")[0]["type"] == "response.created"


def interrupted(detection: JSON, after_s: float) -> tuple[Talk, list[JSON]]:
    """A spoken turn, `after_s` of the answer, and the events of the append in which the person speaks again."""
    talk = Talk()
    talk.say("session.update", session={"turn_detection": {"type": "server_vad", **detection}})
    talk.append(TURN)
    talk.wait(FIRST_DELTA_S + after_s)
    return talk, talk.append(pcm16(speech_like(0.5)))


def test_barge_in_cancels_the_response_and_sends_its_done_family() -> None:
    talk, events = interrupted({}, 0.3)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started", *DONE_FAMILY]
    done = talk.last("response.done")["response"]
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert talk.last("response.output_item.done")["item"]["status"] == "incomplete"
    assert talk.wait(10.0) == []


def test_auto_truncate_says_what_was_heard_in_real_time() -> None:
    talk, events = interrupted({"auto_truncate": True}, 0.4)
    assert events[-1]["type"] == "conversation.item.truncated"
    assert events[-1]["audio_end_ms"] == pytest.approx(400, abs=2)
    item_id = events[-1]["item_id"]
    [kept] = talk.say("conversation.item.retrieve", item_id=item_id)
    full = talk.last("response.audio_transcript.done")["transcript"]
    transcript = kept["item"]["content"][0]["transcript"]
    assert 0 < len(transcript) < len(full) and full.startswith(transcript)


def test_auto_truncate_reaches_a_finished_response_that_still_plays() -> None:
    talk, events = interrupted({"auto_truncate": True}, 3.0)
    assert "response.done" in talk.types()
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started", "conversation.item.truncated"]
    assert events[-1]["audio_end_ms"] == pytest.approx(3000, abs=2)
    talk, events = interrupted({"auto_truncate": True}, 30.0)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started"]


def test_interrupt_response_false_lets_the_answer_finish_and_answers_after_it() -> None:
    talk, events = interrupted({"interrupt_response": False}, 0.3)
    assert [e["type"] for e in events] == ["input_audio_buffer.speech_started"]
    heard = [e["type"] for e in talk.append(pcm16(silence(0.52)))]
    assert heard[-1] == "conversation.item.created" and "response.created" not in heard
    rest = talk.wait(30.0)
    types = [e["type"] for e in rest]
    assert types.index("response.done") < types.index("response.created")
    assert [e["response"]["status"] for e in rest if e["type"] == "response.done"] == ["completed", "completed"]


def test_create_response_false_leaves_the_answer_to_the_client() -> None:
    talk = Talk()
    talk.say("session.update", session={"turn_detection": {"type": "server_vad", "create_response": False}})
    talk.append(TURN)
    assert talk.types()[-1] == "conversation.item.created"
    assert talk.wait(10.0) == []


def test_items_are_inserted_where_asked() -> None:
    talk = Talk()
    first, second = talk.type_text("first"), talk.type_text("second")
    assert talk.say("conversation.item.create", item=user("front"), previous_item_id="root")[0]["previous_item_id"] is None
    assert talk.say("conversation.item.create", item=user("middle"), previous_item_id=first)[0]["previous_item_id"] == first
    assert talk.say("conversation.item.create", item=user("end"))[0]["previous_item_id"] == second
    assert error(talk.say("conversation.item.create", item=user("x"), previous_item_id="item_no"))["param"] == "previous_item_id"


def test_an_item_keeps_its_id_and_takes_it_once() -> None:
    talk = Talk()
    [created] = talk.say("conversation.item.create", item={**user("x"), "id": "mine"})
    assert created["item"]["id"] == "mine"
    assert error(talk.say("conversation.item.create", item={**user("x"), "id": "mine"}))["param"] == "item.id"
    assert talk.say("conversation.item.delete", item_id="mine")[0] == {**talk.events[-1], "item_id": "mine"}
    assert error(talk.say("conversation.item.retrieve", item_id="mine"))["param"] == "item_id"


@pytest.mark.parametrize(
    ("item", "param"),
    [
        (None, "item"),
        ({"type": "thought"}, "item.type"),
        ({"type": "message", "content": []}, "item.role"),
        ({"type": "message", "role": "user"}, "item.content"),
        ({"type": "message", "role": "system", "content": [{"type": "input_audio", "audio": ""}]}, "item.content[0].type"),
        ({"type": "message", "role": "assistant", "content": [{"type": "audio", "audio": "AAAA"}]}, "item.content[0].type"),
        ({"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "!"}]}, "item.content[0].audio"),
        ({"type": "function_call_output", "output": "x"}, "item.call_id"),
        ({"type": "mcp_approval_response", "approval_request_id": "x", "approve": True}, "item.approval_request_id"),
    ],
)
def test_a_bad_item_is_refused_with_its_path(item: Any, param: str) -> None:
    assert error(Talk().say("conversation.item.create", item=item))["param"] == param


def test_truncate_cuts_at_what_was_sent_and_refuses_more() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(10.0)
    item_id = talk.last("response.output_item.done")["item"]["id"]
    audio_ms = sum(len(base64.b64decode(e["delta"])) for e in talk.events if e["type"] == "response.audio.delta") // 48
    ask = {"item_id": item_id, "content_index": 0}
    assert error(talk.say("conversation.item.truncate", **ask, audio_end_ms=audio_ms + 1))["param"] == "audio_end_ms"
    assert error(talk.say("conversation.item.truncate", item_id="item_no", content_index=0, audio_end_ms=1))["param"] == "item_id"
    assert (
        error(talk.say("conversation.item.truncate", item_id=item_id, content_index=1, audio_end_ms=1))["param"]
        == "content_index"
    )
    assert error(talk.say("conversation.item.truncate", **ask))["param"] == "audio_end_ms"
    mine = talk.type_text("mine")
    assert error(talk.say("conversation.item.truncate", item_id=mine, content_index=0, audio_end_ms=0))["param"] == "item_id"
    [truncated] = talk.say("conversation.item.truncate", **ask, audio_end_ms=audio_ms)
    assert truncated["audio_end_ms"] == audio_ms


def test_a_truncation_outlives_the_response_that_still_runs() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(FIRST_DELTA_S + 0.5)
    item_id = talk.last("response.audio.delta")["item_id"]
    talk.say("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=300)
    [kept] = talk.say("conversation.item.retrieve", item_id=item_id)
    talk.wait(10.0)
    [later] = talk.say("conversation.item.retrieve", item_id=item_id)
    assert later["item"]["content"] == kept["item"]["content"]
    assert later["item"]["status"] == "completed"


def test_an_append_of_more_than_fifteen_mebibytes_is_refused() -> None:
    talk = Talk()
    assert "15 MiB" in error(talk.append(bytes(15 * 2**20 + 2)))["message"]
    assert error(talk.say("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


def test_a_function_call_s_output_is_answered() -> None:
    talk = Talk()
    call = {"type": "function_call", "name": "weather", "call_id": "call_1", "arguments": "{}"}
    [created] = talk.say("conversation.item.create", item=call)
    assert created["item"]["status"] == "completed"
    talk.say("conversation.item.create", item={"type": "function_call_output", "call_id": "call_1", "output": "sunny"})
    talk.say("response.create", response={"modalities": ["text"]})
    talk.wait(5.0)
    assert "5 characters" in talk.last("response.text.done")["text"]


def test_word_timestamps_come_with_the_words_when_asked_for() -> None:
    talk = Talk()
    talk.say("session.update", session={"output_audio_timestamp_types": ["word"]})
    talk.say("response.create")
    talk.wait(10.0)
    stamps = [e for e in talk.events if e["type"] == "response.audio_timestamp.delta"]
    assert " ".join(e["text"] for e in stamps) == talk.last("response.audio_transcript.done")["transcript"]
    offsets = [e["audio_offset_ms"] for e in stamps]
    assert offsets == sorted(offsets) and offsets[-1] > 1000
    assert "response.audio_timestamp.done" in talk.types()


def test_unknown_settings_warn_and_the_rest_applies() -> None:
    talk = Talk()
    updated, warning = talk.say("session.update", session={"colour": "red", "instructions": "be brief"})
    assert updated["session"]["instructions"] == "be brief" and "colour" not in updated["session"]
    assert warning["type"] == "warning" and warning["warning"]["param"] == "session.colour"
    old = Talk(api_version="2025-10-01")
    assert [e["type"] for e in old.say("session.update", session={"colour": "red"})] == ["session.updated"]


@pytest.mark.parametrize("event", [{}, {"type": None}, {"type": "response.crate"}, {"type": 5}, {"type": []}, [], "x", 5, None])
def test_what_is_no_event_gets_an_error(event: Any) -> None:
    effects = Talk().conversation.receive(event, 0.0)
    assert [e.event["type"] for e in effects if isinstance(e, Send)] == ["error"]


def test_errors_echo_the_offending_event_s_id() -> None:
    talk = Talk()
    assert error(talk.say("no.such.event", event_id="event_mine"))["event_id"] == "event_mine"
    assert error(talk.say("no.such.event", event_id=""))["event_id"] == ""
    assert error(talk.say("no.such.event", event_id=None))["event_id"] is None


@pytest.mark.parametrize("kind", MODELLED_ONLY)
def test_what_the_simulator_does_not_do_it_says(kind: str) -> None:
    assert error(Talk().say(kind))["code"] == "not_simulated"


@pytest.mark.parametrize(
    "kind", [k for k in HANDLED if k not in ("response.create", "input_audio_buffer.clear", "session.update")]
)
def test_every_event_without_its_fields_is_refused_not_crashed(kind: str) -> None:
    assert error(Talk().say(kind))["type"] == "invalid_request_error"


@pytest.mark.parametrize("audio", [None, 5, "not base64!", "AAA", "A" * 961])
def test_broken_audio_is_refused(audio: Any) -> None:
    assert error(Talk().say("input_audio_buffer.append", audio=audio))["param"] == "audio"


def test_the_voice_cannot_change_after_it_spoke() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(1.0)
    assert error(talk.say("session.update", session={"voice": "alloy"}))["code"] == "cannot_update_voice"


def test_rate_limits_count_down_over_a_minute() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(10.0)
    first = talk.last("rate_limits.updated")["rate_limits"][0]
    spent = talk.last("response.done")["response"]["usage"]["total_tokens"]
    assert first["remaining"] == first["limit"] - spent
    talk.wait(61.0)
    talk.say("response.create")
    talk.wait(10.0)
    again = talk.last("rate_limits.updated")["rate_limits"][0]
    assert again["remaining"] == again["limit"] - talk.last("response.done")["response"]["usage"]["total_tokens"]
