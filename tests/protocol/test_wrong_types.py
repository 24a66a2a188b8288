"""Events of known types with wrong values in every field: the conversation ignores what it cannot
use and goes on."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.ipc.frames import encode as audio_frame
from voicelive_tui.audio.ipc.requests import EndRequest, SetFormatsRequest
from voicelive_tui.audio.ipc.requests import PlayRequest as PlayRequest
from voicelive_tui.protocol.commands import EndOfAudio, Play, Send
from voicelive_tui.protocol.wire import encode

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, Heard, brief
from tests.support.wrong_events import STRANGE, wrong_events

KINDS = st.sampled_from(
    [None, {"turn_detection": None}, {"turn_detection": VAD, "output_audio_format": "g711_alaw"}]
)


@given(KINDS, st.lists(wrong_events(), max_size=6))
def test_no_event_raises_and_every_decision_can_be_carried_out(
    session: Any, events: list[dict[str, Any]]
) -> None:
    harness = ConversationHarness(session)
    harness.answering(100)
    commands = [command for event in events for command in harness.receive(event)]
    commands += [
        *harness.speech_started(),
        *harness.flushed(Heard("item_a", 0, 50)),
        *harness.conversation.send_text("still there?", harness.now),
        *harness.conversation.interrupt(harness.now),
    ]
    for command in commands:
        _carry_out(command)
    for fmt in (harness.conversation.input_format, harness.conversation.output_format):
        if fmt is not None:
            assert 1_000 <= fmt.rate_hz <= 384_000
            audio_frame(SetFormatsRequest(fmt, fmt))
    assert (harness.conversation.expires_at_unix_s or 0) < 2**53


def _carry_out(command: object) -> None:
    """Carry out a command up to the bytes for the service or the audio process."""
    match command:
        case Send(event):
            encode(event)
        case Play(item_id, content_index, audio):
            audio_frame(PlayRequest(0, item_id, content_index, audio))
        case EndOfAudio(item_id, content_index):
            audio_frame(EndRequest(0, item_id, content_index))


@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: str(type(value).__name__))
@pytest.mark.parametrize("field", ["item_id", "content_index", "response_id", "delta"])
def test_audio_with_a_strange_field_is_played_in_reach_of_the_speaker_or_not_at_all(
    field: str, strange: Any
) -> None:
    harness = ConversationHarness()
    harness.created()
    fields = {
        "response_id": "resp_1",
        "item_id": "item_a",
        "content_index": 0,
        "delta": "AAAA",
        field: strange,
    }
    for command in harness.service("response.audio.delta", **fields) + harness.service(
        "response.audio.done", **fields
    ):
        try:
            _carry_out(command)
        except (struct.error, ValueError) as error:
            pytest.fail(f"{brief((command,))} cannot be carried out: {error}")
