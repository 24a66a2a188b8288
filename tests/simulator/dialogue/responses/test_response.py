"""Responses: one at a time, with the parameters of response.create, and always one ending."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S
from voicelive_simulator.dialogue.responses.scheduler import MOST_OUT_OF_BAND
from voicelive_simulator.dialogue.state.effects import Arm, Send
from voicelive_simulator.dialogue.state.script import Call, Outcome, Pacing, Reply
from voicelive_simulator.faults.fault import Fault
from voicelive_simulator.sound.render import render
from voicelive_simulator.sound.tones import ToneVoice

from tests.support.scripted_replies import Replies, function
from tests.support.simulator_talk import DONE_FAMILY, JSON, Talk, error_in, user
from tests.support.speech_like import pcm16, silence, speech_like


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
    assert error_in(talk.say("conversation.item.retrieve", item_id=done["output"][0]["id"]))["param"] == "item_id"


def test_max_output_tokens_end_a_response_as_incomplete() -> None:
    talk = Talk()
    talk.say("response.create", response={"max_output_tokens": 40})
    talk.wait(10.0)
    done = talk.last("response.done")["response"]
    assert done["status"] == "incomplete"
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert 0 < done["usage"]["output_tokens"] <= 40


def test_only_one_response_runs_at_a_time() -> None:
    talk = Talk()
    talk.say("response.create")
    refused = error_in(talk.say("response.create", event_id="mine"))
    assert (refused["code"], refused["event_id"]) == ("conversation_already_has_active_response", "mine")
    replaced = talk.say("response.create", response={"cancel_previous": True})
    assert [e["type"] for e in replaced] == ["response.done", "rate_limits.updated", "response.created"]


def test_cancel_ends_with_done_and_only_while_something_runs() -> None:
    talk = Talk()
    assert error_in(talk.say("response.cancel"))["code"] == "response_cancel_not_active"
    talk.say("response.create")
    talk.wait(FIRST_DELTA_S + 0.5)
    assert error_in(talk.say("response.cancel", response_id="resp_other"))["code"] == "response_cancel_not_active"
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


def test_the_voice_cannot_change_after_it_spoke() -> None:
    talk = Talk()
    talk.say("response.create")
    talk.wait(1.0)
    assert error_in(talk.say("session.update", session={"voice": "alloy"}))["code"] == "cannot_update_voice"


def scripted(*replies: Reply, **session: Any) -> Talk:
    talk = Talk(script=Replies(*replies))
    talk.say("session.update", session={"modalities": ["text"], **session})
    talk.events.clear()
    return talk


def times_of_deltas(pacing: Pacing, seconds: float = 10.0) -> list[tuple[float, str]]:
    """When each delta of one text leaves, in seconds after response.created."""
    talk = scripted(Reply("one two three four five six seven eight", pacing=pacing))
    begin_s = talk.now_s
    talk.say("response.create")
    deltas: list[tuple[float, str]] = []
    while (due_s := talk.conversation.due_s) is not None and due_s < begin_s + seconds:
        new = talk.wait(due_s - talk.now_s)
        deltas += [(talk.now_s - begin_s, e["delta"]) for e in new if e["type"] == "response.text.delta"]
    return deltas


def test_pacing_sets_the_first_delta_and_the_pace() -> None:
    times = [at for at, _ in times_of_deltas(Pacing(first_delta_ms=1000, pace=1.0))]
    assert times == pytest.approx([1 + n / 6 for n in range(8)])


def test_jitter_delays_within_its_bounds_repeats_with_its_seed_and_keeps_the_order() -> None:
    jittery = Pacing(jitter_ms=400, seed=7)
    found = times_of_deltas(jittery)
    assert "".join(delta for _, delta in found) == "one two three four five six seven eight"
    late = [at - (0.3 + n / 30) for n, (at, _) in enumerate(found)]
    assert all(-1e-6 < seconds <= 0.4 for seconds in late) and max(late) > 0.1
    assert found == times_of_deltas(jittery) != times_of_deltas(replace(jittery, seed=8))
    assert [at for at, _ in found] == sorted(at for at, _ in found)


def test_audio_deltas_have_the_length_that_pacing_asks_for() -> None:
    talk = scripted(Reply("Hello there, how are you?", pacing=Pacing(delta_ms=50)), modalities=["text", "audio"])
    talk.say("response.create")
    talk.wait(10.0)
    sizes = [len(base64.b64decode(e["delta"])) for e in talk.events if e["type"] == "response.audio.delta"]
    assert len(sizes) > 10 and set(sizes[:-1]) == {50 * 48} and sizes[-1] <= 50 * 48


@pytest.mark.parametrize(
    ("outcome", "details"),
    [
        (Outcome("incomplete", reason="content_filter"), {"type": "incomplete", "reason": "content_filter"}),
        (
            Outcome("failed", code="message_creation_failed", message="Failed to create message"),
            {
                "type": "failed",
                "error": {"type": "server_error", "code": "message_creation_failed", "message": "Failed to create message"},
            },
        ),
    ],
)
def test_a_script_ends_a_response_otherwise(outcome: Outcome, details: JSON) -> None:
    talk = scripted(Reply("So far so good.", (Call("f"),), outcome=outcome), tools=[function("f")])
    talk.say("response.create")
    talk.wait(10.0)
    done = talk.last("response.done")["response"]
    assert (done["status"], done["status_details"]) == (outcome.status, details)
    assert [item["status"] for item in done["output"]] == ["completed", "incomplete"]
    assert done["output"][0]["content"] == [{"type": "text", "text": "So far so good."}]


@pytest.mark.parametrize("text", ["", "  "])
def test_a_response_may_be_empty(text: str) -> None:
    talk = scripted(Reply(text), modalities=["text", "audio"])
    talk.say("response.create")
    assert talk.renders == []
    talk.wait(1.0)
    assert talk.types() == ["response.created", "response.done", "rate_limits.updated"]
    assert talk.last("response.done")["response"]["output"] == []


def test_words_too_long_to_be_spoken_fail_and_can_be_written() -> None:
    long = "word " * 1000
    talk = scripted(Reply(long), Reply(long))
    talk.say("response.create", response={"modalities": ["text", "audio"]})
    talk.wait(1.0)
    assert talk.last("response.done")["response"]["status_details"]["error"]["code"] == "text_too_long"
    talk.say("response.create")
    talk.wait(60.0)
    assert talk.last("response.text.done")["text"] == long


def test_a_reply_s_faults_are_armed_before_its_response_is_created() -> None:
    fault = Fault("drop", on="response.created")
    script = Replies(Reply("x", faults=(fault,)))
    talk = Talk(script=script)
    effects = talk.conversation.receive({"type": "response.create"}, talk.now_s)
    assert effects[0] == Arm(fault)
    assert isinstance(effects[1], Send) and effects[1].event["type"] == "response.created"


def test_a_pre_generated_message_is_spoken_verbatim_and_nobody_is_asked() -> None:
    talk = scripted(Reply("not this"), tools=[function("f")], tool_choice="required")
    content = [{"type": "text", "text": "Good day."}]
    greeting = {"type": "message", "role": "assistant", "content": content}
    talk.say("response.create", response={"pre_generated_assistant_message": greeting})
    talk.wait(5.0)
    [item] = talk.last("response.done")["response"]["output"]
    assert item["content"] == content
    assert isinstance(talk.script, Replies) and talk.script.asked == []


def test_a_script_is_asked_once_for_a_response_and_not_for_one_that_is_refused() -> None:
    talk = scripted(Reply("one"), Reply("two"))
    talk.say("response.create", response={"modalities": ["audio"]})
    talk.say("response.create")
    error_in(talk.say("response.create"))
    talk.wait(5.0)
    assert talk.last("response.text.done")["text"] == "one"
    assert isinstance(talk.script, Replies) and len(talk.script.asked) == 1


def test_out_of_band_responses_run_beside_the_conversation_s_and_each_other() -> None:
    talk = scripted(*(Reply(text, pacing=Pacing(pace=1.0)) for text in ("one of three", "two of three", "three of three")))
    talk.say("response.create", response={"metadata": {"n": "1"}})
    for n in "23":
        talk.say("response.create", response={"metadata": {"n": n}, "conversation": "none"})
    created = {e["response"]["metadata"]["n"]: e["response"]["id"] for e in talk.events if e["type"] == "response.created"}
    assert error_in(talk.say("response.create"))["code"] == "conversation_already_has_active_response"
    talk.wait(0.5)
    talk.say("response.cancel")
    assert talk.last("response.done")["response"]["id"] == created["1"], "without an id it means the conversation's"
    talk.say("response.cancel", response_id=created["2"])
    assert talk.last("response.done")["response"]["id"] == created["2"]
    talk.wait(10.0)
    done = talk.last("response.done")["response"]
    assert (done["id"], done["status"], done["output"][0]["content"][0]["text"]) == (created["3"], "completed", "three of three")
    assert len([e for e in talk.events if e["type"] == "conversation.item.created"]) == 1


def test_barge_in_leaves_out_of_band_responses_alone() -> None:
    talk = scripted(Reply("a b c d e f g h", pacing=Pacing(pace=0.5)))
    talk.say("response.create", response={"commit": False})
    talk.wait(0.5)
    talk.append(pcm16(silence(0.3), speech_like(0.6)))
    assert "input_audio_buffer.speech_started" in talk.types() and "response.done" not in talk.types()
    talk.wait(10.0)
    assert talk.last("response.done")["response"]["status"] == "completed"


def test_there_is_a_limit_to_out_of_band_responses_at_once() -> None:
    talk = Talk()
    for _ in range(MOST_OUT_OF_BAND):
        talk.say("response.create", response={"conversation": "none"})
    refused = error_in(talk.say("response.create", response={"conversation": "none"}))
    assert refused["code"] == "too_many_out_of_band_responses"
    talk.say("response.create")
    before = len(talk.events)
    error_in(talk.say("response.create", response={"conversation": "none", "cancel_previous": True}))
    assert len(talk.events) == before + 1, "one that is refused cancels nothing"
    talk.wait(30.0)
    talk.say("response.create", response={"conversation": "none"})
    assert talk.types()[-1] == "response.created"
