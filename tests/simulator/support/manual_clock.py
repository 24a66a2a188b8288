"""A clock that the test controls: nothing becomes due before the test says so."""

import time


class ManualClock:
    """Stands still until `release`, and then runs in real time."""

    def __init__(self) -> None:
        self._held_s = time.perf_counter()
        self._released_s: float | None = None

    def __call__(self) -> float:
        if self._released_s is None:
            return self._held_s
        return self._held_s + time.perf_counter() - self._released_s

    def release(self) -> None:
        self._released_s = time.perf_counter()
