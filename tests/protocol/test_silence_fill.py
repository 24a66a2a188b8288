"""Silence in place of a microphone that went away in the middle of a turn, with a clock that the
test moves."""

from base64 import b64decode

import pytest
from voicelive_tui.model.formats import BLOCK_S, BLOCKS_PER_S
from voicelive_tui.protocol.commands import Command, SendAudio
from voicelive_tui.protocol.notices import SILENCE_SENT
from voicelive_tui.protocol.silence_fill import FILL_AFTER_S, LONGEST_S

from tests.protocol.support.conversation_harness import ConversationHarness, brief

APPEND = "input_audio_buffer.append"


def blocks(commands: tuple[Command, ...]) -> list[bytes]:
    """The audio that is sent."""
    return [
        b64decode(command.event["audio"]) for command in commands if isinstance(command, SendAudio)
    ]


def hearing(session: dict[str, object] | None = None) -> ConversationHarness:
    """A conversation in which the service hears the user."""
    harness = ConversationHarness(session)
    harness.speech_started()
    return harness


def speech_stopped(harness: ConversationHarness) -> None:
    harness.service("input_audio_buffer.speech_stopped", audio_end_ms=900, item_id="item_u")


def test_a_microphone_that_is_there_gets_no_silence() -> None:
    assert hearing().talk(30) == ()


def test_a_turn_that_nobody_feeds_gets_silence_at_the_pace_of_a_microphone() -> None:
    harness = hearing()
    harness.talk(1)
    # The last block was heard 20 ms ago.
    assert harness.until(harness.now + FILL_AFTER_S - BLOCK_S - 0.001) == ()
    begun = harness.until(harness.now + 0.002)
    assert begun[0] == SILENCE_SENT and brief(begun[1:]) == [APPEND]
    for _ in range(2):
        sent = harness.until(harness.now + 1)
        assert brief(sent) == [APPEND] * BLOCKS_PER_S
        assert blocks(sent) == [bytes(960)] * BLOCKS_PER_S
    speech_stopped(harness)
    assert harness.conversation.due_s is None


@pytest.mark.parametrize("late_s", [0.5, 5.0])
def test_silence_is_not_sent_faster_because_its_beginning_came_late(late_s: float) -> None:
    harness = hearing()
    late = harness.now + FILL_AFTER_S + late_s
    assert brief(harness.conversation.tick(late)) == [("notice", "info"), APPEND]
    assert harness.conversation.due_s == pytest.approx(late + BLOCK_S)


def test_blocks_that_a_busy_machine_sends_late_are_made_up_for() -> None:
    harness = hearing()
    harness.until(harness.now + FILL_AFTER_S)
    assert brief(harness.conversation.tick(harness.now + 0.101)) == [APPEND] * 5


def test_a_microphone_that_comes_back_ends_the_silence() -> None:
    harness = hearing()
    assert blocks(harness.until(harness.now + FILL_AFTER_S + 1))
    assert harness.talk(3) == ()
    again = harness.until(harness.now + FILL_AFTER_S + 1)
    assert again[0] == SILENCE_SENT and blocks(again)


def test_a_service_that_never_ends_the_turn_is_not_sent_silence_for_ever() -> None:
    harness = hearing()
    sent = blocks(harness.until(harness.now + 100))
    assert len(sent) == LONGEST_S * BLOCKS_PER_S
    assert harness.conversation.due_s is None
    # The microphone may come back, and go away again.
    harness.talk(1)
    assert blocks(harness.until(harness.now + 100))


def test_a_turn_that_is_over_gets_none() -> None:
    harness = hearing()
    speech_stopped(harness)
    assert harness.until(harness.now + 60) == ()


def test_a_turn_that_the_user_ends_by_hand_gets_none() -> None:
    assert hearing({"turn_detection": None}).until(1_000.0) == ()


def test_silence_has_the_format_of_the_microphone() -> None:
    harness = hearing({"input_audio_format": "g711_ulaw"})
    (block,) = blocks(harness.until(harness.now + FILL_AFTER_S))
    assert block == b"\xff" * 160
