"""Sends the messages of the audio process: they are queued without waiting and written by a thread
of their own.

If the reader stops reading, audio is lost but memory does not grow: beyond a limit levels and
blocks are dropped, which shows as a gap in the blocks' sequence.
"""

import socket
import threading
from collections import deque
from collections.abc import Callable

from voicelive_tui.audio.ipc.frames import PREAMBLE, Message, encode
from voicelive_tui.audio.ipc.messages import Levels, MicBlock

_LIMITS = {Levels: 200, MicBlock: 700}
"""The number of waiting messages at which one of this kind is dropped: about a second of meters,
and ten seconds of microphone."""


class MessageSender:
    """Writes messages to a socket. lost: called once, when the other side is gone."""

    def __init__(self, sock: socket.socket, lost: Callable[[], None]) -> None:
        self._sock = sock
        self._lost = lost
        self._waiting: deque[Message] = deque()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def post(self, message: Message) -> None:
        """Queue a message. Any thread may call this."""
        if isinstance(message, Levels | MicBlock) and len(self._waiting) >= _LIMITS[type(message)]:
            return
        self._waiting.append(message)
        self._ready.set()

    def _run(self) -> None:
        try:
            self._sock.sendall(PREAMBLE)
            while True:
                self._ready.wait()
                self._ready.clear()
                while self._waiting:
                    self._sock.sendall(b"".join(map(encode, self._next_batch())))
        except OSError:
            self._lost()

    def _next_batch(self) -> list[Message]:
        taken: list[Message] = []
        while self._waiting and len(taken) < 64:
            taken.append(self._waiting.popleft())
        return taken
