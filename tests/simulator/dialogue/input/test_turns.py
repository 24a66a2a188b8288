"""Turns in progress when something else happens: changed settings, commits, deletions, pending
responses."""

import pytest
from voicelive_simulator.dialogue.input.transcription import TRANSCRIPTION_S
from voicelive_simulator.dialogue.responses.response import FIRST_DELTA_S

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.support.speech_like import pcm16, silence, speech_like

TURN = pcm16(silence(0.5), speech_like(1.0), silence(0.52))  # ends as soon as the turn is over
SPEECH, PAUSE = pcm16(speech_like(0.6)), pcm16(silence(0.52))


def types(events: list[JSON]) -> list[str]:
    return [event["type"].removeprefix("input_audio_buffer.") for event in events]


def detect(driver: ConversationDriver, **detection: object) -> None:
    driver.say("session.update", session={"turn_detection": {"type": "server_vad", **detection}})


def manual(driver: ConversationDriver) -> None:
    driver.say("session.update", session={"turn_detection": None})


def test_detection_switched_off_while_someone_speaks_leaves_the_turn_to_a_commit() -> None:
    driver = ConversationDriver()
    [started] = driver.append(pcm16(silence(0.5), speech_like(1.0)))
    manual(driver)
    assert driver.append(PAUSE) == []
    committed, transcribed, created = driver.say("input_audio_buffer.commit")
    assert (
        committed["item_id"]
        == transcribed["item_id"]
        == created["item"]["id"]
        == started["item_id"]
    )
    assert transcribed["transcript"].startswith("[speech, 1.0 s")


def test_detection_switched_on_while_someone_speaks_begins_a_turn_there() -> None:
    driver = ConversationDriver()
    manual(driver)
    assert driver.append(pcm16(silence(1.0), speech_like(1.0))) == []
    detect(driver)
    events = driver.append(pcm16(speech_like(0.6), silence(1.0)))
    assert types(events)[:3] == ["speech_started", "speech_stopped", "committed"]
    assert events[0]["audio_start_ms"] == 2000, "the padding does not reach back before detection"
    assert len({event["item_id"] for event in events[:3]}) == 1


def test_off_and_on_again_in_the_middle_of_a_turn_is_a_new_turn() -> None:
    driver = ConversationDriver()
    [first] = driver.append(pcm16(silence(0.5), speech_like(1.0)))
    manual(driver)
    detect(driver)
    events = driver.append(pcm16(speech_like(0.6), silence(1.0)))
    assert types(events)[:3] == ["speech_started", "speech_stopped", "committed"]
    assert {event["item_id"] for event in events[:3]} != {first["item_id"]}


def test_a_commit_while_someone_speaks_ends_the_turn_and_the_rest_is_the_next() -> None:
    driver = ConversationDriver()
    [started] = driver.append(pcm16(silence(0.5), speech_like(1.0)))
    assert driver.say("input_audio_buffer.commit")[0]["item_id"] == started["item_id"]
    assert driver.wait(5.0) == [], "a commit does not start a response"
    events = driver.append(pcm16(speech_like(0.6), silence(1.0)))
    assert types(events)[:3] == ["speech_started", "speech_stopped", "committed"]
    assert events[0]["audio_start_ms"] == 1500
    assert events[2]["previous_item_id"] == started["item_id"]


def test_a_minute_of_speech_is_one_turn() -> None:
    driver = ConversationDriver()
    events = driver.append(pcm16(silence(0.5), speech_like(60.0), silence(1.0)))
    assert types(events)[:3] == ["speech_started", "speech_stopped", "committed"]
    assert events[1]["audio_end_ms"] == pytest.approx(60_500 + 500, abs=80)
    assert "60.0 s" in events[3]["transcript"] or "59.9 s" in events[3]["transcript"]
    assert types(events).count("speech_started") == 1


def test_audio_time_does_not_fall_behind_at_commits() -> None:
    """Chunks that are not multiples of a block: losing 19 ms at each commit would add up to a
    shifted turn."""
    driver = ConversationDriver()
    manual(driver)
    for _ in range(30):
        driver.append(bytes(48 * 50))  # 50 ms
        driver.say("input_audio_buffer.commit")
    detect(driver, prefix_padding_ms=0, speech_duration_ms=80)
    [started] = driver.append(pcm16(silence(0.5), speech_like(0.6)))
    assert started["audio_start_ms"] == pytest.approx(30 * 50 + 500, abs=20)


def test_less_than_a_block_cannot_be_committed_and_is_not_lost() -> None:
    driver = ConversationDriver()
    manual(driver)
    driver.append(bytes(48 * 19))
    [refused] = driver.say("input_audio_buffer.commit", event_id="mine")
    assert (
        refused["error"]["code"] == "input_audio_buffer_commit_empty"
        and refused["error"]["event_id"] == "mine"
    )
    driver.append(bytes(48))
    assert types(driver.say("input_audio_buffer.commit"))[0] == "committed"


