"""A turn is over when its last sample has left the speaker, or when no answer will come."""

from base64 import b64encode

import pytest
from voicelive_tui.protocol.commands import Send

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, Heard, brief

LATER_S = 3_600.0


def is_open(harness: ConversationHarness, later_s: float = LATER_S) -> bool:
    """Return whether the turn is open, now and after this time in which nothing happens."""
    now, later = (
        harness.conversation.turn_open(harness.now),
        harness.conversation.turn_open(harness.now + later_s),
    )
    assert now == later
    return now


def speaks(harness: ConversationHarness) -> bool:
    return harness.conversation.assistant_speaking(harness.now + LATER_S)


def speech_stopped(harness: ConversationHarness, item: str = "item_u") -> None:
    harness.service("input_audio_buffer.speech_stopped", audio_end_ms=900, item_id=item)


def committed(harness: ConversationHarness, item: str = "item_u") -> None:
    harness.service("input_audio_buffer.committed", item_id=item, previous_item_id=None)


def test_before_anything_is_said_no_turn_is_open() -> None:
    assert not is_open(ConversationHarness())


def test_an_answer_sent_in_one_burst_is_open_until_the_speaker_has_played_it() -> None:
    harness = ConversationHarness()
    harness.conversation.send_text("Hello", harness.now)
    assert is_open(harness) and not speaks(harness)
    harness.created()
    harness.audio(30_000)
    harness.audio_done()
    harness.done()
    assert speaks(harness) and is_open(harness)
    harness.heard(played_ms=30_000)
    assert not speaks(harness) and not is_open(harness)


@pytest.mark.parametrize("size_ms", [1, 60])
def test_an_answer_too_short_to_start_the_speaker_counts_from_its_first_sample(
    size_ms: int,
) -> None:
    harness = ConversationHarness()
    harness.created()
    harness.audio(size_ms)
    assert speaks(harness)
    assert brief(harness.audio_done()) == [("end", "item_a", 0)]
    harness.done()
    assert speaks(harness)
    harness.heard(played_ms=size_ms)
    assert not is_open(harness)


@pytest.mark.parametrize("audio", [b"", b"\x01"])
def test_a_part_without_a_whole_sample_is_waited_for_by_nobody(audio: bytes) -> None:
    harness = ConversationHarness()
    harness.created()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0}
    harness.service("response.audio.delta", **fields, delta=b64encode(audio).decode())
    harness.done()
    assert not is_open(harness)


def test_an_answer_that_is_heard_as_fast_as_it_comes_is_open_until_its_response_is_done() -> None:
    harness = ConversationHarness()
    harness.created()
    harness.audio(100)
    harness.audio_done()
    harness.heard(played_ms=100)
    assert is_open(harness) and not speaks(harness)
    harness.done()
    assert not is_open(harness)


def test_every_part_of_an_answer_is_waited_for() -> None:
    harness = ConversationHarness()
    harness.created()
    for item, index in (("item_a", 0), ("item_a", 1), ("item_b", 0)):
        harness.audio(500, item=item, index=index)
        harness.service(
            "response.audio.done", response_id="resp_1", item_id=item, content_index=index
        )
    harness.done()
    for item, index in (("item_a", 0), ("item_a", 1), ("item_b", 0)):
        assert is_open(harness) and speaks(harness)
        harness.heard(item, index, 500)
    assert not is_open(harness)


def test_g711_is_waited_for_too() -> None:
    harness = ConversationHarness({"output_audio_format": "g711_alaw"})
    harness.created()
    delta = b64encode(bytes(1)).decode()
    harness.service(
        "response.audio.delta", response_id="resp_1", item_id="item_a", content_index=0, delta=delta
    )
    harness.done()
    assert is_open(harness)
    harness.heard(played_ms=0)
    assert not is_open(harness)


def test_sound_whose_response_nobody_named_ends_with_the_response_that_runs() -> None:
    # The speaker would wait for the rest for ever, and the turn for the speaker.
    harness = ConversationHarness()
    harness.created()
    harness.audio(20, response="")
    assert brief(harness.done()) == [("end", "item_a", 0)]


def test_sound_that_comes_before_its_response_is_waited_for_until_that_is_done() -> None:
    harness = ConversationHarness()
    harness.created("resp_0")
    harness.audio(20, item="item_b", response="resp_1")
    harness.created("resp_1")
    assert brief(harness.done("resp_0")) == []
    assert brief(harness.done("resp_1")) == [("end", "item_b", 0)]


def test_sound_after_the_end_of_its_response_ends_with_the_next() -> None:
    harness = ConversationHarness()
    harness.created("resp_0")
    harness.done("resp_0")
    harness.audio(20, item="item_a", response="resp_0")
    harness.created("resp_1")
    harness.audio(20, item="item_b", response="resp_1")
    harness.created("resp_2")
    assert brief(harness.done("resp_1")) == [("end", "item_b", 0), ("end", "item_a", 0)]
    harness.heard("item_a", 0, 20)
    harness.heard("item_b", 0, 20)
    assert not speaks(harness)


def test_without_a_speaker_the_answer_takes_the_time_it_would() -> None:
    harness = ConversationHarness(audible=False)
    harness.created()
    harness.audio(1000)
    harness.done()
    assert harness.conversation.turn_open(harness.now + 0.9)
    assert not harness.conversation.turn_open(harness.now + 1.1)
    over_s = harness.now + 1.0
    assert harness.conversation.due_s == over_s
    assert harness.until(over_s) == ()
    assert harness.conversation.due_s is None and not is_open(harness)


