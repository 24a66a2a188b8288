"""Tracks the response that the service starts by itself after the user has spoken."""


class ExpectedResponse:
    """Whether a response is expected: from the end of the user's speech until a response begins,
    the user speaks again, or the speech is discarded."""

    def __init__(self) -> None:
        self.expected = False
        self._ended_item: str | None = None

    def speech_started(self) -> None:
        """Note that the user speaks: a response is expected after this speech, and no longer after
        the one before."""
        self.expected = False
        self._ended_item = None

    def speech_ended(self, item_id: str) -> None:
        """Handle `speech_stopped` or `committed`, which both report the end of the same speech."""
        self.expected = self.expected or item_id != self._ended_item
        self._ended_item = item_id

    def fulfilled(self) -> None:
        """Note that a response has begun, or that the speech was discarded."""
        self.expected = False
