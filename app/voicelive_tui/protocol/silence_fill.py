"""Silence in place of a microphone that went away in the middle of a turn.

A device or its process can fail, and another session can take the microphone. The service ends a
turn when it hears silence; without any audio it waits for ever.
"""

from voicelive_tui.model.formats import BLOCK_S

FILL_AFTER_S = 3.0
"""An audio process that crashed is back before this, and a busy machine may deliver a block late:
neither is a lost microphone."""
LONGEST_S = 10.0
"""No silence ends the turn of a service that has not ended it after this much."""

_MOST_BLOCKS = round(LONGEST_S / BLOCK_S)


class SilenceFill:
    """Decides when a block of silence is to be sent. All times are in seconds, on the caller's
    clock."""

    def __init__(self) -> None:
        self.due_s: float | None = None
        """When `tick` has something to do; None while there is no turn to end."""
        self._turn_open = False
        self._blocks = 0
        """How many were sent since the last block of the microphone."""

    @property
    def filling(self) -> bool:
        """Silence was sent, and the microphone has not come back since."""
        return self._blocks > 0

    def follow(self, turn_open: bool, now: float) -> None:
        """Note whether a turn is open that the service ends by itself when it hears silence."""
        if turn_open == self._turn_open:
            return
        self._turn_open = turn_open
        self.due_s = now + FILL_AFTER_S if turn_open else None

    def mic_active(self, now: float) -> None:
        """Note a block of the microphone: it is there."""
        self._blocks = 0
        if self._turn_open:
            self.due_s = now + FILL_AFTER_S

    def tick(self, now: float) -> int:
        """How many blocks are to be sent now."""
        due = 0
        while self.due_s is not None and self.due_s <= now:
            if self._blocks == _MOST_BLOCKS:
                self.due_s = None
                break
            # Silence is paced like a microphone: a service may not take audio that comes too fast
            # for the end of speech.
            self.due_s = (self.due_s if self.filling else now) + BLOCK_S
            self._blocks += 1
            due += 1
        return due
