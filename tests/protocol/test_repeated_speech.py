"""A spoken question that is asked again: its recorded audio in place of the microphone."""

import base64

from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.protocol.commands import Command, ConvertSpeech, SendAudio
from voicelive_tui.protocol.notices import CANNOT_REPEAT
from voicelive_tui.protocol.repeated_speech import SILENCE_S

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, brief, sent

PCM = AudioFormat()
SPEECH = bytes(range(1, 241)) * 20  # 100 ms
MICROPHONE = bytes(960)


def audio_of(commands: tuple[Command, ...]) -> bytes:
    return b"".join(base64.b64decode(each["audio"]) for each in sent(commands, APPEND))


APPEND = "input_audio_buffer.append"


def asked_again(session: dict[str, object]) -> tuple[ConversationHarness, tuple[Command, ...]]:
    """A conversation that repeats speech from its beginning, with what it does when the settings
    are in force."""
    harness = ConversationHarness(session, settled=False)
    harness.conversation.repeat_speech(SPEECH, PCM)
    harness.service("session.created", session={"turn_detection": VAD})
    assert harness.conversation.microphone(MICROPHONE, harness.now) == ()
    return harness, harness.service("session.updated", session=session)


def test_recorded_speech_goes_out_at_the_pace_of_a_microphone() -> None:
    harness, _ = asked_again({"turn_detection": VAD})
    began = harness.now
    commands = harness.until(began + 0.05)
    assert audio_of(commands) == SPEECH[: 3 * PCM.block_bytes]
    assert not any(each.captured_at_s for each in commands if isinstance(each, SendAudio))
    assert harness.conversation.microphone(MICROPHONE, harness.now) == (), "in its place"
    assert audio_of(harness.until(began + 0.09)) == SPEECH[3 * PCM.block_bytes :]


def test_silence_follows_until_the_service_has_heard_the_end() -> None:
    harness, _ = asked_again({"turn_detection": VAD})
    harness.speech_started()
    assert audio_of(harness.until(harness.now + 1)).startswith(SPEECH)
    assert harness.conversation.microphone(MICROPHONE, harness.now) == ()
    harness.service("input_audio_buffer.speech_stopped", item_id="item_u")
    harness.until(harness.now + 0.05)
    assert brief(harness.conversation.microphone(MICROPHONE, harness.now)) == [APPEND]


def test_a_service_that_hears_nothing_gets_the_microphone_after_a_while() -> None:
    harness, _ = asked_again({"turn_detection": VAD})
    harness.until(harness.now + 0.1 + SILENCE_S + 0.05)
    assert brief(harness.conversation.microphone(MICROPHONE, harness.now)) == [APPEND]


def test_without_turn_detection_it_is_a_manual_turn() -> None:
    harness, _ = asked_again({"turn_detection": None})
    commands = harness.until(harness.now + 0.2)
    assert audio_of(commands) == SPEECH
    assert brief(commands)[-2:] == ["input_audio_buffer.commit", "response.create"]
    assert not harness.conversation.talking


def test_a_turn_that_the_user_closes_ends_what_is_repeated() -> None:
    harness, _ = asked_again({"turn_detection": None})
    harness.until(harness.now + 0.03)
    assert brief(harness.conversation.toggle_talk()) == [
        "input_audio_buffer.commit",
        "response.create",
    ]
    assert harness.until(harness.now + 1) == ()


ULAW = AudioFormat("g711_ulaw", 8_000)
IN_ULAW = bytes(range(100)) * 8  # 100 ms


def converting(**session: object) -> ConversationHarness:
    """A conversation whose settings turned out to want G.711 for the speech that it repeats."""
    settings = {"turn_detection": VAD, "input_audio_format": "g711_ulaw", **session}
    harness, commands = asked_again(settings)
    assert commands == (ConvertSpeech(SPEECH, PCM, ULAW),)
    return harness


def test_speech_in_another_format_is_converted_and_then_sent() -> None:
    harness = converting()
    assert harness.until(harness.now + 0.1) == ()
    block = bytes(ULAW.block_bytes)
    assert harness.conversation.microphone(block, harness.now) == (), "it comes first"
    harness.conversation.speech_converted(IN_ULAW, ULAW, harness.now)
    assert audio_of(harness.until(harness.now + 0.09)) == IN_ULAW
    assert harness.conversation.microphone(block, harness.now) == ()


def test_a_converted_question_without_turn_detection_is_a_manual_turn() -> None:
    harness = converting(turn_detection=None)
    harness.conversation.speech_converted(IN_ULAW, ULAW, harness.now)
    assert harness.conversation.talking
    commands = harness.until(harness.now + 0.2)
    assert audio_of(commands) == IN_ULAW
    assert brief(commands)[-2:] == ["input_audio_buffer.commit", "response.create"]


def test_the_format_may_change_again_meanwhile() -> None:
    harness = converting()
    harness.service("session.updated", session={"input_audio_format": "pcm16"})
    commands = harness.conversation.speech_converted(IN_ULAW, ULAW, harness.now)
    assert commands == (ConvertSpeech(IN_ULAW, ULAW, PCM),)


def test_speech_that_cannot_be_converted_is_not_sent_and_that_is_said() -> None:
    harness = converting()
    assert harness.conversation.speech_converted(None, ULAW, harness.now) == (CANNOT_REPEAT,)
    block = bytes(ULAW.block_bytes)
    assert brief(harness.conversation.microphone(block, harness.now)) == [APPEND]
    _, commands = asked_again({"turn_detection": VAD, "input_audio_format": "opus"})
    assert CANNOT_REPEAT in commands


def test_a_conversion_that_comes_after_the_user_ended_the_turn_is_dropped() -> None:
    harness = converting(turn_detection=None)
    harness.conversation.toggle_talk()
    harness.conversation.toggle_talk()
    assert harness.conversation.speech_converted(IN_ULAW, ULAW, harness.now) == ()
    assert audio_of(harness.until(harness.now + 1)) == b""
