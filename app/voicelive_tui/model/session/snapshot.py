"""Snapshots of the engine for front ends: immutable values that are replaced as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from voicelive_tui.model.meter import SILENT, Level
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.problem import Fault
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.outcome import SessionConfiguration, SettingsInForce
from voicelive_tui.model.session.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.session.setting_finding import SettingFinding
from voicelive_tui.model.transcript.line import TranscriptLine, TranscriptTotals
from voicelive_tui.model.transcript.waiting_messages import WaitingMessage
from voicelive_tui.model.turns.latency import TurnTotals
from voicelive_tui.model.turns.token_usage import TokenUsage
from voicelive_tui.model.turns.turn import Turn

ServiceKind = Literal["azure", "simulator", "url"]


class SessionState(StrEnum):
    """The state of a tab's session."""

    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    CLOSING = "closing"
    ENDED = "ended"
    FAILED = "failed"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class SessionView:
    """The contents of a session's journal; the same for a live and a recorded session."""

    transcript: Sequence[TranscriptLine] = ()
    turns: Sequence[Turn] = ()
    totals: TurnTotals = field(default_factory=TurnTotals)
    """The totals of `turns`, so that a screen need not go through all turns at every heartbeat."""
    transcript_totals: TranscriptTotals = field(default_factory=TranscriptTotals)
    """The totals of `transcript`."""
    usage: tuple[tuple[str, TokenUsage], ...] = ()
    """The tokens of all responses, by the model that was in force."""
    underruns: int = 0
    dropped_blocks: int = 0
    errors: int = 0
    session_id: str | None = None
    model: str | None = None
    expires_at_unix_s: int | None = None
    effective: Mapping[str, object] = field(default_factory=dict)
    """The effective session object of the service, from the last `session.created` or
    `session.updated`."""
    configurations: Sequence[SessionConfiguration] = ()
    """What was in force one after the other and what was asked for, in order; `Turn.configuration`
    is a position in it."""
    settings: SettingsInForce = field(default_factory=SettingsInForce)
    """The settings that were asked for and those in force, and what became of each."""
    findings: tuple[SettingFinding, ...] = ()
    """The settings that were accepted and do not act, as far as it can be seen."""
    last_t_s: float = 0.0

    @property
    def input_tokens(self) -> int:
        """The tokens that all responses read."""
        return sum(used.input_tokens for _, used in self.usage)

    @property
    def output_tokens(self) -> int:
        """The tokens that all responses wrote."""
        return sum(used.output_tokens for _, used in self.usage)


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """The state of one tab. key: the tab's name in intents. problem: one sentence with the cure, or
    empty."""

    key: str
    title: str
    state: SessionState = SessionState.OFF
    service: ServiceKind = "simulator"
    host: str = ""
    problem: str = ""
    http_status: int | None = None
    """The HTTP status with which the service refused the connection."""
    destination: Destination | None = None
    """Where the session's credentials are sent; None for the simulator, and when it cannot be
    determined."""
    attempt: int = 0
    """The number of times that this tab's session was started."""
    tries: int = 0
    """While the session reconnects: how often it has tried since the last connection that held."""
    retry_at_s: float | None = None
    """While the session waits for its next try: when that begins, on the engine's clock
    (`time.perf_counter`)."""
    can_resume: bool = False
    """Whether the session has ended because of a problem, and can go on with its
    conversation."""
    asks_trust: bool = False
    """Whether the session failed because the user has not confirmed `destination`."""
    on_air: bool = False
    muted: bool = False
    ready: bool = False
    """Whether the service takes the microphone: it has accepted or refused the profile's settings,
    or has not answered them in time."""
    manual: bool = False
    """Whether turn detection is off, so that the user begins and commits turns."""
    talking: bool = False
    """Whether a manual turn is open."""
    user_speaking: bool = False
    assistant_speaking: bool = False
    """Whether audio of the assistant is leaving the speaker or waiting for it, or would if the
    session were on air."""
    turn_open: bool = False
    """Whether the turn goes on: the user speaks, an answer is awaited or being received, or its
    last sample has not left the speaker."""
    connected_s: float | None = None
    """The time at which the socket opened, on the engine's clock (`time.perf_counter`)."""
    mark_refusal: Notice | None = None
    """The notice with which the engine would refuse a mark or a note; None if it would be kept."""
    text_refusal: Notice | None = None
    """The notice with which the engine would refuse a typed message; None if it would be sent."""
    waiting_messages: tuple[WaitingMessage, ...] = ()
    """The typed messages that wait to be sent, in order."""
    profile_document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The document of the tab's profile with the changes made in memory; empty for a recording
    without one. It may hold credentials."""
    file_document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The document of the profile as its file had it when it was last read or saved."""
    fault: Fault | None = None
    """Why the tab's profile cannot be used, so that no session can be started."""
    edited: bool = False
    """Whether `profile_document` differs from `file_document`."""
    refused_changes: int = 0
    """How many changes of the profile were refused, because it could not be used with them."""
    waiting_settings: tuple[str, ...] = ()
    """The dotted keys of the profile whose new values wait to be sent to the service."""
    restart_settings: tuple[str, ...] = ()
    """The dotted keys of the profile whose new values need a new connection (`Restart`)."""
    refused_settings: tuple[str, ...] = ()
    """The dotted keys of the profile whose values the service refused; they are sent again only
    once they are changed, or to a new connection."""
    folder: str = ""
    """The folder of the journal; empty when the session is not recorded."""
    being_read: bool = False
    """Whether this is a recorded session that is still being read."""
    recording: RecordingStatus = NOT_WANTED
    """Whether the journal is on disk, and if not, why."""
    ends_early: bool = False
    """Whether this is a recorded session whose end is missing, because the program stopped or the
    disk was full."""
    view: SessionView = SessionView()


