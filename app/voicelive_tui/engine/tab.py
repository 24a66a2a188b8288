"""One tab of the engine: a profile with its session, or a recording."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicelive_tui.engine.refusals import IS_RECORDED, NOT_RUNNING, NOT_YET_CONNECTED
from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionSnapshot
from voicelive_tui.protocol.commands import Notice

if TYPE_CHECKING:
    from voicelive_tui.engine.session.recording import Recording
    from voicelive_tui.engine.session.session import Session


@dataclass(slots=True)
class Tab:
    """A profile with at most one session, or a recording."""

    key: str
    profile: Profile | None = None
    session: "Session | None" = None
    attempts: int = 0
    """The number of sessions that were started in it."""
    recording: "Recording | None" = None
    loading: str = ""
    """The folder that is being read; empty when none is."""
    cached_snapshot: SessionSnapshot | None = None
    """Its part of the last snapshot; None when something has changed since."""

    @property
    def runs(self) -> bool:
        """Its session has begun and is not over."""
        return self.session is not None and self.session.running

    @property
    def index(self) -> EventIndex | None:
        """The records of what the tab shows."""
        if self.recording is not None:
            return self.recording.recorded.index
        return self.session.index if self.session is not None else None

    def why_not_startable(self) -> Notice | None:
        """The reason why no session can ever run in this tab; None if one can."""
        return IS_RECORDED if self.profile is None or self.recording is not None else None

    def why_not_running(self) -> Notice | None:
        """The reason why its session cannot get microphone and speaker; None if it runs."""
        if self.session is None or not self.session.running:
            return self.why_not_startable() or NOT_RUNNING
        return None

    def why_not_connected(self) -> Notice | None:
        """The reason why nothing can be sent to the service; None if the socket is open."""
        if self.session is not None and self.session.live:
            return None
        return self.why_not_running() or NOT_YET_CONNECTED
