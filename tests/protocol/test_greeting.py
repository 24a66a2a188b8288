"""The agent's first words: once, as soon as the settings are in force, before any question."""

from typing import Any

import pytest
from voicelive_tui.model.profile.greeting import Greeting
from voicelive_tui.protocol.carry_over import CarriedItem, CarryOver
from voicelive_tui.protocol.commands import SpeakFile
from voicelive_tui.protocol.conversation import Conversation
from voicelive_tui.protocol.greeting_request import greeting_request

from tests.protocol.support.conversation_harness import ConversationHarness, brief, sent

HELLO = {"response": {"instructions": "Say hello."}}
CREATE = "response.create"


def request(greeting: Greeting, *, api_version: str = "2026-07-15", agent: bool = False) -> Any:
    return greeting_request(
        greeting, instructions="Be brief.\n", api_version=api_version, agent=agent
    )


def test_a_text_is_said_as_it_stands_where_the_api_can() -> None:
    message = {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "Good day."}],
    }
    for version in ("2026-01-01-preview", "2026-07-15"):
        fields = request(Greeting(text="Good day."), api_version=version)
        assert fields == {"response": {"pre_generated_assistant_message": message}}


def test_an_older_api_is_asked_to_say_the_text() -> None:
    fields = request(Greeting(text="Good day."), api_version="2025-10-01")
    assert fields["response"]["instructions"].startswith("Be brief.\n\nSay exactly")
    assert fields["response"]["instructions"].endswith("Good day.")


def test_a_prompt_is_added_to_the_instructions_which_an_agent_brings_itself() -> None:
    greeting = Greeting(prompt="Ask for the name.")
    assert request(greeting)["response"] == {"instructions": "Be brief.\n\nAsk for the name."}
    assert request(greeting, agent=True) == {"additional_instructions": "Ask for the name."}
    assert request(Greeting()) is None


def test_it_is_requested_once_when_the_settings_are_in_force() -> None:
    harness = ConversationHarness(settled=False, greeting=HELLO)
    assert sent(harness.service("session.created", session={"id": "sess_1"}), CREATE) == []
    assert sent(harness.service("session.updated", session=harness.session), CREATE) == [HELLO]
    assert sent(harness.service("session.updated", session=harness.session), CREATE) == []


def test_a_service_that_never_answers_the_settings_is_asked_all_the_same() -> None:
    harness = ConversationHarness(settled=False, greeting=HELLO)
    assert sent(harness.until(harness.now + 10), CREATE) == [HELLO]


def test_a_typed_message_waits_for_the_end_of_the_greeting() -> None:
    harness = ConversationHarness(settled=False, greeting=HELLO)
    assert harness.conversation.send_text("Hi", harness.now) == ()
    assert brief(harness.service("session.updated", session=harness.session)) == [CREATE]
    harness.created()
    assert brief(harness.done()) == ["conversation.item.create", CREATE]


def test_a_file_in_place_of_the_microphone_waits_until_the_greeting_is_heard() -> None:
    harness = ConversationHarness(greeting=HELLO)
    conversation = harness.conversation
    assert conversation.file_usable(harness.now) == ()
    harness.answering()
    harness.audio_done()
    assert SpeakFile() not in harness.done()
    assert conversation.turn_open(harness.now)
    harness.heard()
    assert conversation.speak_waiting_file(harness.now) == (SpeakFile(),)
    assert conversation.speak_waiting_file(harness.now) == ()


def test_an_answer_of_text_alone_ends_with_its_response() -> None:
    harness = ConversationHarness(greeting=HELLO)
    assert harness.conversation.file_usable(harness.now) == ()
    harness.created()
    assert SpeakFile() in harness.done()


@pytest.mark.parametrize("act", [Conversation.toggle_talk, Conversation.interrupt])
def test_a_user_who_acts_first_gets_no_greeting(act: Any) -> None:
    harness = ConversationHarness({"turn_detection": None}, settled=False, greeting=HELLO)
    if act is Conversation.interrupt:
        harness.conversation.interrupt(harness.now)
    else:
        harness.conversation.toggle_talk()
    assert sent(harness.service("session.updated", session=harness.session), CREATE) == []


@pytest.mark.parametrize("carried", [True, False])
def test_only_a_conversation_that_begins_has_a_greeting(carried: bool) -> None:
    content = [{"type": "input_text", "text": "Hi"}]
    item = {"id": "item_1", "type": "message", "role": "user", "content": content}
    items = (CarriedItem(item),) if carried else ()
    harness = ConversationHarness(settled=False, greeting=HELLO, carry_over=CarryOver(items=items))
    requests = sent(harness.service("session.updated", session=harness.session), CREATE)
    assert requests == ([] if carried else [HELLO])
