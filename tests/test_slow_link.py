"""The relay that stands for a slow or broken network."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deadlines import DEADLINE_S
from tests.support.slow_link import Address, SlowLink


@pytest.fixture(params=["unix", "tcp"])
def echo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """A server that sends back what it gets."""
    if request.param == "unix":
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "echo"))
        server.listen()
    else:
        server = socket.create_server(("127.0.0.1", 0))
    address: Address = tmp_path / "echo" if request.param == "unix" else server.getsockname()

    def serve() -> None:
        while True:
            try:
                sock, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(sock,), daemon=True).start()

    def answer(sock: socket.socket) -> None:
        with sock:
            try:
                while data := sock.recv(1 << 16):
                    sock.sendall(data)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield address
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def connected(link: SlowLink) -> socket.socket:
    kind = socket.AF_UNIX if isinstance(link.address, Path) else socket.AF_INET
    sock = socket.socket(kind)
    sock.settimeout(DEADLINE_S)
    try:
        sock.connect(str(link.address) if isinstance(link.address, Path) else link.address)
    except OSError:
        sock.close()
        raise
    return sock


def exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size and (data := sock.recv(size - len(found))):
        found += data
    return found


def test_bytes_come_in_order_and_not_before_their_delay(echo: Address, tmp_path: Path) -> None:
    said = bytes(range(256)) * 4000
    with (
        SlowLink(echo, listen=tmp_path / "slow", delay_s=0.02, jitter_s=0.02) as link,
        connected(link) as sock,
    ):
        began_s = time.monotonic()
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"
        assert time.monotonic() - began_s >= 0.04
        threading.Thread(target=sock.sendall, args=(said,)).start()
        assert exactly(sock, len(said)) == said
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b""


def test_a_stall_holds_everything_back_and_loses_nothing(echo: Address) -> None:
    with SlowLink(echo) as link, connected(link) as sock:
        sock.sendall(b"one")
        assert exactly(sock, 3) == b"one"
        link.stall()
        sock.sendall(b"two")
        sock.settimeout(0.1)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(DEADLINE_S)
        link.resume()
        assert exactly(sock, 3) == b"two"


def test_a_cut_ends_connections_and_a_refusal_also_new_ones(echo: Address) -> None:
    with SlowLink(echo) as link:
        with connected(link) as sock:
            sock.sendall(b"one")
            assert exactly(sock, 3) == b"one"
            link.cut()
            assert not ended_with(sock)
        link.refuse()
        with pytest.raises(ConnectionRefusedError):
            connected(link)
        link.listen()
        with connected(link) as sock:
            sock.sendall(b"two")
            assert exactly(sock, 3) == b"two"


def ended_with(sock: socket.socket) -> bytes:
    try:
        return sock.recv(1)
    except ConnectionError:
        return b""
