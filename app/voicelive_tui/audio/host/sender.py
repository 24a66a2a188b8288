"""Sends the messages of the audio process without ever waiting: a message goes to the socket at
once, and what the socket does not accept is written by a thread.

If the reader stops reading, audio is lost but memory does not grow: beyond a limit levels, blocks
and pongs are dropped, which shows as a gap in the blocks' sequence.
"""

import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from itertools import islice

from voicelive_tui.audio.ipc.frames import PREAMBLE, Message, encode
from voicelive_tui.audio.ipc.messages import Levels, MicBlock, Pong

_LIMITS = {Levels: 200, MicBlock: 700, Pong: 200}
"""The number of waiting messages at which one of this kind is dropped: about a second of meters,
and ten seconds of microphone."""
_BATCH = 64
_WITHOUT_WAITING: int | None = getattr(socket, "MSG_DONTWAIT", None)
"""The flag of a call that sends without waiting. Windows has none, so the thread sends everything
there."""


class MessageSender:
    """Writes messages to a socket, in the order in which they are posted.

    lost: called when the other side is gone, or lets more bytes wait than `most_bytes`, if there is
    such a limit.

    Invariant: `_lock` guards the order. It is held while one message is sent without waiting, and
    never while the thread waits for the socket.
    """

    def __init__(
        self, sock: socket.socket, lost: Callable[[], None], *, most_bytes: int = sys.maxsize
    ) -> None:
        self._sock = sock
        self._lost = lost
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque([PREAMBLE])
        """Frames, the first one possibly without its beginning. While there are any, only the
        thread sends."""
        self._waiting_bytes = len(PREAMBLE)
        self._most_bytes = most_bytes
        self._ready = threading.Event()
        self._ready.set()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def post(self, message: Message) -> None:
        """Send a message, or queue it where the socket does not accept it. Any thread may call
        this."""
        frame = encode(message)
        with self._lock:
            if len(self._waiting) >= _LIMITS.get(type(message), sys.maxsize):
                return
            rest = frame if self._waiting else frame[self._send(frame) :]
            if rest:
                self._waiting.append(rest)
                self._waiting_bytes += len(rest)
                self._ready.set()
            too_many = self._waiting_bytes > self._most_bytes
        if too_many:
            self._lost()

    def _send(self, frame: bytes) -> int:
        """Send without waiting; returns how many bytes the socket accepted."""
        if _WITHOUT_WAITING is None:
            return 0
        try:
            return self._sock.send(frame, _WITHOUT_WAITING)
        except OSError:
            # Full, or gone: the thread finds out which.
            return 0

    def _run(self) -> None:
        try:
            while True:
                self._ready.wait()
                self._ready.clear()
                while frames := self._first_frames():
                    self._sock.sendall(b"".join(frames))
                    self._remove(len(frames))
        except OSError:
            self._lost()

    def _first_frames(self) -> list[bytes]:
        with self._lock:
            return list(islice(self._waiting, _BATCH))

    def _remove(self, count: int) -> None:
        with self._lock:
            for _ in range(count):
                self._waiting_bytes -= len(self._waiting.popleft())
