"""What the operating system counts for a TCP connection: the bytes that came, and those that the
peer has acknowledged. Linux tells both, and other systems neither."""

import asyncio
import socket
import struct
import sys
from dataclasses import dataclass
from typing import Final

_OFFSET: Final = 120
"""Where `tcpi_bytes_acked` and `tcpi_bytes_received`, of 64 bits each, stand in Linux's `struct
tcp_info` (since Linux 4.1)."""


@dataclass(frozen=True, slots=True)
class TcpCounters:
    """Bytes since the connection was opened. received: also those of a TLS record that is not
    complete yet."""

    acknowledged: int
    received: int


def tcp_counters(sock: socket.socket | None) -> TcpCounters | None:
    """Return the counters; None where the system does not tell."""
    if sock is None or sys.platform != "linux":
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _OFFSET + 16)
        return TcpCounters(*struct.unpack_from("=QQ", info, _OFFSET))
    except (OSError, struct.error):  # closed, or an old kernel
        return None


class TcpProgress:
    """What happens on a connection from the time at which this object was made."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._socket = transport.get_extra_info("socket")
        self._before = tcp_counters(self._socket)
        waiting = transport.get_write_buffer_size() + _unacknowledged_bytes(self._socket)
        self._target = 0 if self._before is None else self._before.acknowledged + waiting

    def advances(self) -> bool:
        """Whether anything has come since the last call, or more of what had been written when this
        object was made has arrived at the peer. What was written later does not count: a peer's
        system also acknowledges what its program never reads."""
        now, before = tcp_counters(self._socket), self._before
        if now is None or before is None:
            return False
        self._before = now
        sent_on = before.acknowledged < min(now.acknowledged, self._target)
        return sent_on or now.received > before.received


def _unacknowledged_bytes(sock: socket.socket | None) -> int:
    if sock is None or sys.platform != "linux":
        return 0
    import fcntl
    import termios

    try:
        return int(struct.unpack("=i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0])
    except OSError:
        return 0
