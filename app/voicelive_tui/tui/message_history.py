"""What was typed in the message line of one tab: the draft, and the messages that were sent.

Invariant: no two messages in a row are equal, and the newest stands last.
"""

from collections import deque

MOST_KEPT = 100


class MessageHistory:
    """A walk through the sent messages, with the draft behind the newest of them. Kept for the run
    of the program, never on the disk."""

    def __init__(self) -> None:
        self.draft = ""
        """The text of the line while another tab is shown."""
        self._sent: deque[str] = deque(maxlen=MOST_KEPT)
        self._position: int | None = None
        """The position of the message that is shown; None while it is the draft."""
        self._unsent = ""
        """The text that was in the line when the walk began."""

    def add(self, text: str) -> None:
        """Keep a message that was sent, and go back to an empty draft."""
        if not self._sent or self._sent[-1] != text:
            self._sent.append(text)
        self._position, self._unsent = None, ""

    def older(self, text: str) -> str | None:
        """The message before the one that is shown; None if there is none. text: what is in the
        line, which is kept if it is the draft."""
        position = len(self._sent) if self._position is None else self._position
        if not position:
            return None
        if self._position is None:
            self._unsent = text
        self._position = position - 1
        return self._sent[self._position]

    def newer(self) -> str | None:
        """The message after the one that is shown, or the draft after the newest; None if the draft
        is shown."""
        if self._position is None:
            return None
        self._position += 1
        if self._position < len(self._sent):
            return self._sent[self._position]
        self._position = None
        return self._unsent
