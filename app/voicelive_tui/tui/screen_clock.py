"""The two clocks that the console reads, replaceable as one so that a picture can be taken of a
fixed moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """now: the engine's clock, seconds of `time.perf_counter`; wall: seconds since the epoch."""

    now: Callable[[], float] = time.perf_counter
    wall: Callable[[], float] = time.time
