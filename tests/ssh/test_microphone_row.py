"""The row that says whether the microphone is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.ssh.microphone_row import MicrophoneState, row_bytes, row_text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (MicrophoneState(), " microphone closed; no console on far uses the sound"),
        (MicrophoneState(peer=True), " microphone closed; far may open it"),
        (MicrophoneState(True, 192.4), " ● microphone open for far, 3:12   ctrl+\\ mutes here"),
        (MicrophoneState(True, 1, muted=True), " microphone MUTED here for far"),
        (MicrophoneState(way="sound by way of 127.0.0.1:7 there"), "here   sound by way of 127"),
        (MicrophoneState(problem="The token is wrong."), "no sound: The token is wrong."),
    ],
)
def test_the_row_says_who_can_hear(state: MicrophoneState, text: str) -> None:
    assert text in row_text(state, "far", 200)


def test_a_muted_microphone_says_how_it_is_opened_again() -> None:
    assert "ctrl+\\ unmutes here" in row_text(MicrophoneState(True, 1, muted=True), "far", 200)


def test_a_long_name_leaves_room_for_the_key() -> None:
    for state in (MicrophoneState(True, 3599), MicrophoneState(True, 1, muted=True)):
        assert "mutes here" in row_text(state, "somebody@a.very.long.name.example.com", 80)


def test_without_unicode_the_row_is_ascii() -> None:
    assert row_text(MicrophoneState(True, 1), "far", 200, unicode=False).isascii()


@given(st.integers(0, 300), st.text(max_size=80))
def test_the_row_never_reaches_the_last_column(columns: int, problem: str) -> None:
    assert len(row_text(MicrophoneState(problem=problem), "far", columns)) <= max(0, columns - 1)


def test_the_cursor_stays() -> None:
    drawn = row_bytes(MicrophoneState(), "far", row=24, columns=80)
    assert drawn.startswith(b"\x1b7")
    assert drawn.endswith(b"\x1b8")
    assert b"\x1b[24;1H" in drawn
