"""The error of a connection that did not open, in a module of its own so that catching it imports
no network library."""


class ConnectError(Exception):
    """The socket did not open; the message is one sentence. retry_after_s: the wait that the server
    asked for, if any."""

    def __init__(
        self, sentence: str, *, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.retry_after_s = retry_after_s
