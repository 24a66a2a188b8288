"""Requests of a front end to the engine, as values in the imperative. Any thread may post them."""

from dataclasses import dataclass
from typing import Any

from voicelive_tui.model.profile.profile import Profile

LONGEST_MESSAGE = 200_000
"""The most characters of a typed message, far beyond what a model takes in at once."""


@dataclass(frozen=True, slots=True)
class OpenTab:
    """Give this profile a tab under `key`; nothing connects yet."""

    key: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class OpenRecording:
    """Show the recorded session in this folder as tab `key`."""

    key: str
    folder: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Give the profile of the recorded session in this folder a tab under `key`, and start a
    session that goes on with the recorded conversation. Where that is not possible, the tab shows
    the recording."""

    key: str
    folder: str


@dataclass(frozen=True, slots=True)
class CloseTab:
    """Stop the tab's session, if it runs, and forget the tab."""

    key: str


@dataclass(frozen=True, slots=True)
class ReplaceProfile:
    """The file of this tab's profile was read again or saved: a running session gets what differs
    as a `session.update`.

    profile: as the file has it now. changes: as for `ChangeSettings`, what differs from the file in
    memory and goes on to do so; without them the tab has the file's profile.
    """

    key: str
    profile: Profile
    changes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Change settings of the tab's profile in memory; its file stays as it is. A running session
    sends what changed as soon as the service has answered the update before.

    changes: dotted keys of the profile, such as `session.turn_detection.threshold`, with their new
    values, or `REMOVED` of `model/profile/setting_values.py`.
    """

    key: str
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DropChanges:
    """Take back the changes that the tab's session does not have: those that wait to be sent, those
    that wait for a new connection, and those that the service refused.

    keys: dotted keys of the profile; empty for all such changes.
    """

    key: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Connect the tab's session. If no session is on air, this one goes on air. A session that
    waits for its next try to connect tries now.

    resume: a session that has ended goes on with its conversation, if it can.
    """

    key: str
    resume: bool = False


@dataclass(frozen=True, slots=True)
class TrustHost:
    """Let sessions go to this host, now and in later runs, and connect the tab's session.

    host: a host, or the `permission` of a destination.
    """

    key: str
    host: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Close the tab's session with the close code 1000."""

    key: str


@dataclass(frozen=True, slots=True)
class NoteTerminalLost:
    """Write into every running session's recording that the console's terminal went away; the
    console stops the sessions next."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Replace the connection of the tab's session by a new one, which has the profile as it is now
    and the conversation so far.

    ask_again: the new connection gets the conversation only up to before the user's last question,
    and then that question again: its recorded audio, or its text.
    """

    key: str
    ask_again: bool = False


@dataclass(frozen=True, slots=True)
class GoOnAir:
    """Give microphone and speaker to this session; the others keep running."""

    key: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Send silence instead of the microphone, or the microphone again."""

    on: bool


@dataclass(frozen=True, slots=True)
class ToggleTalk:
    """Open the microphone for a manual turn, or close it and commit the turn. With a file as
    microphone: speak it again."""

    key: str


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Silence the assistant and cancel its answer; while the session reconnects, stop trying."""

    key: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a typed message and ask for an answer, as soon as the service has finished its response.
    Several messages are sent one after the other, each when the one before has its answer."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Hear:
    """Play what was heard of a turn again: the user's part for a line of the user, the whole
    turn for any other line. The service gets silence meanwhile, and an answer that arrives ends it.

    item_id: a line of the tab's transcript.
    """

    key: str
    item_id: str


@dataclass(frozen=True, slots=True)
class StopHearing:
    """End what `Hear` plays."""


@dataclass(frozen=True, slots=True)
class MarkMoment:
    """Mark a moment in the journal of the tab's session.

    at_s: on the engine's clock (`time.perf_counter`). note: empty for none; a second intent with
    the same time gives the same mark a note.
    """

    key: str
    at_s: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddNote:
    """Write a note about an earlier moment into the journal of the tab's session.

    t_s: in seconds since the session's start. item_id: the item that the note is about, or empty.
    """

    key: str
    t_s: float
    item_id: str
    note: str


Intent = (
    OpenTab
    | OpenRecording
    | GoOn
    | CloseTab
    | ReplaceProfile
    | ChangeSettings
    | DropChanges
    | Start
    | TrustHost
    | Stop
    | NoteTerminalLost
    | Restart
    | GoOnAir
    | Mute
    | ToggleTalk
    | Interrupt
    | SendText
    | Hear
    | StopHearing
    | MarkMoment
    | AddNote
)
