"""The one way in which a connection that was asked for fails; apart, so that naming it imports no
network library."""


class ConnectError(Exception):
    """The socket did not open; the text is one sentence. `retry_after_s` is what the server asked
    for, if it did."""

    def __init__(
        self, sentence: str, *, status: int | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.retry_after_s = retry_after_s
