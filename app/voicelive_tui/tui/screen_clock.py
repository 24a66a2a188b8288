"""The two clocks that the console reads, replaced together in tests and for screenshots."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """A pair of clocks. now: the engine's clock, in seconds of `time.perf_counter`. wall: seconds
    since the epoch."""

    now: Callable[[], float] = time.perf_counter
    wall: Callable[[], float] = time.time
