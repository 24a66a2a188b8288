"""Counts, for a peer over a link, how much audio has left the speaker's queue, and limits how much
may wait in it."""

from voicelive_tui.audio.host.jitter_buffer import JitterBuffer
from voicelive_tui.audio.ipc.messages import PlayoutReport

MOST_AHEAD_S = 60.0
"""Seconds of audio that may wait. A console sends less than half a second ahead."""
MOST_PARTS = 1000
"""The number of parts that may wait, or have begun and not ended. A `Flushed` with all of them fits
into one frame."""
_MOST_PIECES = 10_000
"""The number of pieces of audio that may wait, however short they are."""


class TooFarAhead(Exception):
    """A peer sent more than may wait. The text says of what."""


class PlayoutCount:
    """The audio of one epoch, in frames at the device's rate. An epoch begins with its first
    audio."""

    def __init__(self) -> None:
        self._epoch = 0
        self._added_frames = 0

    def add(self, epoch: int, frames: int, queue: JitterBuffer) -> None:
        """Count audio before it is queued."""
        if epoch != self._epoch:
            # What still waits is of an earlier epoch, and leaves the queue before this audio.
            self._epoch, self._added_frames = epoch, queue.queued_frames
        self._added_frames += frames

    def add_tail(self, frames: int) -> None:
        """Count what a resampler had held back until the end of a part."""
        self._added_frames += frames

    def report(self, queue: JitterBuffer, rate_hz: int) -> PlayoutReport:
        """How much of the audio counted is no longer in the queue."""
        left_frames = self._added_frames - queue.queued_frames
        return PlayoutReport(self._epoch, left_frames * 1000 // rate_hz)


def check_ahead(queue: JitterBuffer, rate_hz: int, more_ms: float) -> None:
    """Raise TooFarAhead if too much waits in the queue, together with audio of `more_ms`."""
    ahead_s = queue.queued_frames / rate_hz + more_ms / 1000
    if ahead_s > MOST_AHEAD_S:
        raise TooFarAhead(f"{ahead_s:.0f} s of audio would wait, the limit is {MOST_AHEAD_S:.0f}")
    if queue.parts > MOST_PARTS or queue.queued_pieces > _MOST_PIECES:
        raise TooFarAhead("too many parts or pieces of audio wait")
