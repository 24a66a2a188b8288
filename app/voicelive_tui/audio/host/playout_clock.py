"""Tells which frame is heard now, from the times at which the device says it plays.

Invariant: the position never runs backwards and never beyond a frame that was handed to the device.
"""

from collections import deque
from typing import NamedTuple

_KEPT = 512
_SETTLES_S = 0.1
"""The length of the audio, in seconds, after which a device that was started tells its delay
correctly. PulseAudio says at first that there is none."""


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
        self._settled_at = 0
        """The first frame whose time the device tells correctly."""

    def restart(self, frame: int) -> None:
        """Note that the device starts again with this frame."""
        self.skip_to(frame)
        self._settled_at = frame + int(_SETTLES_S * self._rate_hz)

    def is_settling(self, frame: int) -> bool:
        """Whether the time that the device tells for this frame may be too early."""
        return frame < self._settled_at

    def add_anchor(self, first_frame: int, frames: int, heard_s: float) -> None:
        """Note that these frames went to the device, and that the first of them will be heard at
        `heard_s`. While the device settles, a later time also moves the frames before these."""
        if self.is_settling(first_frame) and self._anchors:
            late_s = max(0.0, heard_s - self.time_of(first_frame))
            moved = [each._replace(heard_s=each.heard_s + late_s) for each in self._anchors]
            self._anchors = deque(moved, maxlen=_KEPT)
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
