"""The session's clock: it follows the wall clock, and audio that arrives faster than real time
advances it.

So a file in one append and the same file at a microphone's pace give the same conversation. Session
time is never before the end of the audio received, never runs backwards, and stands still while the
clock is stopped.
"""

from __future__ import annotations

import math

# Audio up to this late continues the audio before it; a chunk up to this long may come from a live
# microphone.
SLACK_S = 1.0


class SessionClock:
    """Converts between the caller's clock and session time, in seconds. `wall_s` is the caller's
    clock, which must not run backwards; session time starts equal to it."""

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._audio_end_s = -math.inf
        self._stopped_s: float | None = None

    def now_s(self, wall_s: float) -> float:
        """The current session time."""
        return wall_s + self._offset_s if self._stopped_s is None else self._stopped_s

    def wall_s(self, session_s: float) -> float:
        """Convert session time to the caller's time, assuming that no more audio arrives."""
        return session_s - self._offset_s

    def schedule(self, duration_s: float, wall_s: float) -> float:
        """Return the session time at which newly arrived audio of this duration begins.

        It continues the audio before it unless that ended too long ago: jitter and short stalls are
        not pauses. After a pause, a short chunk was recorded until now, as microphones send it; a
        longer one is a file that begins now.
        """
        now_s = self.now_s(wall_s)
        begin_s = self._audio_end_s
        if now_s - begin_s > SLACK_S + min(duration_s, SLACK_S):
            begin_s = now_s - duration_s if duration_s <= SLACK_S else now_s
        self._audio_end_s = begin_s + duration_s
        return begin_s

    def advance(self, session_s: float, wall_s: float) -> None:
        """Advance session time to `session_s`, unless it is later already."""
        self._offset_s = max(self._offset_s, session_s - wall_s)

    def stop(self, wall_s: float) -> None:
        """Stop session time while the caller's clock goes on."""
        if self._stopped_s is None:
            self._stopped_s = self.now_s(wall_s)

    def start(self, wall_s: float) -> None:
        """Continue session time where it was stopped."""
        if self._stopped_s is not None:
            self._offset_s, self._stopped_s = self._stopped_s - wall_s, None
