"""Whether a session tries to connect again after a failure, and how long it waits before that."""

import random

from voicelive_tui.engine.session.backoff import Backoff
from voicelive_tui.engine.session.context import SessionContext
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.transport import Closed

MOST_EXPIRED_TOKENS = 3


class RetryPolicy:
    """The retries of one session, used in the engine's loop only."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._backoff = Backoff(random.random)
        self._expired_tokens = 0
        """The number of tokens that were refused as expired since a connection held."""

    @property
    def tries(self) -> int:
        """The number of waits since the last connection that held."""
        return self._backoff.tries

    def allows(self, failure: ConnectError | Closed, *, connected_before: bool) -> bool:
        """Decide whether the session tries again; a token that has expired is discarded then.

        Each new token is tried, but a sign-in that gives only expired ones is asked for
        `MOST_EXPIRED_TOKENS` at most. connected_before: this session has had an open socket.
        """
        if not self._context.settings.reconnect:
            return False
        if not failure.recovery.allows_retry(connected_before=connected_before):
            return False
        if not failure.needs_fresh_token:
            return True
        self._context.services.discard_token()
        self._expired_tokens += 1
        return self._expired_tokens <= MOST_EXPIRED_TOKENS

    def next_wait_s(self, host: str, retry_after_s: float | None, now: float) -> float:
        """Count a try, and return the seconds to wait before it.

        host: the service, whose limit of new connections is kept. retry_after_s: the shortest wait
        that the service asked for.
        """
        limit_s = self._context.services.wait_for_connection_s(host, now)
        return max(self._backoff.next_wait_s(retry_after_s), limit_s)

    def connection_lasted(self, seconds: float) -> None:
        """Note how long a connection was open. One that held ends the series of tries."""
        if self._backoff.connection_lasted(seconds):
            self._expired_tokens = 0

    def reset(self) -> None:
        """Begin the waits anew, because the user has asked for a connection."""
        self._backoff.reset()
