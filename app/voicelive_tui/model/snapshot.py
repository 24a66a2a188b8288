"""What a front end may see of the engine: immutable values, replaced whole and never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from voicelive_tui.model.destination import Destination
from voicelive_tui.model.latency import TurnTotals
from voicelive_tui.model.meter import SILENT, Level
from voicelive_tui.model.recording_status import NOT_WANTED, RecordingStatus
from voicelive_tui.model.transcript import TranscriptLine
from voicelive_tui.model.turns import Turn

ServiceKind = Literal["azure", "simulator", "url"]


class SessionState(StrEnum):
    """The life of one tab's session."""

    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSING = "closing"
    ENDED = "ended"
    FAILED = "failed"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class SessionView:
    """What a fold over the journal knows; the same for a live and for a recorded session."""

    transcript: Sequence[TranscriptLine] = ()
    turns: Sequence[Turn] = ()
    totals: TurnTotals = field(default_factory=TurnTotals)
    """Of `turns`; whoever wants them at every beat of a screen need not go through all turns."""
    input_tokens: int = 0
    output_tokens: int = 0
    underruns: int = 0
    dropped_blocks: int = 0
    errors: int = 0
    session_id: str | None = None
    model: str | None = None
    expires_at_unix_s: int | None = None
    effective: Mapping[str, object] = field(default_factory=dict)
    """The service's effective session, of the last `session.created` or `session.updated`."""
    last_t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """One tab. `key` names the tab for intents; `problem` is one sentence with the cure, or empty."""

    key: str
    title: str
    state: SessionState = SessionState.OFF
    service: ServiceKind = "simulator"
    host: str = ""
    problem: str = ""
    http_status: int | None = None
    """What the service answered in place of an upgrade, when it refused the connection."""
    destination: Destination | None = None
    """Where the session's credentials go; None for the simulator and while that cannot be told."""
    attempt: int = 0
    """Counts the starts of this tab's session."""
    asks_trust: bool = False
    """The session failed because nobody confirmed that it may go to `destination`."""
    on_air: bool = False
    muted: bool = False
    manual: bool = False
    """Turn detection is off: turns are opened and committed by hand."""
    talking: bool = False
    """A manual turn's microphone is open."""
    user_speaking: bool = False
    agent_speaking: bool = False
    """Sound of the agent is leaving the speaker or waits for it, or would if the session were on air."""
    turn_open: bool = False
    """The turn is not over: the person speaks, an answer is awaited or received, or its last sample has not left the speaker."""
    connected_s: float | None = None
    """Engine clock (`time.perf_counter`) when the socket opened."""
    folder: str = ""
    """Where the journal is written; empty when nothing is recorded."""
    being_read: bool = False
    """A recorded session of which nothing is known yet."""
    recording: RecordingStatus = NOT_WANTED
    """Whether the journal is on the disk, and why not."""
    ends_early: bool = False
    """A recorded session whose end is not on the disk: the program stopped in it, or the disk was full."""
    view: SessionView = SessionView()


@dataclass(frozen=True, slots=True)
class AudioStatus:
    """The sound of this machine. `problem` is one sentence with the cure, or empty."""

    input_name: str = ""
    output_name: str = ""
    input_is_file: bool = False
    running: bool = False
    problem: str = ""
    host: str = ""
    """The machine whose devices these are, when that is worth saying (SSH)."""


@dataclass(frozen=True, slots=True)
class EngineSnapshot:
    """Everything at once; the levels are those of the session on air."""

    sessions: Mapping[str, SessionSnapshot] = field(default_factory=dict)
    on_air: str | None = None
    audio: AudioStatus = AudioStatus()
    mic: Level = SILENT
    agent: Level = SILENT
    muted: bool = False
    revision: int = 0
