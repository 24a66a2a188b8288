"""Counts the errors of each tab that came since the user last looked."""

from collections.abc import Iterable, Mapping

from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState


class UnreadErrors:
    """The errors of live sessions that have not been looked at. Those of the current tab count
    until the next key, as their notices stay until then."""

    def __init__(self) -> None:
        self._read: dict[str, int] = {}
        self._unread: dict[str, int] = {}

    def sync(self, sessions: Iterable[SessionSnapshot]) -> Mapping[str, int]:
        """Return the number of unread errors by tab, of those tabs that have any."""
        errors = {
            session.key: session.view.errors
            for session in sessions
            if session.state is not SessionState.RECORDED
        }
        # A session that was started anew counts from 0 again.
        self._read = {key: min(self._read.get(key, 0), count) for key, count in errors.items()}
        self._unread = {
            key: count - self._read[key] for key, count in errors.items() if count > self._read[key]
        }
        return self._unread

    def acknowledge(self, key: str) -> None:
        """Note that the user looks at this tab."""
        if key in self._unread:
            self._read[key] += self._unread.pop(key)
