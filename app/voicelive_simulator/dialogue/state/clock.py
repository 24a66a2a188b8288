"""The session's clock: it runs with the wall's, and audio that arrives faster than it plays takes
it along.

So a file in one append and the same file at a microphone's pace are the same conversation. Session
time never falls behind the end of the audio received, never runs backwards, and stands still while
it is stopped.
"""

from __future__ import annotations

import math

# audio this late still continues what came before it; a chunk this long may come from a live
# microphone
SLACK_S = 1.0


class SessionClock:
    """All times in seconds. `wall_s` is the caller's clock, which must not run backwards; session
    time starts equal to it."""

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._audio_end_s = -math.inf
        self._stopped_s: float | None = None

    def now_s(self, wall_s: float) -> float:
        """Session time."""
        return wall_s + self._offset_s if self._stopped_s is None else self._stopped_s

    def wall_s(self, session_s: float) -> float:
        """When the caller's clock shows that session time, if no audio hurries it until then."""
        return session_s - self._offset_s

    def schedule(self, duration_s: float, wall_s: float) -> float:
        """Audio of that duration has arrived: the session time at which it begins.

        It continues the audio before it unless that ended too long ago, for jitter and short stalls
        are not pauses. After a pause a short chunk was recorded until now, as microphones send it;
        a longer one is a file, and begins now.
        """
        now_s = self.now_s(wall_s)
        begin_s = self._audio_end_s
        if now_s - begin_s > SLACK_S + min(duration_s, SLACK_S):
            begin_s = now_s - duration_s if duration_s <= SLACK_S else now_s
        self._audio_end_s = begin_s + duration_s
        return begin_s

    def advance(self, session_s: float, wall_s: float) -> None:
        """Makes it that time now, unless it is later already."""
        self._offset_s = max(self._offset_s, session_s - wall_s)

    def stop(self, wall_s: float) -> None:
        """Lets no time pass, for the caller's clock goes on."""
        if self._stopped_s is None:
            self._stopped_s = self.now_s(wall_s)

    def start(self, wall_s: float) -> None:
        """Goes on where it was stopped."""
        if self._stopped_s is not None:
            self._offset_s, self._stopped_s = self._stopped_s - wall_s, None
