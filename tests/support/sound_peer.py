"""A peer of a sound listener that writes and reads frames on a bare socket."""

import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self, TypeVar

from voicelive_tui.audio.ipc.frames import PREAMBLE, FrameReader, Message, encode
from voicelive_tui.audio.ipc.messages import Opened, OpenRequest, Welcome
from voicelive_tui.audio.ipc.requests import JoinRequest

from tests.support.deadlines import DEADLINE_S

T = TypeVar("T")


class SoundPeer:
    """A connection to a listener at a path, or at a port of 127.0.0.1. `messages` grows while a
    method waits."""

    def __init__(self, where: str) -> None:
        host, _, port = where.rpartition(":")
        if host:
            self.sock = socket.create_connection((host, int(port)), DEADLINE_S)
        else:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(DEADLINE_S)
            self.sock.connect(where)
        self.messages: list[Message] = []
        self.ended = False
        """Whether the other side has closed the connection."""
        self._reader = FrameReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.sock.close()

    def send(self, *messages: Message) -> None:
        """Send these."""
        self.sock.sendall(b"".join(map(encode, messages)))

    def ask_to_join(
        self, token: str = "", purpose: Literal["sound", "devices"] = "sound"
    ) -> Welcome:
        """Join, and return the answer."""
        self.sock.sendall(PREAMBLE)
        self.send(JoinRequest(token, purpose, "0.0.1"))
        return self.one(Welcome)

    def join(self, token: str = "", purpose: Literal["sound", "devices"] = "sound") -> None:
        """Join, which must succeed."""
        assert self.ask_to_join(token, purpose).refusal == ""

    def open(self, microphone: str = "null", speaker: str = "null") -> Opened:
        """Open these ports."""
        self.send(OpenRequest(microphone, speaker))
        return self.one(Opened)

    def of(self, kind: type[T]) -> list[T]:
        """Every message of this kind so far."""
        return [message for message in self.messages if isinstance(message, kind)]

    def one(self, kind: type[T], number: int = 1) -> T:
        """Wait for the message of this kind with this number, and return it."""
        self.until(lambda: len(self.of(kind)) >= number)
        return self.of(kind)[number - 1]

    def until(self, condition: Callable[[], bool]) -> None:
        """Read until the messages fulfil the condition, which they must before the end."""
        deadline_s = time.monotonic() + DEADLINE_S
        while not condition():
            assert not self.ended, f"the connection ended after {self.messages[-3:]}"
            assert time.monotonic() < deadline_s, f"waited in vain after {self.messages[-3:]}"
            self._read()

    def until_ended(self) -> None:
        """Read until the other side closes the connection."""
        deadline_s = time.monotonic() + DEADLINE_S
        while not self.ended:
            assert time.monotonic() < deadline_s, "the connection was not closed"
            self._read()

    def _read(self) -> None:
        try:
            data = self.sock.recv(1 << 16)
        except ConnectionError:
            data = b""
        self.ended = not data
        self.messages += self._reader.feed(data)
