"""How long a session waits before it tries to connect again."""

from collections.abc import Callable

FIRST_S = 0.25
LONGEST_S = 30.0
STEADY_S = 10.0
"""Seconds that a connection must have held before the next wait is a first one again."""


class Backoff:
    """Waits that double from `FIRST_S` to `LONGEST_S`, each shortened by chance by up to a half, so
    that many clients do not return at the same moment.

    random: returns numbers from 0 to 1.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self.tries = 0
        """The number of waits since the last connection that held."""

    def next_wait_s(self, retry_after_s: float | None = None) -> float:
        """Count a try, and return the seconds to wait before it. retry_after_s: the shortest wait
        that the service asked for."""
        longest_s = min(FIRST_S * 2.0 ** min(self.tries, 16), LONGEST_S)
        self.tries += 1
        wait_s = longest_s * (1 - self._random() / 2)
        return max(wait_s, retry_after_s or 0.0)

    def reset(self) -> None:
        """Make the next wait a first one again."""
        self.tries = 0

    def connection_lasted(self, seconds: float) -> bool:
        """Note how long a connection was open. Returns whether it held."""
        if seconds < STEADY_S:
            return False
        self.reset()
        return True
