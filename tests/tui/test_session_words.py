"""The state word of a session with its clock, and the glyph of its tab."""

import math
from dataclasses import replace
from typing import Any

import pytest
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    SessionSnapshot,
    SessionState,
    SessionView,
    SoundLink,
)
from voicelive_tui.model.turns.turn import Turn
from voicelive_tui.tui.session_words import (
    StateClock,
    StateWord,
    seconds_to_tick,
    state_time,
    state_word,
    tab_glyph,
    tab_state,
)

MICROPHONE = AudioStatus(input_name="headset", output_name="headset", running=True)
CALLS = SessionView(turns=(Turn(1, 0.0, unanswered_calls=1),))


def session(state: SessionState = SessionState.CONNECTED, **more: Any) -> SessionSnapshot:
    return SessionSnapshot("k", "k", state, **{"ready": True, "on_air": True, **more})


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        (session(SessionState.OFF), "OFF"),
        (session(SessionState.CONNECTING), "CONNECTING"),
        (session(ready=False), "CONNECTING"),
        (session(), "LISTENING"),
        (session(user_speaking=True, turn_open=True), "YOU SPEAK"),
        (session(turn_open=True), "THINKING"),
        (session(turn_open=True, assistant_speaking=True), "AGENT SPEAKS"),
        (session(user_speaking=True, assistant_speaking=True), "YOU SPEAK"),
        (session(talking=True, manual=True), "TURN OPEN"),
        (session(view=CALLS), "CALL WAITS"),
        (session(on_air=False), "READY"),
        (session(muted=True), "READY"),
        (session(manual=True), "READY"),
        (session(SessionState.RECONNECTING, connected_s=1.0, retry_at_s=9.0), "RECONNECTS IN"),
        (session(SessionState.RECONNECTING, retry_at_s=9.0), "CONNECTS IN"),
        (session(SessionState.RECONNECTING, connected_s=1.0), "RECONNECTING"),
        (session(SessionState.CLOSING), "CLOSING"),
        (session(SessionState.ENDED), "ENDED"),
        (session(SessionState.FAILED, http_status=401), "FAILED 401"),
        (session(SessionState.FAILED), "FAILED"),
        (session(SessionState.RECORDED), "RECORDED"),
        (session(SessionState.RECORDED, being_read=True), "READING"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_state_is_a_word(shown: SessionSnapshot, word: str) -> None:
    assert state_word(shown, MICROPHONE).text == word


def test_nobody_listens_without_a_microphone() -> None:
    assert state_word(session(), AudioStatus()).text == "READY"
    silent = replace(MICROPHONE, link=SoundLink("laptop", lost_s=1.0))
    assert state_word(session(), silent).text == "READY"
    muted = replace(MICROPHONE, link=SoundLink("laptop", muted=True))
    assert state_word(session(), muted).text == "READY"


def test_each_state_has_a_clock_of_its_own() -> None:
    clock, listens, speaks = StateClock(), session(), session(assistant_speaking=True)
    clock.observe([listens], MICROPHONE, 10.0)
    clock.observe([listens], MICROPHONE, 14.0)
    assert clock.since_s("k", 15.0) == 10.0
    clock.observe([speaks], MICROPHONE, 16.0)
    assert clock.since_s("k", 17.0) == 16.0
    clock.observe([], MICROPHONE, 18.0)
    assert clock.since_s("k", 19.0) == 19.0


@pytest.mark.parametrize(
    ("shown", "age_s", "time"),
    [
        (session(assistant_speaking=True), 2.74, "2.5 s"),
        (session(assistant_speaking=True), 10.6, "10 s"),
        (session(), 2.74, "2 s"),
        (session(), 100.0, "1:40"),
        (session(), 3723.0, "1:02:03"),
        (session(SessionState.ENDED), 5.0, ""),
        (session(SessionState.RECONNECTING, connected_s=0.0, retry_at_s=13.2), 10.0, "4 s"),
        (session(SessionState.RECORDED, view=SessionView(last_t_s=252.9)), 5.0, "4:12"),
    ],
    ids=str,
)
def test_the_time_of_a_state_is_cut_and_the_clock_runs_to_the_next_one(
    shown: SessionSnapshot, age_s: float, time: str
) -> None:
    word = state_word(shown, MICROPHONE)
    assert state_time(word, shown, 0.0, age_s) == time
    tick_s = seconds_to_tick(word, shown, 0.0, age_s)
    if tick_s < math.inf:
        assert state_time(word, shown, 0.0, age_s + tick_s * 0.99) == time
        assert state_time(word, shown, 0.0, age_s + tick_s + 0.001) != time


def test_a_state_that_lasts_wakes_nobody() -> None:
    off = session(SessionState.OFF)
    assert seconds_to_tick(StateWord("OFF"), off, 0.0, 5.0) == math.inf


def test_the_glyph_of_a_tab_says_what_its_session_does() -> None:
    def tab(state: SessionState, **more: Any) -> str:
        shown = session(state, **more)
        return f"{tab_glyph(shown)[0]} {tab_state(shown)}".rstrip()

    assert tab(SessionState.CONNECTED) == "● ON AIR"
    assert tab(SessionState.CONNECTED, on_air=False) == "▶ running"
    assert tab(SessionState.RECONNECTING) == "~ reconnecting"
    assert tab(SessionState.FAILED) == "✗ failed"
    assert tab(SessionState.ENDED) == "  ended"
    assert tab(SessionState.ENDED, problem="The service went away.") == "✗ ended"
    assert tab(SessionState.RECORDED) == "■"
    assert tab(SessionState.RECORDED, ends_early=True) == "■ incomplete"
    assert tab(SessionState.OFF) == ""
