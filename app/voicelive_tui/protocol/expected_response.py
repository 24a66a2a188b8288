"""Tracks the response that the service starts by itself after the user has spoken."""

OVERDUE_AFTER_S = 5.0
"""Seconds after which a response counts as overdue: the service may have heard no words."""


class ExpectedResponse:
    """Whether a response is expected: from the end of the user's speech until a response begins,
    the user speaks again, or the speech is discarded."""

    def __init__(self) -> None:
        self.expected = False
        self.overdue_s: float | None = None
        """When the expected response becomes overdue; None if it is, and if none is expected."""
        self._ended_item: str | None = None

    def speech_started(self) -> None:
        """Note that the user speaks: a response is expected after this speech, and no longer after
        the one before."""
        self.fulfilled()
        self._ended_item = None

    def speech_ended(self, item_id: str, now: float) -> None:
        """Handle `speech_stopped` or `committed`, which both report the end of the same speech."""
        if item_id != self._ended_item:
            self.expected = True
            self.overdue_s = now + OVERDUE_AFTER_S
        self._ended_item = item_id

    def fulfilled(self) -> None:
        """Note that a response has begun, or that the speech was discarded."""
        self.expected = False
        self.overdue_s = None

    def tick(self, now: float) -> None:
        """Let the expected response become overdue."""
        if self.overdue_s is not None and now >= self.overdue_s:
            self.overdue_s = None