def test_losing_the_speaker_ends_the_wait_for_it() -> None:
    harness = ConversationHarness()
    harness.created()
    harness.audio(1000)
    harness.audio_done()
    harness.done()
    assert brief(harness.conversation.inaudible()) == [("flush", "off_air")]
    assert not is_open(harness)


def test_an_interrupted_answer_is_over_and_the_users_turn_is_open() -> None:
    harness = ConversationHarness()
    harness.answering()
    harness.speech_started()
    assert not speaks(harness) and is_open(harness)
    harness.flushed(Heard("item_a", 0, 400))
    harness.done(status="cancelled", type="cancelled", reason="turn_detected")
    speech_stopped(harness)
    assert is_open(harness)


def test_a_spoken_turn_is_open_from_its_first_sound_to_the_end_of_its_answer() -> None:
    harness = ConversationHarness()
    harness.speech_started()
    assert is_open(harness)
    speech_stopped(harness)
    assert is_open(harness)
    committed(harness)
    assert is_open(harness)
    harness.created()
    harness.done()
    assert not is_open(harness)


def test_a_commit_that_is_told_late_asks_for_no_second_answer() -> None:
    harness = ConversationHarness()
    harness.speech_started()
    speech_stopped(harness)
    harness.created()
    committed(harness)
    harness.done()
    assert not is_open(harness)


def test_a_commit_alone_ends_a_spoken_turn_too() -> None:
    harness = ConversationHarness()
    committed(harness)
    assert is_open(harness)
    harness.created()
    harness.done()
    assert not is_open(harness)


def test_speech_that_goes_on_in_the_same_item_awaits_its_answer() -> None:
    harness = ConversationHarness()
    for _ in range(2):
        harness.speech_started()
        speech_stopped(harness)
    committed(harness)
    assert is_open(harness)


def test_speech_that_was_thrown_away_awaits_no_answer() -> None:
    harness = ConversationHarness()
    harness.speech_started()
    speech_stopped(harness)
    harness.service("input_audio_buffer.cleared")
    assert not is_open(harness)


def test_a_service_that_does_not_answer_by_itself_leaves_the_turn_unanswered() -> None:
    harness = ConversationHarness({"turn_detection": {**VAD, "create_response": False}})
    harness.speech_started()
    assert is_open(harness)
    speech_stopped(harness)
    committed(harness)
    assert not is_open(harness)
    harness.conversation.toggle_talk()
    assert is_open(harness)


def test_a_manual_turn_is_open_from_the_key_to_the_end_of_its_answer() -> None:
    harness = ConversationHarness({"turn_detection": None})
    harness.conversation.toggle_talk()
    harness.conversation.microphone(bytes(960), harness.now)
    assert is_open(harness)
    harness.conversation.toggle_talk()
    committed(harness)
    assert is_open(harness)
    harness.created()
    harness.done()
    assert not is_open(harness)


def test_an_answer_that_the_service_refuses_to_make_is_waited_for_no_longer() -> None:
    harness = ConversationHarness()
    create = harness.conversation.send_text("Hello", harness.now)[-1]
    assert isinstance(create, Send)
    harness.error(create.event["event_id"], "quota")
    assert not is_open(harness)


def test_an_answer_that_waits_for_another_one_is_still_to_come() -> None:
    harness = ConversationHarness()
    harness.answering(100)
    harness.conversation.send_text("And then?", harness.now)
    harness.conversation.interrupt(harness.now)
    assert is_open(harness)


def test_a_function_call_ends_the_turn_because_nobody_answers_it() -> None:
    harness = ConversationHarness()
    harness.created()
    harness.service(
        "response.function_call_arguments.done", item_id="item_f", call_id="call_1", arguments="{}"
    )
    assert is_open(harness)
    harness.done()
    assert not is_open(harness)


@pytest.mark.parametrize("result", ["completed", "failed"])
def test_a_tool_that_the_service_runs_keeps_the_turn_open_until_the_answer_to_it(
    result: str,
) -> None:
    harness = ConversationHarness()
    harness.created()
    harness.service(
        "response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}"
    )
    harness.done()
    assert is_open(harness)
    harness.service("response.mcp_call.in_progress", item_id="item_m", output_index=0)
    assert is_open(harness)
    assert brief(
        harness.service(f"response.mcp_call.{result}", item_id="item_m", output_index=0)
    ) == ["response.create"]
    assert is_open(harness)
    harness.created("resp_2")
    harness.done("resp_2")
    assert not is_open(harness)


def test_a_tools_call_that_was_cut_off_is_not_run() -> None:
    harness = ConversationHarness()
    harness.created()
    harness.service(
        "response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}"
    )
    harness.done(status="cancelled", type="cancelled", reason="client_cancelled")
    assert not is_open(harness)


def test_a_request_for_approval_ends_the_turn_because_nobody_answers_it() -> None:
    harness = ConversationHarness()
    harness.created()
    harness.service(
        "response.mcp_call_arguments.done", response_id="resp_1", item_id="item_m", arguments="{}"
    )
    item = {
        "id": "item_m",
        "type": "mcp_approval_request",
        "name": "search",
        "server_label": "docs",
    }
    harness.service("conversation.item.created", item=item)
    harness.done()
    assert not is_open(harness)


def test_more_sound_of_a_part_that_was_heard_is_heard_too() -> None:
    # A service that uses an item's id again speaks again.
    harness = ConversationHarness()
    for _ in range(2):
        harness.created()
        assert brief(harness.audio(20)) == [("play", "item_a", 0, 960)]
        assert brief(harness.audio_done()) == [("end", "item_a", 0)]
        harness.done()
        assert is_open(harness)
        harness.heard(played_ms=20)
        assert not is_open(harness)
