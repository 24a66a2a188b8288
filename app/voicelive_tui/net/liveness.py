"""Decides whether the peer of an open socket still lives.

Any byte received is a sign of life. After a time without one a ping is sent, so that something is
due; the peer is dead when nothing has come since for the limit.

Invariant: only time in which this program ran counts. After a pause, such as a blocked event loop,
SIGSTOP or a machine that slept, what has arrived meanwhile is read before anything is decided.
"""

import asyncio
import contextlib
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed

from voicelive_tui.net.observed_connection import ObservedConnection
from voicelive_tui.net.tcp_counters import TcpProgress

_CHECKS = 20
"""How often the silence is checked until it is over."""


@dataclass(frozen=True, slots=True)
class LivenessLimits:
    """When a peer counts as dead.

    ping_after_s: seconds without a byte after which a ping is sent. dead_after_s: seconds without a
    byte, while the answer to the ping is due, after which the peer is dead.
    """

    ping_after_s: float = 5.0
    dead_after_s: float = 20.0

    @property
    def check_every_s(self) -> float:
        """The time between two looks while an answer is due."""
        return self.dead_after_s / _CHECKS


class Silence:
    """How long nothing has come, by the time in which this program ran."""

    def __init__(self, limits: LivenessLimits, now: float) -> None:
        self._limits = limits
        self._before_s = now
        self._counted_s = 0.0

    def pass_time(self, now: float) -> None:
        """Count the time since the last call. A look that comes much too late counts as one that
        came in time: the program did not run in between."""
        ran_s = min(now - self._before_s, 2 * self._limits.check_every_s)
        self._counted_s += ran_s
        self._before_s = now

    def interrupt(self, now: float) -> None:
        """Begin anew: the silence is explained otherwise, or over."""
        self._before_s, self._counted_s = now, 0.0

    @property
    def over(self) -> bool:
        """Whether the silence has lasted for the limit."""
        return self._counted_s >= self._limits.dead_after_s


class LivenessWatch:
    """Watches one connection."""

    def __init__(self, connection: ObservedConnection, limits: LivenessLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._clock = connection.loop.time
        self._ping: asyncio.Task[None] | None = None

    async def until_dead(self) -> None:
        """Send pings as they become due; return when the peer is dead."""
        try:
            while True:
                await self._until_quiet()
                if not await self._is_answered():
                    return
        finally:
            if self._ping is not None:
                self._ping.cancel()

    async def _until_quiet(self) -> None:
        """Wait until nothing has come for `ping_after_s`."""
        after_s = self._limits.ping_after_s
        while (rest_s := self._connection.received_at_s + after_s - self._clock()) > 0:
            await asyncio.sleep(rest_s)

    async def _is_answered(self) -> bool:
        """Send a ping and wait for any byte. Returns whether one has come."""
        asked_s = self._connection.received_at_s
        if self._ping is None or self._ping.done():
            # A task of its own, because it waits while the peer reads nothing.
            self._ping = asyncio.create_task(self._send_ping())
            await asyncio.sleep(0)
        progress = TcpProgress(self._connection.transport)
        silence = Silence(self._limits, self._clock())
        while not silence.over:
            await asyncio.sleep(self._limits.check_every_s)
            now = self._clock()
            if self._connection.received_at_s != asked_s:
                return True
            if progress.advances() or not self._connection.transport.is_reading():
                # The link is slow, or this program itself has stopped reading because it does not
                # keep up.
                silence.interrupt(now)
            else:
                silence.pass_time(now)
        return False

    async def _send_ping(self) -> None:
        with contextlib.suppress(ConnectionClosed):  # which whoever receives reports
            await self._connection.ping()
