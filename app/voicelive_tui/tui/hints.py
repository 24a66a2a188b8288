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
from voicelive_tui.tui.keymap import key_of
from voicelive_tui.tui.sound_words import is_muted, link_lost, machine_of, muted_at
from voicelive_tui.tui.start_page import StartFacts, failed, failed_page, faulty_page, start_page
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
    if profile.fault is not None:
        return faulty_page(profile.fault, profile, facts.problems, keymap)
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
    if link_lost(audio):
        lost = f"Nothing comes from {machine_of(audio)}: the session goes on without sound."
        how: Spans = [(lost, "warn")]
    elif machine := muted_at(audio):
        how = [(f"The microphone is muted at {machine} and can be unmuted only there.", "warn")]
    elif session.muted:
        how = [("The microphone is muted: ", "warn"), key("session.mute"), (" opens it.", "")]
    elif audio.input_is_file:
        speaks = " speaks it as your turn." if session.manual else " speaks it again."
        how = [("A file speaks for you. ", "strong"), talk, (speaks, "")]
    elif not audio.input_name:
        how = [(printable(audio.problem) or "There is no microphone: you type.", "warn")]
    elif session.manual:
        how = [("Press ", ""), talk, (", speak, and press it again when you are done.", "")]
    else:
        how = [("You are on air: say something.", "strong")]
    return (how, [], [message, (" types a message.", "dim")])


def hint(
    snapshot: EngineSnapshot,
    session: SessionSnapshot | None,
    keymap: Mapping[str, str],
    heard: str = "",
) -> Spans:
    """The most useful next step, for the row of notices while there is none. heard: what of the
    transcript can be heard at the cursor, such as `turn 4 as it was heard`; empty for nothing."""

    def key(command_id: str) -> Span:
        return (f" {key_of(command_id, keymap)}", "keycap")

    if session is None:
        return [key("tab.open"), (" opens a profile", "hint")]
    if snapshot.replay is not None:
        silence = "" if snapshot.on_air is None else "; the service gets silence"
        replay = f" You hear {snapshot.replay.name}, {snapshot.replay.length_s:.1f} s{silence}:"
        return [(replay, "hint"), key("look.hear"), (" stops it", "hint")]
    match session.state:
        case SessionState.RECORDED:
            recording: Span = (" A recording: nothing is sent.", "hint")
            plays = [key("look.hear"), (f" plays {heard};", "hint")] if heard else []
            goes_on = [key("session.toggle"), (" goes on", "hint")]
            return [recording, *plays, *goes_on]
        case SessionState.RECONNECTING:
            return _reconnecting_hint(session, key)
        case SessionState.CONNECTED if session.waiting_messages:
            return [key("talk.interrupt"), (" interrupts and sends what waits", "hint")]
        case SessionState.CONNECTED if not session.on_air:
            return [key("session.on_air"), (" puts this session on air", "hint")]
        case SessionState.CONNECTED:
            return _on_air_hint(snapshot, session, key)
        case SessionState.CONNECTING | SessionState.CLOSING:
            return []
        case _ if session.fault is not None:
            return [key("profile.edit"), (" opens the profile where the error is", "hint")]
        case _ if failed(session):
            return [key("session.toggle"), (" tries again; nothing else was touched", "hint")]
        case _ if session.problem:
            return [(" ", ""), (printable(session.problem), "bad")]
        case _:
            return [key("session.toggle"), (" starts the session", "hint")]


def _reconnecting_hint(session: SessionSnapshot, key: Callable[[str], Span]) -> Spans:
    # The keys come first, because a narrow screen cuts the end.
    why: Spans = [("  ", ""), (printable(session.problem), "warn")] if session.problem else []
    return [
        key("session.toggle"),
        (" tries now,", "hint"),
        key("talk.interrupt"),
        (" stops trying", "hint"),
        *why,
    ]


def _on_air_hint(
    snapshot: EngineSnapshot, session: SessionSnapshot, key: Callable[[str], Span]
) -> Spans:
    audio = snapshot.audio
    if session.talking:
        return [key("talk.toggle"), (" sends the turn and asks for an answer", "hint")]
    if link_lost(audio):
        lost = f" Nothing comes from {machine_of(audio)}; sound is back with the link,"
        return [(lost, "warn"), *_or_type(key)]
    if session.assistant_speaking:
        hears = bool(audio.input_name) and not (session.manual or is_muted(snapshot))
        speaking = "; so does speaking" if hears else ""
        return [key("talk.interrupt"), (f" interrupts the agent{speaking}", "hint")]
    if machine := muted_at(audio):
        muted = f" The microphone is muted at {machine} and can be unmuted only there,"
        return [(muted, "warn"), *_or_type(key)]
    if snapshot.muted:
        return [key("session.mute"), (" opens the microphone again", "hint")]
    if not audio.input_name:
        # There is nothing to speak into: no device was found or is open yet, or none was wanted.
        why: Spans = [(f" {printable(audio.problem)}", "warn")] if audio.problem else []
        return [*why, key("talk.message"), (" types a message", "hint")]
    if audio.input_is_file:
        speaks = " speaks the file as your turn" if session.manual else " speaks the file again"
        return [key("talk.toggle"), (f"{speaks},", "hint"), *_or_type(key)]
    if session.manual:
        opens = " opens the microphone for your turn,"
        return [key("talk.toggle"), (opens, "hint"), *_or_type(key)]
    if audio.problem:
        return [(f" {printable(audio.problem)}", "warn")]
    return [(" Say something, or", "hint"), *_or_type(key)]


def _or_type(key: Callable[[str], Span]) -> list[Span]:
    return [key("talk.message"), (" types a message", "hint")]
