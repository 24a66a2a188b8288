"""The answer that the service owes: it begins one by itself when the user has spoken, and nobody
asks for it."""


class ExpectedResponse:
    """Owed from the end of the user's speech until a response begins, or the user goes on, or the
    speech is thrown away."""

    def __init__(self) -> None:
        self.expected = False
        self._ended_item: str | None = None

    def speech_started(self) -> None:
        """The user speaks: what comes after this speech is awaited, not what came before."""
        self.expected = False
        self._ended_item = None

    def speech_ended(self, item_id: str) -> None:
        """`speech_stopped` or `committed`, which tell the end of the same speech twice."""
        self.expected = self.expected or item_id != self._ended_item
        self._ended_item = item_id

    def fulfilled(self) -> None:
        """A response has begun, or the speech was thrown away."""
        self.expected = False
