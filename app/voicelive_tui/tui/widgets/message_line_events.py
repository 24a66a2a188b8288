"""What the message line tells the screen."""

from textual.message import Message


class MessageEntered(Message):
    """The user wants to send this text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class MessageLineLeft(Message):
    """The user left the line."""


class MessageTooLong(Message):
    """A paste was not taken, because the message would be too long to be sent."""
