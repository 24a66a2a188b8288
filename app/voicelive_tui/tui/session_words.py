"""What a session does right now: its state word with the word's own clock, and the glyph of its
tab."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from voicelive_tui.model.session.snapshot import AudioStatus, SessionSnapshot, SessionState
from voicelive_tui.tui.formatting import duration
from voicelive_tui.tui.sound_words import link_lost

HALF_SECONDS_BELOW_S = 10.0
"""Below this age, the clock of a state that passes quickly shows half seconds."""


@dataclass(frozen=True, slots=True)
class StateWord:
    """A state in capitals, and the look of the word.

    clock: how the time in this state is shown: "quick" with half seconds at first, "slow" with
    seconds, or not at all.
    """

    text: str
    look: str = "strong"
    clock: str = ""


def state_word(session: SessionSnapshot, audio: AudioStatus) -> StateWord:
    """The state of the session in one to three words."""
    match session.state:
        case SessionState.CONNECTED if session.ready:
            return _talk_word(session, audio)
        case SessionState.CONNECTED | SessionState.CONNECTING:
            return StateWord("CONNECTING", clock="slow")
        case SessionState.RECONNECTING:
            return _reconnecting_word(session)
        case SessionState.FAILED:
            code = f" {session.http_status}" if session.http_status is not None else ""
            return StateWord(f"FAILED{code}", "bad")
        case SessionState.RECORDED if session.being_read:
            return StateWord("READING")
        case _:
            return StateWord(session.state.value.upper())


def _reconnecting_word(session: SessionSnapshot) -> StateWord:
    verb = "CONNECT" if session.connected_s is None else "RECONNECT"
    if session.retry_at_s is None:
        return StateWord(f"{verb}ING", "state-warn", "slow")
    return StateWord(f"{verb}S IN", "state-warn", "until")


def _talk_word(session: SessionSnapshot, audio: AudioStatus) -> StateWord:
    if session.user_speaking:
        return StateWord("YOU SPEAK", "you", "quick")
    if session.assistant_speaking:
        return StateWord("AGENT SPEAKS", "agent", "quick")
    if session.talking:
        return StateWord("TURN OPEN", "you", "quick")
    if session.turn_open:
        return StateWord("THINKING", clock="quick")
    if session.view.turns and session.view.turns[-1].unanswered_calls:
        return StateWord("CALL WAITS", "state-warn", "slow")
    hears = session.on_air and not session.manual
    hears = hears and not (session.muted or audio.muted_at)
    hears = hears and bool(audio.input_name) and not link_lost(audio)
    return StateWord("LISTENING" if hears else "READY", clock="slow")


def thinks(session: SessionSnapshot) -> bool:
    """Whether an answer is awaited that has not begun to be heard."""
    return (
        session.state is SessionState.CONNECTED
        and session.turn_open
        and not (session.user_speaking or session.assistant_speaking or session.talking)
    )


class StateClock:
    """Remembers since when each tab has its state word, on the console's clock."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[str, float]] = {}

    def observe(
        self, sessions: Iterable[SessionSnapshot], audio: AudioStatus, now_s: float
    ) -> None:
        """Note the present states of all tabs. Closed tabs are forgotten."""
        before, self._since = self._since, {}
        for session in sessions:
            text = state_word(session, audio).text
            known = before.get(session.key)
            self._since[session.key] = known if known and known[0] == text else (text, now_s)

    def since_s(self, key: str, now_s: float) -> float:
        """When this tab got its state; now for an unknown one."""
        return self._since.get(key, ("", now_s))[1]


def state_time(word: StateWord, session: SessionSnapshot, since_s: float, now_s: float) -> str:
    """The time behind the state word: how long it has lasted, how long the wait will, or the length
    of a recording; empty without one."""
    age_s = max(0.0, now_s - since_s)
    if session.state is SessionState.RECORDED:
        return "" if session.being_read else duration(session.view.last_t_s)
    if word.clock == "until":
        return duration(math.ceil(max(0.0, (session.retry_at_s or now_s) - now_s)))
    if word.clock == "quick" and age_s < HALF_SECONDS_BELOW_S:
        return f"{int(age_s * 2) / 2:.1f} s"
    return duration(age_s) if word.clock else ""


def seconds_to_tick(
    word: StateWord, session: SessionSnapshot, since_s: float, now_s: float
) -> float:
    """Seconds until the time behind the state word is another one; infinity if it never will be."""
    age_s = max(0.0, now_s - since_s)
    if word.clock == "until":
        return ((session.retry_at_s or now_s) - now_s) % 1.0 or 1.0
    if word.clock == "quick" and age_s < HALF_SECONDS_BELOW_S:
        return 0.5 - age_s % 0.5
    return 1.0 - age_s % 1.0 if word.clock else math.inf


def tab_glyph(session: SessionSnapshot) -> tuple[str, str]:
    """The glyph before a tab's number and its look; a blank for a session that is off."""
    match session.state:
        case SessionState.CONNECTED if session.on_air:
            return "●", "on-air"
        case SessionState.CONNECTED:
            return "▶", ""
        case SessionState.CONNECTING | SessionState.RECONNECTING | SessionState.CLOSING:
            return "~", "warn"
        case SessionState.FAILED:
            return "✗", "bad"
        case SessionState.ENDED if session.problem:
            return "✗", "bad"
        case SessionState.RECORDED:
            return "■", ""
        case SessionState.OFF if session.fault is not None:
            return "✗", "bad"
        case _:
            return " ", ""


def tab_state(session: SessionSnapshot) -> str:
    """The state in a word, for tabs that have room for it; empty for a session that is off."""
    match session.state:
        case SessionState.OFF:
            return "broken" if session.fault is not None else ""
        case SessionState.CONNECTED:
            return "ON AIR" if session.on_air else "running"
        case SessionState.RECORDED:
            return "incomplete" if session.ends_early else ""
        case _:
            return session.state.value
