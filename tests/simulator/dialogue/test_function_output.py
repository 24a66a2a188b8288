"""Calls of the client's functions, and what becomes of their outputs."""

from tests.support.simulator_talk import Talk


def test_a_function_call_s_output_is_answered() -> None:
    talk = Talk()
    call = {"type": "function_call", "name": "weather", "call_id": "call_1", "arguments": "{}"}
    [created] = talk.say("conversation.item.create", item=call)
    assert created["item"]["status"] == "completed"
    talk.say("conversation.item.create", item={"type": "function_call_output", "call_id": "call_1", "output": "sunny"})
    talk.say("response.create", response={"modalities": ["text"]})
    talk.wait(5.0)
    assert "5 characters" in talk.last("response.text.done")["text"]
