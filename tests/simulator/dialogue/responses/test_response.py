"""Responses: one at a time, with the parameters of response.create, and with exactly one ending."""

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

from tests.simulator.support.conversation_driver import (
    DONE_FAMILY,
    JSON,
    ConversationDriver,
    error_in,
    user,
)
from tests.simulator.support.scripted_replies import Replies, function
from tests.support.speech_like import pcm16, silence, speech_like


def test_response_create_s_parameters_are_honoured_and_echoed() -> None:
    driver = ConversationDriver()
    greeting = {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "Welcome to the shop."}],
    }
    params = {
        "pre_generated_assistant_message": greeting,
        "metadata": {"a": "b"},
        "output_audio_format": "g711_ulaw",
        "temperature": 0.7,
    }
    created = driver.say("response.create", response=params)[0]["response"]
    assert (
        created["metadata"] == {"a": "b"}
        and created["status"] == "in_progress"
        and created["output"] == []
    )
    driver.wait(10.0)
    assert driver.last("response.audio_transcript.done")["transcript"] == "Welcome to the shop."
    done = driver.last("response.done")["response"]
    assert (done["metadata"], done["output_audio_format"], done["temperature"]) == (
        {"a": "b"},
        "g711_ulaw",
        0.7,
    )
    audio = b"".join(
        base64.b64decode(e["delta"]) for e in driver.events if e["type"] == "response.audio.delta"
    )
    assert len(audio) == len(render(ToneVoice(), "Welcome to the shop.", "g711_ulaw").audio)


def test_an_out_of_band_response_stays_out_of_the_conversation() -> None:
    driver = ConversationDriver()
    driver.say(
        "response.create",
        response={"conversation": "none", "input_items": [user("one two")], "modalities": ["text"]},
    )
    driver.wait(5.0)
    assert "conversation.item.created" not in driver.types()
    assert "2 words" in driver.last("response.text.done")["text"]
    done = driver.last("response.done")["response"]
    assert done["conversation_id"] is None
    assert (
        error_in(driver.say("conversation.item.retrieve", item_id=done["output"][0]["id"]))["param"]
        == "item_id"
    )


def test_max_output_tokens_end_a_response_as_incomplete() -> None:
    driver = ConversationDriver()
    driver.say("response.create", response={"max_output_tokens": 40})
    driver.wait(10.0)
    done = driver.last("response.done")["response"]
    assert done["status"] == "incomplete"
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert 0 < done["usage"]["output_tokens"] <= 40


def test_only_one_response_runs_at_a_time() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    refused = error_in(driver.say("response.create", event_id="mine"))
    assert (refused["code"], refused["event_id"]) == (
        "conversation_already_has_active_response",
        "mine",
    )
    replaced = driver.say("response.create", response={"cancel_previous": True})
    assert [e["type"] for e in replaced] == [
        "response.done",
        "rate_limits.updated",
        "response.created",
    ]


def test_cancel_ends_with_done_and_only_while_something_runs() -> None:
    driver = ConversationDriver()
    assert error_in(driver.say("response.cancel"))["code"] == "response_cancel_not_active"
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S + 0.5)
    assert (
        error_in(driver.say("response.cancel", response_id="resp_other"))["code"]
        == "response_cancel_not_active"
    )
    assert [e["type"] for e in driver.say("response.cancel")] == DONE_FAMILY
    done = driver.last("response.done")["response"]
    assert done["status"] == "cancelled"
    assert done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
    assert done["output"][0]["status"] == "incomplete"
    assert driver.wait(10.0) == []


def test_a_response_cancelled_before_its_first_delta_has_no_item() -> None:
    driver = ConversationDriver()
    driver.hold_voice = True
    driver.say("response.create")
    assert [e["type"] for e in driver.say("response.cancel")] == [
        "response.done",
        "rate_limits.updated",
    ]
    assert driver.last("response.done")["response"]["output"] == []
    driver.release_voice()
    assert driver.wait(10.0) == []


