"""The states of a session's life, as values. Each says whether the session runs, and how front ends
see it."""

from dataclasses import dataclass
from typing import ClassVar

from voicelive_tui.model.session.snapshot import SessionState


@dataclass(frozen=True, slots=True)
class Connecting:
    """The first socket is being opened, and then the journal is begun.

    recording_begins: the socket is open, and the disk makes the folder.
    """

    running: ClassVar[bool] = True
    shown: ClassVar[SessionState] = SessionState.CONNECTING
    problem: ClassVar[str] = ""
    recording_begins: bool = False


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """The session has no connection for the moment.

    problem: why, in one sentence; empty for a change that was asked for. tries: the tries so far.
    due_s: when the next one begins, on `time.perf_counter`; None while one goes on.
    """

    running: ClassVar[bool] = True
    shown: ClassVar[SessionState] = SessionState.RECONNECTING
    problem: str = ""
    http_status: int | None = None
    tries: int = 0
    due_s: float | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """The socket is open, and every frame is journaled."""

    running: ClassVar[bool] = True
    shown: ClassVar[SessionState] = SessionState.CONNECTED
    problem: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """The session closes its socket, or cancels its attempt to connect."""

    running: ClassVar[bool] = True
    shown: ClassVar[SessionState] = SessionState.CLOSING
    problem: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over. problem: one sentence if the service ended it, else empty."""

    running: ClassVar[bool] = False
    shown: ClassVar[SessionState] = SessionState.ENDED
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The session is over because of a problem, which is one sentence.

    http_status: the service's answer in place of an upgrade. asks_trust: the user has not confirmed
    that the session may go to its host.
    """

    running: ClassVar[bool] = False
    shown: ClassVar[SessionState] = SessionState.FAILED
    problem: str
    http_status: int | None = None
    asks_trust: bool = False


Running = Connecting | Live | Reconnecting | Ending
State = Running | Ended | Failed