def test_barge_in_forgets_the_answer_that_was_owed_for_the_turn_before() -> None:
    driver = ConversationDriver()
    detect(driver, interrupt_response=False)
    spoken = {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "a long story " * 20}],
    }
    driver.say("response.create", response={"pre_generated_assistant_message": spoken})
    driver.append(SPEECH + PAUSE)  # answered after the running response
    detect(driver)
    events = driver.append(SPEECH)
    assert types(events).index("speech_started") < types(events).index("response.done")
    assert driver.wait(5.0) == [], "nobody is answered while they speak"
    assert "response.created" in types(driver.append(PAUSE))


@pytest.mark.parametrize("settings", [None, {"type": "server_vad", "create_response": False}])
def test_settings_without_answers_cancel_the_one_that_was_owed(settings: JSON | None) -> None:
    driver = ConversationDriver()
    detect(driver, interrupt_response=False)
    driver.append(TURN)
    driver.wait(FIRST_DELTA_S + 0.3)
    driver.append(SPEECH + PAUSE)
    driver.say("session.update", session={"turn_detection": settings})
    assert "response.created" not in types(driver.wait(30.0))


def test_a_client_that_asks_for_the_owed_answer_gets_it_once() -> None:
    driver = ConversationDriver()
    detect(driver, interrupt_response=False)
    driver.append(TURN)
    driver.wait(FIRST_DELTA_S + 0.3)
    driver.append(SPEECH + PAUSE)
    driver.say("response.create", response={"cancel_previous": True})
    assert types(driver.wait(60.0)).count("response.done") == 1


def test_two_turns_at_once_cancel_the_first_answer_before_it_has_an_item() -> None:
    driver = ConversationDriver()
    events = driver.append(TURN + SPEECH + PAUSE)
    responses = [e for e in events if e["type"].startswith("response.")]
    assert types(responses) == ["response.created", "response.done", "response.created"]
    assert responses[1]["response"]["output"] == []
    assert responses[1]["response"]["status_details"] == {
        "type": "cancelled",
        "reason": "turn_detected",
    }
    first, second = (e for e in events if e["type"] == "input_audio_buffer.committed")
    assert (first["previous_item_id"], second["previous_item_id"]) == (None, first["item_id"])
    assert events.index(responses[1]) == types(events).index("speech_started", 1) + 1
    driver.wait(20.0)
    assert driver.last("response.done")["response"]["status"] == "completed"


def test_a_native_transcript_is_neither_early_nor_of_a_deleted_item() -> None:
    driver = ConversationDriver("gpt-realtime")
    driver.say(
        "session.update",
        session={"input_audio_transcription": {"model": "whisper-1"}, "turn_detection": None},
    )
    driver.append(TURN)
    item_id = driver.say("input_audio_buffer.commit")[0]["item_id"]
    [early] = driver.say("conversation.item.retrieve", item_id=item_id)
    assert early["item"]["content"][0]["transcript"] is None
    [completed] = driver.wait(TRANSCRIPTION_S)
    [later] = driver.say("conversation.item.retrieve", item_id=item_id)
    assert later["item"]["content"][0]["transcript"] == completed["transcript"]
    driver.append(TURN)
    item_id = driver.say("input_audio_buffer.commit")[0]["item_id"]
    driver.say("conversation.item.delete", item_id=item_id)
    assert driver.wait(5.0) == []


def test_the_chain_of_previous_items_skips_what_was_deleted() -> None:
    driver = ConversationDriver()
    first, second, third = (driver.type_text(text) for text in ("a", "b", "c"))
    driver.say("conversation.item.delete", item_id=third)
    driver.say("conversation.item.delete", item_id=first)
    detect(driver, create_response=False)
    events = driver.append(TURN)
    assert [e["previous_item_id"] for e in events if "previous_item_id" in e] == [second, second]
    driver.say("conversation.item.delete", item_id=second)
    driver.say("conversation.item.delete", item_id=events[-1]["item"]["id"])
    driver.say("response.create")
    driver.wait(FIRST_DELTA_S)
    assert driver.last("conversation.item.created")["previous_item_id"] is None


def test_a_full_conversation_refuses_clients_and_goes_on_answering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("voicelive_simulator.dialogue.state.items.MOST_ITEMS", 2)
    driver = ConversationDriver()
    driver.type_text("one")
    driver.append(TURN)
    for kind, fields in (
        ("conversation.item.create", {"item": {"type": "message", "role": "user", "content": []}}),
        ("response.create", {}),
        ("input_audio_buffer.commit", {}),
    ):
        driver.append(bytes(960))
        assert driver.say(kind, **fields)[0]["error"]["code"] == "conversation_full"
    assert types(driver.wait(20.0))[-2:] == ["response.done", "rate_limits.updated"]
    driver.append(SPEECH + PAUSE)
    assert driver.wait(20.0)[-2]["response"]["status"] == "completed"
