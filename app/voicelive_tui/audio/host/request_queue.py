"""The requests of a peer between the thread that takes them from the socket and the one that
carries them out."""

import threading
from collections import deque
from typing import NamedTuple

from voicelive_tui.audio.ipc.requests import AudioRequest, PlayRequest

_MOST_REQUESTS = 256
_MOST_BYTES = 4 << 20


class TakenRequest(NamedTuple):
    """taken_s: when it was taken from the socket."""

    request: AudioRequest
    taken_s: float

    @property
    def size_bytes(self) -> int:
        """The audio that it carries, in bytes."""
        return len(self.request.audio) if isinstance(self.request, PlayRequest) else 0


class RequestQueue:
    """A queue of limited size: when it is full, `put` waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[TakenRequest] = deque()
        self._waiting_bytes = 0
        self._closed = False

    def put(self, taken: TakenRequest) -> None:
        """Add a request. Does nothing once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._is_full())
            if not self._closed:
                self._waiting.append(taken)
                self._waiting_bytes += taken.size_bytes
                self._changed.notify_all()

    def _is_full(self) -> bool:
        return len(self._waiting) >= _MOST_REQUESTS or self._waiting_bytes >= _MOST_BYTES

    def take(self) -> TakenRequest | None:
        """Wait for the next request; None when the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._waiting))
            if self._closed:
                return None
            taken = self._waiting.popleft()
            self._waiting_bytes -= taken.size_bytes
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Drop what waits, and end all waiting."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
