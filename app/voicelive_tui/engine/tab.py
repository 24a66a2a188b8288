"""One tab of the engine: a profile with at most one session, or a recording. It judges whether its
session can be started, and whether it can be given anything to do.

Invariant: only the engine's thread writes to a tab, and the content is a value that is replaced
whole. Another thread may read it without a lock.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicelive_tui.engine.refusals import (
    IS_FAULTY,
    IS_RECORDED,
    NO_MARKS_AFTER_THE_END,
    NO_MARKS_IN_RECORDINGS,
    NOT_RUNNING,
    NOT_YET_CONNECTED,
    RECONNECTS,
)
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionView
from voicelive_tui.model.timeline.fold import TimelineFold

if TYPE_CHECKING:
    from voicelive_tui.engine.session.earlier_conversation import EarlierConversation
    from voicelive_tui.engine.session.recording import Recording
    from voicelive_tui.engine.session.session import Session


@dataclass(frozen=True, slots=True)
class ProfileContent:
    """A profile with the session that was started last, if any.

    profile: as it was changed in memory; the same object as `file_profile` while it is as in its
    file. file_profile: as its file had it when it was last read or saved. attempts: the number of
    sessions that were started. previous: the session before the last one, whose records are shown
    until that one has some of its own. earlier: the recorded conversation from which the first
    session that connects goes on; None for none.
    """

    profile: Profile
    file_profile: Profile
    session: "Session | None" = None
    attempts: int = 0
    previous: "Session | None" = None
    earlier: "EarlierConversation | None" = None

    @property
    def next_earlier(self) -> "EarlierConversation | None":
        """The recorded conversation from which the next session goes on. Once a session of the tab
        has connected, the next one begins anew."""
        recorded = self.recorded_session
        return self.earlier if recorded is None or recorded.index is None else None

    @property
    def sessions(self) -> "tuple[Session, ...]":
        """The last session and the one before it, as far as there are any."""
        return tuple(each for each in (self.session, self.previous) if each is not None)

    @property
    def recorded_session(self) -> "Session | None":
        """The session whose records are shown: the last one that was ever connected."""
        if self.session is not None and self.session.index is None and self.previous is not None:
            return self.previous
        return self.session


@dataclass(frozen=True, slots=True)
class RecordingBeingRead:
    """A folder that is being read."""

    folder: str


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording that was read."""

    recording: "Recording"


@dataclass(frozen=True, slots=True)
class UnreadableRecording:
    """A folder that could not be read. problem: why, in one sentence."""

    folder: str
    problem: str


TabContent = ProfileContent | RecordingBeingRead | OpenedRecording | UnreadableRecording


@dataclass(slots=True)
class Tab:
    """A key with what it shows."""

    key: str
    content: TabContent
    refused_changes: int = 0
    """The number of changes of its profile that were refused."""
    cached_snapshot: SessionSnapshot | None = None
    """The snapshot composed of the content; None when something has changed since. It can be
    composed again at any time."""

    @property
    def attempts(self) -> int:
        """The number of sessions that were started."""
        return self.content.attempts if isinstance(self.content, ProfileContent) else 0

    @property
    def session(self) -> "Session | None":
        """The session that was started last; None if there is none."""
        match self.content:
            case ProfileContent(session=session):
                return session
            case RecordingBeingRead() | OpenedRecording() | UnreadableRecording():
                return None

    @property
    def sessions(self) -> "tuple[Session, ...]":
        """Every session whose journal this tab holds."""
        return self.content.sessions if isinstance(self.content, ProfileContent) else ()

    @property
    def profile(self) -> Profile | None:
        """The profile that is shown; None if it is not known."""
        match self.content:
            case ProfileContent(profile=profile):
                return profile
            case OpenedRecording(recording):
                return recording.profile
            case RecordingBeingRead() | UnreadableRecording():
                return None

    @property
    def index(self) -> EventIndex | None:
        """The records of what the tab shows; None if there are none."""
        match self.content:
            case ProfileContent(recorded_session=session):
                return session.index if session is not None else None
            case OpenedRecording(recording):
                return recording.index
            case RecordingBeingRead() | UnreadableRecording():
                return None

    @property
    def timeline(self) -> TimelineFold | None:
        """The timeline of what the tab shows; None if there is none."""
        match self.content:
            case ProfileContent(recorded_session=session):
                return session.timeline if session is not None else None
            case OpenedRecording(recording):
                return recording.timeline
            case RecordingBeingRead() | UnreadableRecording():
                return None

    @property
    def running(self) -> bool:
        """Whether its session has begun and is not over."""
        session = self.session
        return session is not None and session.running

    @property
    def view(self) -> SessionView | None:
        """The fold over the records of what the tab shows; None if there are none."""
        match self.content:
            case ProfileContent(recorded_session=session):
                return session.view if session is not None else None
            case OpenedRecording(recording):
                return recording.view
            case RecordingBeingRead() | UnreadableRecording():
                return None

    def replaceable(self) -> ProfileContent | Notice:
        """Return the content whose profile can be replaced by another one, or the notice that says
        why it cannot."""
        return self.content if isinstance(self.content, ProfileContent) else IS_RECORDED

    def startable(self) -> ProfileContent | Notice:
        """Return the content from which a session can be started, or the notice that says why none
        can."""
        content = self.replaceable()
        faulty = isinstance(content, ProfileContent) and content.profile.fault is not None
        return IS_FAULTY if faulty else content

    def running_session(self) -> "Session | Notice":
        """Return the session that can get microphone and speaker, or the notice that says why there
        is none."""
        match self.startable():
            case ProfileContent(session=session) if session is not None and session.running:
                return session
            case ProfileContent():
                return NOT_RUNNING
            case Notice() as refusal:
                return refusal

    def connected_session(self) -> "Session | Notice":
        """Return the session whose socket is open, or the notice that says why nothing can be
        sent."""
        session = self.running_session()
        if isinstance(session, Notice) or session.live:
            return session
        return RECONNECTS if session.reconnecting else NOT_YET_CONNECTED

    def markable_session(self) -> "Session | Notice":
        """Return the session whose journal takes marks, or the notice that says why none does."""
        match self.content:
            case ProfileContent(session=session) if session is not None:
                if session.can_mark:
                    return session
                return NOT_YET_CONNECTED if session.running else NO_MARKS_AFTER_THE_END
            case ProfileContent():
                return NOT_RUNNING
            case _:
                return NO_MARKS_IN_RECORDINGS

    def reachable_session(self) -> "Session | Notice":
        """Return the session that has a connection or is about to get another one, or the notice
        that says why there is none."""
        session = self.running_session()
        if isinstance(session, Notice) or session.reconnecting:
            return session
        return self.connected_session()
