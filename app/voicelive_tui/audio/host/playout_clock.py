"""Tells which frame is heard now, from the times at which the device says it plays.

Invariant: the position never runs backwards and never beyond a frame that was handed to the device.
"""

from collections import deque
from typing import NamedTuple

_KEPT = 512


class _Anchor(NamedTuple):
    first_frame: int
    frames: int
    heard_s: float


class PlayoutClock:
    """Maps frames to times. Frames are counted from 0 when the device is opened; times are
    `time.perf_counter()` seconds."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._anchors: deque[_Anchor] = deque(maxlen=_KEPT)
        self._position = 0

    def add_anchor(self, first_frame: int, frames: int, heard_s: float) -> None:
        """Note that these frames went to the device, and that the first of them will be heard at
        `heard_s`."""
        self._anchors.append(_Anchor(first_frame, frames, heard_s))

    def position(self, now_s: float) -> int:
        """The number of frames heard until now."""
        for anchor in reversed(self._anchors):
            elapsed = now_s - anchor.heard_s
            if elapsed >= 0:
                inside = (
                    anchor.frames
                    if elapsed * self._rate_hz >= anchor.frames
                    else int(elapsed * self._rate_hz)
                )
                self._position = max(self._position, anchor.first_frame + inside)
                break
        return self._position

    def time_of(self, frame: int) -> float:
        """The time at which this frame is heard; for a frame that is no longer known, the time of
        the oldest known one."""
        for anchor in reversed(self._anchors):
            if anchor.first_frame <= frame:
                return anchor.heard_s + (frame - anchor.first_frame) / self._rate_hz
        return self._anchors[0].heard_s if self._anchors else 0.0

    def skip_to(self, frame: int) -> None:
        """Note that frames before this one will not be heard, because they were dropped."""
        self._anchors.clear()
        self._position = frame