@dataclass(frozen=True, slots=True)
class SoundLink:
    """The link to the audio engine of another machine. machine: its name. way: how it is
    reached.

    round_trip_ms: the shortest round trip of the last seconds, and clock_error_ms: by how much a
    time of the other machine may be wrong here; None before they were measured. lost_s: since when
    nothing came from there, on this machine's clock (`time.perf_counter`); None while it answers.
    muted: whether the microphone is muted at that machine, where alone it can be unmuted.
    """

    machine: str
    way: Literal["ssh", "socket"] = "ssh"
    round_trip_ms: float | None = None
    clock_error_ms: float | None = None
    lost_s: float | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True)
class AudioStatus:
    """The audio devices in use. problem: one sentence with the cure, or empty."""

    input_name: str = ""
    output_name: str = ""
    input_is_file: bool = False
    running: bool = False
    problem: str = ""
    host: str = ""
    """The machine that has the devices, when it is another one (SSH)."""
    link: SoundLink | None = None
    """The link to the machine in front of the user, whose devices these are; None if they are those
    of the machine on which the console runs."""

    @property
    def muted_at(self) -> str:
        """The machine at which the microphone is muted, where alone it can be unmuted; empty if it
        is not."""
        return self.link.machine if self.link is not None and self.link.muted else ""


@dataclass(frozen=True, slots=True)
class ReplayStatus:
    """What is played again. key: the tab that it is of. name: such as `turn 4`. begins_s: when
    it was heard first, in seconds since the session's start."""

    key: str
    name: str
    length_s: float
    begins_s: float


@dataclass(frozen=True, slots=True)
class EngineSnapshot:
    """The state of the whole engine. The levels are those of the session on air."""

    sessions: Mapping[str, SessionSnapshot] = field(default_factory=dict)
    on_air: str | None = None
    audio: AudioStatus = AudioStatus()
    mic: Level = SILENT
    assistant: Level = SILENT
    muted: bool = False
    replay: ReplayStatus | None = None
    """What is played again at the moment; None if nothing is."""
    revision: int = 0
