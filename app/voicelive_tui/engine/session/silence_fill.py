"""A turn that the service hears and that nobody feeds any more is ended with silence.

A microphone can go away in the middle of a word: its device, its process, or the air may be taken
by another session. The service ends a turn when it hears silence, and without any sound it waits
for ever.
"""

import time
from collections.abc import Callable

from voicelive_tui.model.formats import BLOCK_S

FILL_AFTER_S = 3.0
"""A sound process that died is back before this; a block that a busy machine delivers late is no
lost microphone."""
LONGEST_S = 10.0
"""A service that has not ended the turn by then ends it by no silence."""


class SilenceFill:
    """`later`: call after so many seconds. `is_open`: the service hears the user. `begin`: silence
    begins. `send`: a block."""

    def __init__(
        self,
        later: Callable[[float, Callable[[], None]], None],
        is_open: Callable[[], bool],
        begin: Callable[[], None],
        send: Callable[[], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._later = later
        self._clock = clock
        self._is_open = is_open
        self._begin = begin
        self._send = send
        self._watching = False
        self._last_audio_s = 0.0
        self._due_s = 0.0
        self._blocks = 0

    def mic_active(self) -> None:
        """The microphone is there."""
        self._last_audio_s = self._clock()
        self._blocks = 0

    def start(self) -> None:
        """The turn may have begun."""
        if not self._watching and self._is_open():
            self._watching = True
            self._later(FILL_AFTER_S, self._check)

    def _check(self) -> None:
        now_s = self._clock()
        left_s = self._last_audio_s + FILL_AFTER_S - now_s
        if not self._is_open() or self._blocks * BLOCK_S >= LONGEST_S:
            self._watching = False
        elif left_s > 0:
            self._later(left_s, self._check)
        else:
            self._fill(now_s)

    def _fill(self, now_s: float) -> None:
        if not self._blocks:
            self._due_s = now_s
            self._begin()
        self._blocks += 1
        self._send()
        # As paced as a microphone: a service may take what comes too fast for no speech at all.
        self._due_s += BLOCK_S
        self._later(max(0.0, self._due_s - now_s), self._check)
