"""An error before `session.created`: the service refuses the session itself, such as its model, and
not its settings (protocol.md section 14).

A service that goes on all the same creates the session within `GRACE_S`.
"""

from voicelive_tui.protocol.commands import FailSession
from voicelive_tui.protocol.error_notices import refused_session

GRACE_S = 2.0


class SessionRefusal:
    """The refusal that stands until the session is created. All times are in seconds, on the
    caller's clock."""

    def __init__(self) -> None:
        self.due_s: float | None = None
        """When the session is given up; None while nothing speaks against it."""
        self._created = False
        self._reason = ""

    def error(self, details: object, now: float) -> bool:
        """Handle an error that belongs to no event of ours. Returns whether it came before the
        session was created, so that it is about the session."""
        if self._created:
            return False
        if self.due_s is None:
            self.due_s, self._reason = now + GRACE_S, refused_session(details)
        return True

    def created(self) -> None:
        """Note that the service has created the session, as any event but an error tells."""
        self._created, self.due_s = True, None

    def tick(self, now: float) -> tuple[FailSession, ...]:
        """Give the session up when the time for it has come."""
        if self.due_s is None or now < self.due_s:
            return ()
        self.due_s = None
        return (FailSession(self._reason),)
