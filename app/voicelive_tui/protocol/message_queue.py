"""The typed messages of a session that wait to be sent, over all its connections.

Invariant: a message leaves the queue only to be sent, or when the session is over.
"""

from collections.abc import Iterable
from typing import Any

from voicelive_tui.model.transcript.waiting_messages import WaitingMessage

MOST_MESSAGES = 20


class MessageQueue:
    """The waiting messages, in the order in which they were typed."""

    def __init__(self) -> None:
        self._waiting: tuple[WaitingMessage, ...] = ()

    @property
    def waiting(self) -> tuple[WaitingMessage, ...]:
        """The waiting messages; the same object until they change."""
        return self._waiting

    @property
    def full(self) -> bool:
        """Whether no further message may be added."""
        return len(self._waiting) >= MOST_MESSAGES

    def add(self, text: str, now: float) -> None:
        """Put a message that was typed at `now` behind the others. Blank ones are ignored."""
        if text.strip():
            self._waiting += (WaitingMessage(text, now),)

    def put_back(self, texts: Iterable[str], now: float) -> None:
        """Put messages that a connection did not send, after all, before the others."""
        self._waiting = (*(WaitingMessage(text, now) for text in texts), *self._waiting)

    def take(self, count: int = 1) -> tuple[str, ...]:
        """Remove the first messages, to send them. Returns their texts."""
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return tuple(message.text for message in taken)

    def take_all(self) -> tuple[str, ...]:
        """Remove all messages. Returns their texts."""
        return self.take(len(self._waiting))


def typed_item(text: str) -> dict[str, Any]:
    """Return the item of `conversation.item.create` for a typed message."""
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content}
