"""The audio process: `python -m voicelive_tui.audio.host.server --fd N`, or `--connect` with port
and token on standard input.

It answers requests on its socket and ends when the socket does, so it never outlives the console.
With `--peer` it serves a console on another machine for a listener, and ends with its standard
input too, so it never outlives the listener.
"""

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from voicelive_tui.audio.host.audio_engine import AudioEngine
from voicelive_tui.audio.host.engine_limits import carry_out, close_engine
from voicelive_tui.audio.host.peer_host import PeerHost, PeerSilent
from voicelive_tui.audio.host.sender import MessageSender
from voicelive_tui.audio.host.socket_reading import receive
from voicelive_tui.audio.ipc.frames import FrameError, FrameReader, Message
from voicelive_tui.audio.ipc.host_reports import HostReport, read_mute_line
from voicelive_tui.audio.ipc.requests import AudioRequest

_SWITCH_S = 0.001
"""The longest time, in seconds, that a callback waits for a worker thread to release the
interpreter."""
_NICE = -10


class AudioHost:
    """Reads requests from a socket for the audio engine, and writes the engine's messages to it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reader = FrameReader()
        self._sender = MessageSender(sock, self._hang_up)
        self._engine = AudioEngine(self._sender.post)

    def serve(self) -> None:
        """Serve until the other side closes the connection; `close` must follow. Raises FrameError
        if it does not speak the protocol."""
        while data := receive(self._sock):
            taken_s = time.perf_counter()
            for message in self._reader.feed(data):
                self._handle(message, taken_s)

    def close(self, exit_code: int) -> None:
        """Close the devices. Ends the process with this exit code if they do not close, so all that
        is to be said must have been said."""
        close_engine(self._engine, exit_code)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _handle(self, message: Message, taken_s: float) -> None:
        if not isinstance(message, AudioRequest):
            raise FrameError(f"{type(message).__name__} is nothing that the audio process is asked")
        carry_out(self._engine, message, taken_s)


def _report(report: HostReport) -> None:
    with contextlib.suppress(OSError):  # the listener is gone, and this process ends too
        os.write(1, f"{report}\n".encode("ascii"))


def _input_lines() -> Iterator[bytes]:
    """The lines of standard input. It is read without a buffer, because Python cannot end while a
    thread holds the buffer's lock."""
    begun = b""
    while data := os.read(0, 4096):
        *lines, begun = (begun + data).split(b"\n")
        yield from lines


def _follow_listener(host: PeerHost, lines: Iterator[bytes]) -> None:
    """Mute as the listener says, and end the process with the listener."""
    for line in lines:
        muted = read_mute_line(line)
        if muted is not None:
            host.mute_here(muted)
    os._exit(0)


def _host_of(
    sock: socket.socket, arguments: argparse.Namespace, lines: Iterator[bytes]
) -> AudioHost | PeerHost:
    if arguments.peer is None:
        return AudioHost(sock)
    host = PeerHost(sock, arguments.peer, _report, muted=arguments.muted)
    threading.Thread(
        target=_follow_listener, args=(host, lines), name="listener-commands", daemon=True
    ).start()
    return host


def _exit_code_of(step: Callable[[], None]) -> int:
    """Carry out a step, and say on standard error why it failed. Returns the exit code."""
    try:
        step()
    except FrameError as error:
        print(f"protocol error: {error}", file=sys.stderr)
        return 2
    except PeerSilent as error:
        print(error, file=sys.stderr)
        return 2
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def _socket(arguments: argparse.Namespace, lines: Iterator[bytes]) -> socket.socket:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    port, token = next(lines).split()
    sock = socket.create_connection(("127.0.0.1", int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(token)
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
    parser.add_argument(
        "--peer",
        choices=("sound", "devices"),
        help="serve a console on another machine that has joined for this",
    )
    parser.add_argument("--muted", action="store_true", help="the microphone is muted here")
    # Ctrl+C is handled by the console, which closes the socket when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(_SWITCH_S)
    if hasattr(os, "nice"):
        # Few users may raise a priority. Where it is possible, a busy machine causes fewer gaps.
        with contextlib.suppress(OSError):
            os.nice(_NICE)
    arguments = parser.parse_args(argv)
    lines = _input_lines()
    with _socket(arguments, lines) as sock:
        host = _host_of(sock, arguments, lines)
        failed = _exit_code_of(host.serve)
        not_closed = _exit_code_of(partial(host.close, failed))
        return failed or not_closed


if __name__ == "__main__":
    sys.exit(main())
