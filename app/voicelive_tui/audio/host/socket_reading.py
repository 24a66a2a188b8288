"""Reads the socket of the audio process."""

import select
import socket


def receive(sock: socket.socket) -> bytes:
    """Wait for bytes and return them; empty when the other side is gone."""
    try:
        # Linux wakes a thread that waits in recv each time the console reads a message.
        select.select([sock], [], [])
        return sock.recv(1 << 18)
    except OSError:
        return b""
