"""The limit of new connections to a service."""

from collections import deque

_MINUTE_S = 60.0


class ConnectionLimit:
    """Keeps a program below the service's number of new connections a minute. Times are in seconds,
    on the caller's clock."""

    def __init__(self, per_minute: int) -> None:
        self._opened_s: deque[float] = deque(maxlen=per_minute)

    def wait_s(self, now: float) -> float:
        """Seconds until one more connection keeps within the limit."""
        if len(self._opened_s) < (self._opened_s.maxlen or 0):
            return 0.0
        return max(0.0, self._opened_s[0] + _MINUTE_S - now)

    def opened(self, now: float) -> None:
        """Note that a connection is being opened."""
        self._opened_s.append(now)
