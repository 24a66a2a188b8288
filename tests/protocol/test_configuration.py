"""session.update: what is sent, when the microphone opens, and the effect of a refusal (protocol.md
sections 6, 14, 15.1)."""

from typing import Any

import pytest
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.notice import Notice
from voicelive_tui.protocol.commands import Send
from voicelive_tui.protocol.configuration import SETTLE_S
from voicelive_tui.protocol.settings_updates import GAP_S

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, brief, sent


def refuse_first(harness: ConversationHarness, **error: Any) -> list[object]:
    update = harness.first[0]
    assert isinstance(update, Send)
    return brief(harness.error(error.pop("event_id", update.event["event_id"]), **error))


def test_the_profile_is_sent_as_it_stands_when_the_socket_opens() -> None:
    session = {"instructions": "Be kind.", "turn_detection": None, "some_new_field": {"x": 1}}
    harness = ConversationHarness(session, settled=False)
    assert sent(harness.first, "session.update") == [{"session": session}]


def test_the_microphone_waits_until_the_settings_are_in_force() -> None:
    harness = ConversationHarness(settled=False)
    assert harness.conversation.microphone(bytes(960), harness.now) == ()
    harness.service("session.created", session={})
    assert harness.conversation.microphone(bytes(960), harness.now) == ()
    harness.service("session.updated", session={})
    assert brief(harness.conversation.microphone(bytes(960), harness.now)) == [
        "input_audio_buffer.append"
    ]


def test_a_service_that_never_answers_the_update_gets_the_microphone_all_the_same() -> None:
    harness = ConversationHarness(settled=False)
    assert harness.until(harness.now + SETTLE_S - 0.1) == ()
    assert harness.conversation.microphone(bytes(960), harness.now) == ()
    assert harness.until(harness.now + 0.1) == ()
    assert brief(harness.conversation.microphone(bytes(960), harness.now)) == [
        "input_audio_buffer.append"
    ]
    assert harness.conversation.due_s is None


def test_an_error_about_something_else_does_not_answer_the_update() -> None:
    harness = ConversationHarness(settled=False)
    assert brief(harness.error("evt_of_nobody")) == [("notice", "error")]
    assert not harness.conversation.status(harness.now).ready
    harness.service("session.updated", session={})
    assert harness.conversation.status(harness.now).ready


def test_an_answered_update_is_waited_for_no_more() -> None:
    harness = ConversationHarness(settled=False)
    assert harness.conversation.due_s == harness.now + SETTLE_S
    harness.service("session.updated", session={})
    assert harness.conversation.due_s is None


@pytest.mark.parametrize("named", [True, False])
def test_a_refused_update_is_told_and_the_session_goes_on_with_what_it_had(named: bool) -> None:
    harness = ConversationHarness(
        {"turn_detection": None, "input_audio_format": "g711_ulaw"}, settled=False
    )
    harness.service(
        "session.created", session={"turn_detection": VAD, "input_audio_format": "pcm16"}
    )
    assert harness.conversation.manual
    commands = (
        refuse_first(harness, code="bad_voice") if named else refuse_first(harness, event_id=None)
    )
    assert commands == [("notice", "error")]
    assert not harness.conversation.manual
    assert harness.conversation.input_format == AudioFormat("pcm16", 24_000)
    assert brief(harness.conversation.microphone(bytes(960), harness.now)) == [
        "input_audio_buffer.append"
    ]


def test_an_edited_profile_sends_what_changed() -> None:
    harness = ConversationHarness({"instructions": "a", "voice": "alloy", "turn_detection": VAD})
    commands = harness.conversation.update(
        {"instructions": "b", "voice": "alloy", "turn_detection": VAD}, harness.now
    )
    assert sent(commands, "session.update") == [{"session": {"instructions": "b"}}]


def test_a_refused_edit_is_not_sent_again_with_the_next() -> None:
    harness = ConversationHarness({"instructions": "a", "turn_detection": VAD})
    refused = harness.conversation.update(
        {"instructions": "a", "voice": "nobody", "turn_detection": VAD}, harness.now
    )[0]
    assert isinstance(refused, Send)
    assert brief(harness.error(refused.event["event_id"])) == [("notice", "error")]
    harness.until(harness.now + GAP_S)
    commands = harness.conversation.update(
        {"instructions": "c", "voice": "nobody", "turn_detection": VAD}, harness.now
    )
    assert sent(commands, "session.update") == [{"session": {"instructions": "c"}}]


def test_an_unchanged_profile_sends_nothing() -> None:
    harness = ConversationHarness({"instructions": "a"})
    assert harness.conversation.update({"instructions": "a"}, harness.now) == ()


def test_a_removed_setting_cannot_be_unset_and_that_is_said() -> None:
    harness = ConversationHarness({"instructions": "a", "temperature": 0.8})
    (notice,) = harness.conversation.update({"instructions": "a"}, harness.now)
    assert isinstance(notice, Notice)
    assert "temperature" in notice.text


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({}, AudioFormat("pcm16", 24_000)),
        ({"input_audio_sampling_rate": 16_000}, AudioFormat("pcm16", 16_000)),
        ({"input_audio_format": "g711_alaw"}, AudioFormat("g711_alaw", 8_000)),
        (
            {"input_audio_format": None, "input_audio_sampling_rate": None},
            AudioFormat("pcm16", 24_000),
        ),
    ],
)
def test_input_formats(session: dict[str, Any], expected: AudioFormat) -> None:
    assert ConversationHarness(session).conversation.input_format == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pcm16_8000hz", AudioFormat("pcm16", 8_000)),
        ("g711_ulaw", AudioFormat("g711_ulaw", 8_000)),
        ("opus", None),
    ],
)
def test_output_formats(name: str, expected: AudioFormat | None) -> None:
    assert ConversationHarness({"output_audio_format": name}).conversation.output_format == expected


def test_a_format_that_cannot_be_sent_is_told_once_and_keeps_the_microphone_off() -> None:
    harness = ConversationHarness(settled=False)
    session = {"input_audio_format": "opus"}
    assert brief(harness.service("session.updated", session=session)) == [("notice", "error")]
    assert harness.service("session.updated", session=session) == ()
    assert harness.conversation.microphone(bytes(960), harness.now) == ()


def test_two_channels_keep_the_microphone_off_and_a_finding_tells_it() -> None:
    harness = ConversationHarness(settled=False)
    echo = {"type": "server_echo_cancellation", "reference_source": "client", "channels": 2}
    session = {"input_audio_echo_cancellation": echo}
    assert harness.service("session.updated", session=session) == ()
    assert harness.conversation.microphone(bytes(960), harness.now) == ()


def test_the_time_limit_is_known_when_the_service_says_it() -> None:
    harness = ConversationHarness()
    assert harness.conversation.expires_at_unix_s is None
    harness.service("session.updated", session={"expires_at": 1_800_000_000})
    assert harness.conversation.expires_at_unix_s == 1_800_000_000