def test_a_failing_voice_fails_the_response_only() -> None:
    driver = ConversationDriver()
    driver.hold_voice = True
    driver.say("response.create")
    effects = driver.conversation.render_failed(
        driver.renders[0].response_id, "it broke", driver.now_s
    )
    done = effects[0]
    assert isinstance(done, Send)
    assert done.event["response"]["status"] == "failed"
    assert done.event["response"]["status_details"]["error"]["message"] == "it broke"
    assert driver.say("response.create")[0]["type"] == "response.created"


def test_the_voice_cannot_change_after_it_spoke() -> None:
    driver = ConversationDriver()
    driver.say("response.create")
    driver.wait(1.0)
    assert (
        error_in(driver.say("session.update", session={"voice": "alloy"}))["code"]
        == "cannot_update_voice"
    )


def scripted(*replies: Reply, **session: Any) -> ConversationDriver:
    driver = ConversationDriver(script=Replies(*replies))
    driver.say("session.update", session={"modalities": ["text"], **session})
    driver.events.clear()
    return driver


def times_of_deltas(pacing: Pacing, seconds: float = 10.0) -> list[tuple[float, str]]:
    """The times at which the deltas of a text leave, in seconds after response.created."""
    driver = scripted(Reply("one two three four five six seven eight", pacing=pacing))
    begin_s = driver.now_s
    driver.say("response.create")
    deltas: list[tuple[float, str]] = []
    while (due_s := driver.conversation.due_s) is not None and due_s < begin_s + seconds:
        new = driver.wait(due_s - driver.now_s)
        deltas += [
            (driver.now_s - begin_s, e["delta"]) for e in new if e["type"] == "response.text.delta"
        ]
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
    driver = scripted(
        Reply("Hello there, how are you?", pacing=Pacing(delta_ms=50)), modalities=["text", "audio"]
    )
    driver.say("response.create")
    driver.wait(10.0)
    sizes = [
        len(base64.b64decode(e["delta"]))
        for e in driver.events
        if e["type"] == "response.audio.delta"
    ]
    assert len(sizes) > 10 and set(sizes[:-1]) == {50 * 48} and sizes[-1] <= 50 * 48


@pytest.mark.parametrize(
    ("outcome", "details"),
    [
        (
            Outcome("incomplete", reason="content_filter"),
            {"type": "incomplete", "reason": "content_filter"},
        ),
        (
            Outcome("failed", code="message_creation_failed", message="Failed to create message"),
            {
                "type": "failed",
                "error": {
                    "type": "server_error",
                    "code": "message_creation_failed",
                    "message": "Failed to create message",
                },
            },
        ),
    ],
)
def test_a_script_ends_a_response_otherwise(outcome: Outcome, details: JSON) -> None:
    driver = scripted(
        Reply("So far so good.", (Call("f"),), outcome=outcome), tools=[function("f")]
    )
    driver.say("response.create")
    driver.wait(10.0)
    done = driver.last("response.done")["response"]
    assert (done["status"], done["status_details"]) == (outcome.status, details)
    assert [item["status"] for item in done["output"]] == ["completed", "incomplete"]
    assert done["output"][0]["content"] == [{"type": "text", "text": "So far so good."}]


@pytest.mark.parametrize("text", ["", "  "])
def test_a_response_may_be_empty(text: str) -> None:
    driver = scripted(Reply(text), modalities=["text", "audio"])
    driver.say("response.create")
    assert driver.renders == []
    driver.wait(1.0)
    assert driver.types() == ["response.created", "response.done", "rate_limits.updated"]
    assert driver.last("response.done")["response"]["output"] == []


def test_words_too_long_to_be_spoken_fail_and_can_be_written() -> None:
    long = "word " * 1000
    driver = scripted(Reply(long), Reply(long))
    driver.say("response.create", response={"modalities": ["text", "audio"]})
    driver.wait(1.0)
    assert (
        driver.last("response.done")["response"]["status_details"]["error"]["code"]
        == "text_too_long"
    )
    driver.say("response.create")
    driver.wait(60.0)
    assert driver.last("response.text.done")["text"] == long


