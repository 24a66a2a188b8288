"""Silence in place of a microphone that went away in the middle of a turn.

A device or its process can fail, and another session can get the microphone. The service ends a
turn when it hears silence; without any audio it waits for ever.
"""

from voicelive_tui.model.formats import BLOCK_S

FILL_AFTER_S = 3.0
"""Seconds without a block after which the microphone counts as lost. A crashed audio process is
back earlier, and so is a late block of a busy machine."""
LONGEST_S = 10.0
"""Seconds of silence to send at most. A service that has not ended the turn by then will not end it
because of silence."""

_MOST_BLOCKS = round(LONGEST_S / BLOCK_S)


class SilenceFill:
    """Decides when a block of silence is to be sent. All times are in seconds, on the caller's
    clock."""

    def __init__(self) -> None:
        self.due_s: float | None = None
        """When `tick` has something to do; None while there is no turn to end."""
        self._turn_open = False
        self._blocks = 0
        """The number of blocks sent since the last block of the microphone."""

    @property
    def filling(self) -> bool:
        """Whether silence was sent and the microphone has not come back since."""
        return self._blocks > 0

    def follow(self, turn_open: bool, now: float) -> None:
        """Note whether a turn is open that the service ends by itself when it hears silence."""
        if turn_open == self._turn_open:
            return
        self._turn_open = turn_open
        self.due_s = now + FILL_AFTER_S if turn_open else None

    def mic_active(self, now: float) -> None:
        """Note that a block of the microphone has come."""
        self._blocks = 0
        if self._turn_open:
            self.due_s = now + FILL_AFTER_S

    def tick(self, now: float) -> int:
        """Return the number of blocks of silence to send now."""
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
