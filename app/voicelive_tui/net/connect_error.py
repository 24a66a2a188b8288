"""The error of a connection that did not open, in a module of its own so that catching it imports
no network library."""

from voicelive_tui.net.recovery import Recovery


class ConnectError(Exception):
    """The socket did not open; the message is one sentence.

    recovery: whether another attempt may succeed. status: the HTTP status of the service's own
    answer, None without one. retry_after_s: the wait that the server asked for in `Retry-After`, in
    seconds, at most `MAX_RETRY_AFTER_S`; None if it asked for none. needs_fresh_token: the token
    has expired, so the next attempt must not send the same one.
    """

    def __init__(
        self,
        sentence: str,
        *,
        recovery: Recovery,
        status: int | None = None,
        retry_after_s: float | None = None,
        needs_fresh_token: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.recovery = recovery
        self.status = status
        self.retry_after_s = retry_after_s
        self.needs_fresh_token = needs_fresh_token
