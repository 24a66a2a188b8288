"""Aligns the clock of another machine with this one's, from the round trips of pings.

Time is an argument. A ping that was sent at s and answered at p, on this machine's clock, and that
was received at q and answered at r on the other one's, bounds the offset, that is, the other clock
minus this one: it is at least r - p and at most q - s. The middle of both is wrong by at most half
of the round trip, however the delay is shared between the two directions.
"""

import math
from collections import deque
from typing import NamedTuple

KEPT_S = 30.0
"""Seconds after which an exchange is forgotten."""
DRIFT = 50e-6
"""The most by which the two clocks may run at different speeds, in seconds per second."""
OLDEST_S = 120.0
"""Seconds after which nothing is told any more; a link that is silent for less is given up."""
_MOST = 128


class Exchange(NamedTuple):
    """One ping and its answer. sent_s: when the ping was sent, on this machine's clock. offset_s:
    the other machine's clock minus this one's, wrong by at most half of round_trip_s then."""

    sent_s: float
    offset_s: float
    round_trip_s: float

    def error_s(self, now_s: float) -> float:
        """The most by which the offset may be wrong now."""
        return self.round_trip_s / 2 + max(0.0, now_s - self.sent_s) * DRIFT


class ClockAlignment:
    """The exchanges of the last `KEPT_S` seconds."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_MOST)

    def add(self, sent_s: float, received_s: float, answered_s: float, arrived_s: float) -> None:
        """Note an exchange. Times that cannot be are ignored: those of another machine may be
        anything."""
        there_s, round_trip_s = answered_s - received_s, arrived_s - sent_s
        offset_s = ((received_s - sent_s) + (answered_s - arrived_s)) / 2
        if math.isfinite(offset_s) and 0 <= there_s <= round_trip_s:
            self._exchanges.append(Exchange(sent_s, offset_s, round_trip_s - there_s))
        while self._exchanges and sent_s - self._exchanges[0].sent_s > KEPT_S:
            self._exchanges.popleft()

    def best(self, now_s: float) -> Exchange | None:
        """The exchange whose offset is known best now; None before the first one. While nothing
        comes the last ones are kept."""
        return min(self._exchanges, key=lambda each: each.error_s(now_s), default=None)

    def local_s(self, there_s: float, now_s: float) -> float:
        """This machine's time for a time of the other one's clock. What is told has happened, and
        not long ago, so it is between now_s - `OLDEST_S` and now_s; exactly now_s before the first
        exchange."""
        best = self.best(now_s)
        if best is None or not math.isfinite(there_s):
            return now_s
        return min(max(there_s - best.offset_s, now_s - OLDEST_S), now_s)
