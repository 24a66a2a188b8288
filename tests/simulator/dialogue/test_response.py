"""Responses: one at a time, with the parameters of response.create, and always one ending."""

import base64

from voicelive_tui.simulator.dialogue.outbox import Send
from voicelive_tui.simulator.dialogue.response import FIRST_DELTA_S
from voicelive_tui.simulator.sound.render import render
from voicelive_tui.simulator.sound.tones import ToneVoice

from tests.support.simulator_talk import DONE_FAMILY, Talk, error_in, user


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
