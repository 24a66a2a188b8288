"""Texts that tell the user what to do next: the empty transcript and the hint in the message bar.
Pure functions of the session's state."""

from collections.abc import Callable, Mapping

from voicelive_common.printable import printable

from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import (
    AudioStatus,
    EngineSnapshot,
    SessionSnapshot,
    SessionState,
)
from voicelive_tui.tui.formatting import RUNNING
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.start_page import StartFacts, failed, failed_page, start_page
from voicelive_tui.tui.widgets.spans import Span, Spans

_SERVICES = {
    "simulator": "the local simulator (no Azure is involved)",
    "azure": "Azure Voice Live",
    "url": "your own server",
}


def empty_state(
    session: SessionSnapshot | None,
    profile: Profile | None,
    audio: AudioStatus,
    keymap: Mapping[str, str],
    facts: StartFacts | None = None,
) -> tuple[Spans, ...]:
    """The text of an empty transcript. facts: what is known of a session that does not run; None if
    it runs or has no profile."""

    def key(command_id: str) -> Span:
        return (key_of(command_id, keymap), "keycap")

    if session is None:
        return (
            [("No profile is open.", "strong")],
            [],
            [
                ("Press ", ""),
                key("tab.open"),
                (" to choose one, ", ""),
                key("console.quit"),
                (" to quit.", ""),
            ],
        )
    if session.being_read:
        return ([("This recorded session is being read ...", "dim")],)
    if session.state is SessionState.RECORDED:
        return ([("Nothing was said in this recorded session.", "dim")],)
    if session.state in (SessionState.CONNECTING, SessionState.RECONNECTING):
        return ([("Connecting to ", ""), (_service_name(session), "strong"), (" ...", "")],)
    if session.state is SessionState.CONNECTED:
        return _speak(session, audio, key)
    if facts is None or profile is None:
        return ([(printable(session.problem) or "There is nothing to show.", "bad")],)
    if failed(session):
        return failed_page(session, facts, keymap)
    return start_page(session, profile, audio, facts, keymap)


def _service_name(session: SessionSnapshot) -> str:
    host = (
        f" at {printable(session.host)}" if session.service != "simulator" and session.host else ""
    )
    return _SERVICES[session.service] + host


def _speak(
    session: SessionSnapshot, audio: AudioStatus, key: Callable[[str], Span]
) -> tuple[Spans, ...]:
    if not session.on_air:
        gives = " gives this session microphone and speaker."
        return ([("Connected, but not on air: ", ""), key("session.on_air"), (gives, "")],)
    talk, message = key("talk.toggle"), key("talk.message")
    if audio.input_is_file:
        speaks = " speaks it as your turn." if session.manual else " speaks it again."
        how: Spans = [("A file speaks for you. ", "strong"), talk, (speaks, "")]
    elif not audio.input_name:
        how = [(printable(audio.problem) or "There is no microphone: you type.", "warn")]
    elif session.manual:
        how = [("Press ", ""), talk, (", speak, and press it again when you are done.", "")]
    else:
        how = [("You are on air: say something.", "strong")]
    return (how, [], [message, (" types a message.", "dim")])


def hint(
    snapshot: EngineSnapshot, session: SessionSnapshot | None, keymap: Mapping[str, str]
) -> Spans:
    """The most useful next keys, for the message bar while there is no message."""

    def key(command_id: str) -> Span:
        return (" " + key_of(command_id, keymap), "keycap")

    if session is None:
        return [key("tab.open"), (" opens a profile", "dim")]
    if session.state is SessionState.RECORDED:
        return [
            key("move.open"),
            (" on a line shows its events", "dim"),
            key("events.filter"),
            (" filters", "dim"),
        ]
    if session.state not in RUNNING:
        if failed(session):
            return [key("session.toggle"), (" tries again; nothing else was touched", "dim")]
        if session.problem:
            return [("  ", ""), (printable(session.problem), "bad")]
        return [key("session.toggle"), (" starts the session", "dim")]
    if session.state is SessionState.RECONNECTING:
        return _reconnecting_hint(session, key)
    if session.state is not SessionState.CONNECTED:
        return []
    if not session.on_air:
        return [key("session.on_air"), (" puts this session on air", "dim")]
    return _on_air_hint(snapshot, session, key)


def _reconnecting_hint(session: SessionSnapshot, key: Callable[[str], Span]) -> Spans:
    why: Spans = [("  ", ""), (printable(session.problem), "warn")] if session.problem else []
    return [
        key("session.toggle"),
        (" tries now", "dim"),
        key("talk.interrupt"),
        (" stops trying", "dim"),
        *why,
    ]


def _on_air_hint(
    snapshot: EngineSnapshot, session: SessionSnapshot, key: Callable[[str], Span]
) -> Spans:
    if snapshot.muted:
        return [key("session.mute"), (" opens the microphone again", "dim")]
    if session.manual:
        begins = (
            " speaks the file as your turn"
            if snapshot.audio.input_is_file
            else " opens the microphone for your turn"
        )
        does = " commits the turn" if session.talking else begins
        return [key("talk.toggle"), (does, "dim")]
    if session.assistant_speaking:
        return [key("talk.interrupt"), (" interrupts the agent; so does speaking", "dim")]
    if snapshot.audio.input_is_file:
        return [
            (" a file is the microphone:", "accent"),
            key("talk.toggle"),
            (" speaks it again", "dim"),
        ]
    if snapshot.audio.problem:
        return [("  ", ""), (printable(snapshot.audio.problem), "warn")]
    if not snapshot.audio.input_name:
        return [key("talk.message"), (" types a message", "dim")]
    return [(" listening: speak, or", "dim"), key("talk.message"), (" types a message", "dim")]