def test_a_reply_s_faults_are_armed_before_its_response_is_created() -> None:
    fault = Fault("drop", on="response.created")
    script = Replies(Reply("x", faults=(fault,)))
    driver = ConversationDriver(script=script)
    effects = driver.conversation.receive({"type": "response.create"}, driver.now_s)
    assert effects[0] == Arm(fault)
    assert isinstance(effects[1], Send) and effects[1].event["type"] == "response.created"


def test_a_pre_generated_message_is_spoken_verbatim_and_nobody_is_asked() -> None:
    driver = scripted(Reply("not this"), tools=[function("f")], tool_choice="required")
    content = [{"type": "text", "text": "Good day."}]
    greeting = {"type": "message", "role": "assistant", "content": content}
    driver.say("response.create", response={"pre_generated_assistant_message": greeting})
    driver.wait(5.0)
    [item] = driver.last("response.done")["response"]["output"]
    assert item["content"] == content
    assert isinstance(driver.script, Replies) and driver.script.asked == []


def test_a_script_is_asked_once_for_a_response_and_not_for_one_that_is_refused() -> None:
    driver = scripted(Reply("one"), Reply("two"))
    driver.say("response.create", response={"modalities": ["audio"]})
    driver.say("response.create")
    error_in(driver.say("response.create"))
    driver.wait(5.0)
    assert driver.last("response.text.done")["text"] == "one"
    assert isinstance(driver.script, Replies) and len(driver.script.asked) == 1


def test_out_of_band_responses_run_beside_the_conversation_s_and_each_other() -> None:
    driver = scripted(
        *(
            Reply(text, pacing=Pacing(pace=1.0))
            for text in ("one of three", "two of three", "three of three")
        )
    )
    driver.say("response.create", response={"metadata": {"n": "1"}})
    for n in "23":
        driver.say("response.create", response={"metadata": {"n": n}, "conversation": "none"})
    created = {
        e["response"]["metadata"]["n"]: e["response"]["id"]
        for e in driver.events
        if e["type"] == "response.created"
    }
    assert (
        error_in(driver.say("response.create"))["code"]
        == "conversation_already_has_active_response"
    )
    driver.wait(0.5)
    driver.say("response.cancel")
    assert driver.last("response.done")["response"]["id"] == created["1"], (
        "without an id it means the conversation's"
    )
    driver.say("response.cancel", response_id=created["2"])
    assert driver.last("response.done")["response"]["id"] == created["2"]
    driver.wait(10.0)
    done = driver.last("response.done")["response"]
    assert (done["id"], done["status"], done["output"][0]["content"][0]["text"]) == (
        created["3"],
        "completed",
        "three of three",
    )
    assert len([e for e in driver.events if e["type"] == "conversation.item.created"]) == 1


def test_barge_in_leaves_out_of_band_responses_alone() -> None:
    driver = scripted(Reply("a b c d e f g h", pacing=Pacing(pace=0.5)))
    driver.say("response.create", response={"commit": False})
    driver.wait(0.5)
    driver.append(pcm16(silence(0.3), speech_like(0.6)))
    assert (
        "input_audio_buffer.speech_started" in driver.types()
        and "response.done" not in driver.types()
    )
    driver.wait(10.0)
    assert driver.last("response.done")["response"]["status"] == "completed"


def test_there_is_a_limit_to_out_of_band_responses_at_once() -> None:
    driver = ConversationDriver()
    for _ in range(MOST_OUT_OF_BAND):
        driver.say("response.create", response={"conversation": "none"})
    refused = error_in(driver.say("response.create", response={"conversation": "none"}))
    assert refused["code"] == "too_many_out_of_band_responses"
    driver.say("response.create")
    before = len(driver.events)
    error_in(
        driver.say("response.create", response={"conversation": "none", "cancel_previous": True})
    )
    assert len(driver.events) == before + 1, "one that is refused cancels nothing"
    driver.wait(30.0)
    driver.say("response.create", response={"conversation": "none"})
    assert driver.types()[-1] == "response.created"
