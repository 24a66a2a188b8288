"""The microphone's audio that a session keeps for its next connection."""

from collections import deque

from voicelive_tui.audio.ipc.messages import MicBlock
from voicelive_tui.model.formats import BLOCKS_PER_S

KEPT_BLOCKS = 10 * BLOCKS_PER_S
_BEFORE_SPEECH_BLOCKS = BLOCKS_PER_S
"""The service says that the user speaks some time after the first word; these blocks hold it."""


class MicrophoneBuffer:
    """Keeps at most the last 10 s, and counts what is lost.

    While a connection is open it remembers what was sent since the user began to speak, because a
    connection that breaks loses speech that the service has not answered.
    """

    def __init__(self) -> None:
        self._sent: deque[MicBlock] = deque(maxlen=KEPT_BLOCKS)
        self._waiting: deque[MicBlock] = deque()
        self._lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def sent(self, block: MicBlock, *, speaking: bool) -> None:
        """Note a block that the open connection sends. speaking: the service hears the user, or a
        manual turn is open."""
        self._sent.append(block)
        if not speaking:
            while len(self._sent) > _BEFORE_SPEECH_BLOCKS:
                self._sent.popleft()

    def connection_lost(self, *, speaking: bool) -> None:
        """Keep the speech that was broken off, for the next connection."""
        if speaking:
            self._waiting.extend(self._sent)
        self._sent.clear()

    def keep(self, block: MicBlock) -> None:
        """Keep a block until there is a connection."""
        self._waiting.append(block)
        if len(self._waiting) > KEPT_BLOCKS:
            self._waiting.popleft()
            self._lost += 1

    def take(self) -> tuple[tuple[MicBlock, ...], int]:
        """Take all blocks in order, and the number of those that were lost before them."""
        blocks, lost = tuple(self._waiting), self._lost
        self._waiting.clear()
        self._lost = 0
        return blocks, lost
