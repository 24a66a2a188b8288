"""Reads the socket of the audio process."""

import select
import socket


def receive(sock: socket.socket, within_s: float | None = None) -> bytes:
    """Wait for bytes and return them; empty when the other side is gone. Raises TimeoutError if
    none come in that time."""
    try:
        # Linux wakes a thread that waits in recv each time the console reads a message.
        ready, _, _ = select.select([sock], [], [], within_s)
        if not ready:
            raise TimeoutError
        return sock.recv(1 << 18)
    except TimeoutError:
        raise
    except OSError:
        return b""
