"""The audio process: `python -m voicelive_tui.audio.host.server --fd N`, or `--connect` with port
and token on standard input.

It answers requests on its socket and ends when the socket does, so it never outlives the console.
"""

import argparse
import contextlib
import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence

from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.host.sender import MessageSender
from voicelive_tui.audio.ipc.frames import FrameError, FrameReader, Message
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ipc.requests import AudioRequest, FlushRequest
from voicelive_tui.audio.ports.deadline import STOP_WITHIN_S, deadline

_SWITCH_S = 0.001
"""The longest time, in seconds, that a callback waits for a worker thread to release the
interpreter."""
_NICE = -10
_CLOSING_S = 1.0
"""Seconds to wait for a device that does not close."""


class AudioHost:
    """Reads requests from a socket for the audio engine, and writes the engine's messages to it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = FrameReader()
        self._sender = MessageSender(sock, self._hang_up)
        self._engine = AudioEngine(self._sender.post)

    def serve(self) -> None:
        """Serve until the other side closes the connection. Raises FrameError if it does not speak
        the protocol."""
        try:
            while data := self._receive():
                for message in self._reader.feed(data):
                    self._handle(message)
        finally:
            with deadline(_CLOSING_S):
                self._engine.close()

    def _receive(self) -> bytes:
        try:
            # Linux wakes a thread that waits in recv each time the console reads a message.
            select.select([self._sock], [], [])
            return self._sock.recv(1 << 18)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _handle(self, message: Message) -> None:
        if not isinstance(message, AudioRequest):
            raise FrameError(f"{type(message).__name__} is nothing that the audio process is asked")
        if isinstance(message, FlushRequest):
            with deadline(STOP_WITHIN_S):
                self._engine.handle(message)
        else:
            self._engine.handle(message)
        if isinstance(message, OpenRequest):
            # All objects so far are permanent. Frozen, they cost the garbage collector no time
            # while audio plays.
            gc.collect()
            gc.freeze()


def _socket(arguments: argparse.Namespace) -> socket.socket:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    port, token = sys.stdin.readline().split()
    sock = socket.create_connection(("127.0.0.1", int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(token.encode("ascii"))
    return sock


def main(argv: Sequence[str] | None = None) -> int:
    """Serve one connection."""
    parser = argparse.ArgumentParser(prog="voicelive_tui.audio.host.server", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--fd", type=int, help="an inherited socket")
    way.add_argument(
        "--connect",
        action="store_true",
        help="read `PORT TOKEN` from standard input and connect to that port",
    )
    # Ctrl+C is handled by the console, which closes the socket when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(_SWITCH_S)
    if hasattr(os, "nice"):
        # Few users may raise a priority. Where it is possible, a busy machine causes fewer gaps.
        with contextlib.suppress(OSError):
            os.nice(_NICE)
    with _socket(parser.parse_args(argv)) as sock:
        try:
            AudioHost(sock).serve()
        except FrameError as error:
            print(f"protocol error: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
