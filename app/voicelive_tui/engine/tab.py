"""One tab of the engine: a profile with its session, or a recording."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicelive_tui.journal.index import EventIndex
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionSnapshot

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
    """How often a session was started."""
    recording: "Recording | None" = None
    loading: str = ""
    """The folder that is being read."""
    cached_snapshot: SessionSnapshot | None = None
    """Its part of the last snapshot, while nothing changed."""

    @property
    def index(self) -> EventIndex | None:
        """The records of what is shown."""
        if self.recording is not None:
            return self.recording.recorded.index
        return self.session.index if self.session is not None else None
