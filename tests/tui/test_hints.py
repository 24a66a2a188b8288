"""The text of an empty transcript."""

import pytest
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    ReplayStatus,
    SessionSnapshot,
    SessionState,
    SoundLink,
)
from voicelive_tui.tui.hints import empty_state, hint

from tests.tui.support.spans import text_of


@pytest.mark.parametrize(
    ("being_read", "words"),
    [
        (True, "This recorded session is being read ..."),
        (False, "Nothing was said in this recorded session."),
    ],
)
def test_an_empty_recording_says_whether_it_is_still_being_read(
    being_read: bool, words: str
) -> None:
    session = SessionSnapshot("k", "k", SessionState.RECORDED, being_read=being_read)
    assert [text_of(spans) for spans in empty_state(session, None, AudioStatus(), {})] == [words]


@pytest.mark.parametrize(
    ("is_file", "words", "next_key"),
    [
        (True, "A file speaks for you. t speaks it as your turn.", "t speaks the file"),
        (False, "Press t, speak, and press it again", "t opens the microphone for your turn"),
    ],
)
def test_a_manual_turn_by_a_file_needs_one_press_of_the_key(
    is_file: bool, words: str, next_key: str
) -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True, manual=True)
    audio = AudioStatus(input_name="hello.wav" if is_file else "headset", input_is_file=is_file)
    shown = text_of(empty_state(session, None, audio, {})[0])
    assert shown.startswith(words)
    assert next_key in text_of(hint(EngineSnapshot(audio=audio), session, {}))


def test_without_a_microphone_nobody_is_told_to_speak() -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True)
    lines = empty_state(session, None, AudioStatus(), {})
    words = " ".join(text_of(spans) for spans in lines)
    assert "There is no microphone" in words and "i types a message" in words
    assert "say something" not in words
    assert text_of(hint(EngineSnapshot(), session, {})) == " i types a message"
    heard = EngineSnapshot(audio=AudioStatus("a microphone", running=True))
    assert "Say something" in text_of(hint(heard, session, {}))


def test_while_nothing_comes_over_the_link_nobody_is_told_to_speak() -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True)
    audio = AudioStatus("headset", running=True, link=SoundLink("laptop", lost_s=1.0))
    words = " ".join(text_of(spans) for spans in empty_state(session, None, audio, {}))
    assert words.startswith("Nothing comes from laptop: the session goes on without sound.")
    assert text_of(hint(EngineSnapshot(audio=audio), session, {})) == (
        " Nothing comes from laptop; sound is back with the link, i types a message"
    )


def test_a_microphone_that_is_muted_elsewhere_has_no_key_here() -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True)
    audio = AudioStatus("headset", running=True, link=SoundLink("laptop", muted=True))
    for muted in (False, True):
        assert text_of(hint(EngineSnapshot(audio=audio, muted=muted), session, {})) == (
            " The microphone is muted at laptop and can be unmuted only there, i types a message"
        )


def test_what_is_heard_once_more_is_said_and_that_the_service_gets_silence() -> None:
    session = SessionSnapshot("k", "k", SessionState.CONNECTED, on_air=True)
    replay = ReplayStatus("k", "turn 4", 8.94, 56.0)
    live = EngineSnapshot(on_air="k", replay=replay)
    assert text_of(hint(live, session, {})) == (
        " You hear turn 4, 8.9 s; the service gets silence: space stops it"
    )
    recorded = SessionSnapshot("k", "k", SessionState.RECORDED)
    before = text_of(hint(EngineSnapshot(), recorded, {}, "turn 4 as it was heard"))
    assert before == " A recording: nothing is sent. space plays turn 4 as it was heard; s goes on"
    assert text_of(hint(EngineSnapshot(replay=replay), recorded, {})) == (
        " You hear turn 4, 8.9 s: space stops it"
    )
