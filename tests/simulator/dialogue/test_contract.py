"""Every form that a response's events take, held against the official SDK's models and protocol-events.json."""

from voicelive_tui.simulator.dialogue.response import FIRST_DELTA_S
from voicelive_tui.simulator.dialogue.script import Call, Outcome, Reply

from tests.support.scripted_replies import Replies, function
from tests.support.simulator_talk import Talk
from tests.support.voice_live_contract import sdk_differences, table_differences

LIMITS = "rate_limits.updated: unknown event"  # in the body text of every reference version (protocol.md 5)
ARGUMENTS = '{"city": "Rome", "unit": "celsius"}'


def every_form() -> Talk:
    """Words, calls and both; ended in every way; spoken and written; in the conversation and out of it."""
    calls = (Call("f", ARGUMENTS), Call("g"))
    talk = Talk(
        script=Replies(
            Reply("Let me see.", calls),
            Reply("", calls, outcome=Outcome("incomplete", "content_filter")),
            Reply("So far.", outcome=Outcome("failed", code="message_creation_failed", message="Failed to create message")),
            Reply("", (Call("not_offered"),)),
            Reply("These words are cut short.", calls),
            Reply("", calls),
            Reply("", calls),
        )
    )
    settings = {
        "tools": [function("f"), function("g")],
        "output_audio_timestamp_types": ["word"],
        "animation": {"outputs": ["viseme_id"]},
    }
    talk.say("session.update", session=settings)
    talk.events.clear()
    for response in ({"metadata": {"a": "b"}}, {}, {"modalities": ["text"]}, {}):
        talk.say("response.create", response=response)
        talk.wait(30.0)
    for conversation in ("auto", "none"):
        talk.say("response.create", response={"conversation": conversation})
        talk.wait(FIRST_DELTA_S + 0.05)
        talk.say("response.cancel", response_id=talk.last("response.created")["response"]["id"])
    talk.say("response.create", response={"max_output_tokens": 2})
    talk.wait(30.0)
    return talk


def test_every_form_of_a_response_is_one_that_the_sdk_and_the_reference_know() -> None:
    talk = every_form()
    ends = [e["response"] for e in talk.events if e["type"] == "response.done"]
    assert [(end["status"], len(end["output"])) for end in ends] == [
        ("completed", 3), ("incomplete", 2), ("failed", 1), ("failed", 0), ("cancelled", 1), ("cancelled", 1), ("incomplete", 1),
    ]  # fmt: skip
    assert {difference for event in talk.events for difference in sdk_differences(event)} == {LIMITS}
    assert {difference for event in talk.events for difference in table_differences(event)} == {LIMITS}
