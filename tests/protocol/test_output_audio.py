"""Received audio is played at once, in whole samples, and its end is passed on."""

from base64 import b64encode
from typing import Any

import pytest
from voicelive_tui.protocol.commands import Play

from tests.protocol.support.conversation_harness import ConversationHarness, Heard, brief, sent


def test_audio_is_played_as_it_comes_and_its_end_is_told() -> None:
    harness = ConversationHarness()
    harness.created()
    assert brief(harness.audio(20)) == [("play", "item_a", 0, 960)]
    assert brief(harness.audio_done()) == [("end", "item_a", 0)]


def test_g711_passes_through_and_counts_in_its_own_milliseconds() -> None:
    harness = ConversationHarness({"output_audio_format": "g711_ulaw"})
    harness.created()
    delta = b64encode(bytes(range(160))).decode()
    (play,) = harness.service(
        "response.audio.delta", response_id="resp_1", item_id="item_a", content_index=0, delta=delta
    )
    assert play == Play("item_a", 0, bytes(range(160)), 20)
    harness.conversation.interrupt(harness.now)
    assert (
        sent(harness.flushed(Heard("item_a", 0, 99)), "conversation.item.truncate")[0][
            "audio_end_ms"
        ]
        == 20
    )


def test_a_sample_split_between_two_deltas_is_put_together() -> None:
    harness = ConversationHarness()
    harness.created()
    pieces = [b"\x01\x02\x03", b"\x04\x05", b"\x06"]
    heard = b""
    for piece in pieces:
        fields = {
            "response_id": "resp_1",
            "item_id": "item_a",
            "content_index": 0,
            "delta": b64encode(piece).decode(),
        }
        heard += b"".join(
            command.audio
            for command in harness.service("response.audio.delta", **fields)
            if isinstance(command, Play)
        )
    assert heard == b"\x01\x02\x03\x04\x05\x06"


@pytest.mark.parametrize("delta", ["!!!!", "AAA", 7, "AA==AA=="])
def test_audio_that_is_no_base64_is_told_once(delta: Any) -> None:
    harness = ConversationHarness()
    harness.created()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0, "delta": delta}
    commands = brief(harness.service("response.audio.delta", **fields)) + brief(
        harness.service("response.audio.delta", **fields)
    )
    assert commands == [("notice", "warning")]
    assert brief(harness.audio(20)) == [("play", "item_a", 0, 960)]


def test_the_newer_names_of_the_same_events_are_understood() -> None:
    harness = ConversationHarness()
    harness.created()
    delta = b64encode(bytes(960)).decode()
    fields = {"response_id": "resp_1", "item_id": "item_a", "content_index": 0}
    assert brief(harness.service("response.output_audio.delta", **fields, delta=delta)) == [
        ("play", "item_a", 0, 960)
    ]
    assert brief(harness.service("response.output_audio.done", **fields)) == [("end", "item_a", 0)]


def test_an_answer_that_fails_in_the_middle_ends_all_the_same() -> None:
    # Only `response.done` is guaranteed; without an end the speaker would wait for the rest for
    # ever.
    harness = ConversationHarness()
    harness.answering(100)
    assert brief(harness.done(status="failed", error={"message": "no"})) == [
        ("end", "item_a", 0),
        ("notice", "error"),
    ]
    harness.conversation.drained(Heard("item_a", 0, 100))
    assert not harness.conversation.assistant_speaking(harness.now)


def test_an_answer_that_loses_its_speaker_is_not_played_any_further() -> None:
    harness = ConversationHarness()
    harness.answering(1000)
    harness.conversation.speaker_lost(Heard("item_a", 0, 300))
    assert not harness.conversation.assistant_speaking(harness.now)
    # What arrives before the session knows that there is no speaker is not a part of its own.
    assert brief(harness.audio(200)) == []
    assert brief(harness.conversation.inaudible()) == []
    harness.conversation.audible()
    assert brief(harness.audio(200)) == []
    assert brief(harness.audio_done()) == []
    assert brief(harness.done()) == []
    harness.created("resp_2")
    assert brief(harness.audio(20, item="item_b", response="resp_2")) == [
        ("play", "item_b", 0, 960)
    ]


@pytest.mark.parametrize("name", ["pcm16_0001hz", "pcm16_99999999hz"])
def test_a_rate_that_no_sound_has_is_not_taken_at_its_word(name: str) -> None:
    output = ConversationHarness({"output_audio_format": name}).conversation.output_format
    assert output is not None and output.rate_hz == 24_000
