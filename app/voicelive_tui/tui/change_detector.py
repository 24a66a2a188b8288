"""Decides whether a heartbeat looks at everything that the screen shows, or at levels and new
events only."""

from voicelive_tui.model.session.snapshot import EngineSnapshot

BEATS_AFTER_A_CHANGE = 6
"""The beats that look at everything after a change: what a key or an event brings about, such as a
new layout or focus, is done only after the first of them."""


class ChangeDetector:
    """Compares each beat's snapshot with the one before. Times are those of the console's clock."""

    def __init__(self) -> None:
        self._seen = EngineSnapshot()
        self._beats_left = BEATS_AFTER_A_CHANGE
        self.due_s = 0.0
        """When the screen shows something else although nothing changes, such as a running
        clock."""

    def invalidate(self) -> None:
        """Look at everything in the next beats."""
        self._beats_left = BEATS_AFTER_A_CHANGE

    def needs_full_refresh(self, snapshot: EngineSnapshot, now_s: float) -> bool:
        """Whether the beat at this time, with this snapshot, must look at everything."""
        if not same_but_for_levels(snapshot, self._seen):
            self.invalidate()
        self._seen = snapshot
        if self._beats_left:
            self._beats_left -= 1
            return True
        return now_s >= self.due_s

    def idle_s(self, now_s: float) -> float:
        """The seconds for which no beat is needed unless something changes: 0 while changes are
        expected, infinity without a clock that runs."""
        return 0.0 if self._beats_left else max(0.0, self.due_s - now_s)


def same_but_for_levels(new: EngineSnapshot, old: EngineSnapshot) -> bool:
    """Whether two snapshots differ at most in their levels and revisions. The engine reuses the
    parts that have not changed, so that their identity tells."""
    if new is old:
        return True
    return (
        new.audio is old.audio
        and new.muted == old.muted
        and new.on_air == old.on_air
        and new.replay == old.replay
        and list(new.sessions) == list(old.sessions)
        and all(session is old.sessions[key] for key, session in new.sessions.items())
    )
