"""The last seconds of the sound of a port, with the time at which it ends.

Invariant: the port's thread adds, and another one reads; `_lock` is held only while the list of
pieces is changed or copied.
"""

import threading
from collections import deque

import numpy as np

from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, Floats
from voicelive_tui.audio.dsp.pcm import Samples

_GAP_S = 0.2
"""The clock of a device on a busy machine varies by less than this; beyond it, sound was lost."""
_JUMP_S = 1.0
"""A clock that goes back further is another clock."""
_FOLLOWS = 0.1
"""The share by which the end follows what the device says, piece by piece."""


class SoundHistory:
    """Keeps at least `seconds` of mono samples at `rate_hz`."""

    def __init__(self, rate_hz: int, seconds: float) -> None:
        self._rate_hz = rate_hz
        self._most = int(rate_hz * seconds)
        self._lock = threading.Lock()
        self._pieces: deque[Samples] = deque()
        self._size = 0
        self._end_s = 0.0

    def add(self, samples: Samples, end_s: float) -> None:
        """Add the next piece, shape (frames,), whose last sample was heard at `end_s`. Where sound
        was lost before it, there is silence."""
        with self._lock:
            late_s = end_s - samples.size / self._rate_hz - self._end_s
            if late_s < -_JUMP_S or late_s * self._rate_hz > self._most or not self._size:
                self._clear()
                self._end_s = end_s
            elif late_s > _GAP_S:
                self._append(np.zeros(int(late_s * self._rate_hz), np.int16))
                self._end_s = end_s
            else:
                self._end_s = end_s - (1 - _FOLLOWS) * late_s
            self._append(samples)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._clear()

    def until(self, at_s: float) -> tuple[Floats, float]:
        """Return the sound until `at_s` at `ANALYSED_HZ` in -1..1, and when it ends, which is
        earlier if there is no more."""
        with self._lock:
            pieces, end_s = list(self._pieces), self._end_s
        if not pieces:
            return np.zeros(0), at_s
        samples = np.concatenate(pieces)
        too_many = max(0, min(samples.size, round((end_s - at_s) * self._rate_hz)))
        return _analysed(samples[: samples.size - too_many], self._rate_hz), min(at_s, end_s)

    def _append(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._size += samples.size
        while self._size - self._pieces[0].size >= self._most:
            self._size -= self._pieces.popleft().size

    def _clear(self) -> None:
        self._pieces.clear()
        self._size = 0


def _analysed(samples: Samples, rate_hz: int) -> Floats:
    sound = samples.astype(np.float64) / 32768
    if rate_hz == ANALYSED_HZ or not sound.size:
        return sound
    import soxr

    resampled: Floats = soxr.resample(sound, rate_hz, ANALYSED_HZ, quality="MQ")
    return resampled
