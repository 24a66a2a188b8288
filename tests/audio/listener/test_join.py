"""The first request of a peer is read to its last byte and not one further, and anything else is
refused in bounded time."""

import asyncio
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.audio.ipc.frames import PREAMBLE, encode
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ipc.requests import JoinRequest
from voicelive_tui.audio.listener.join import JoinerGone, JoinError, knows_token, read_join

from tests.support.deadlines import DEADLINE_S

JOIN = JoinRequest("token", "sound", "1.0")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The listener's end of a connection, which does not block, and the peer's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


async def test_what_follows_the_request_stays_in_the_socket(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.sendall(PREAMBLE + encode(JOIN) + b"the rest")
    assert await read_join(ours, DEADLINE_S) == JOIN
    assert ours.recv(100) == b"the rest"


async def test_a_request_may_arrive_in_pieces(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    reading = asyncio.create_task(read_join(ours, DEADLINE_S))
    for byte in PREAMBLE + encode(JOIN):
        theirs.sendall(bytes([byte]))
        await asyncio.sleep(0)
    assert await reading == JOIN


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (PREAMBLE, "did not join in time"),
        (b"GET / HTTP/1.1\r\n", "does not speak this protocol: it began with b'GET / HT'"),
        (PREAMBLE + struct.pack(">I", 5000), "has 5000 bytes, the limit is 4096"),
        (PREAMBLE + encode(OpenRequest()), "began with OpenRequest instead of JoinRequest"),
        (PREAMBLE + encode(JOIN)[:-1] + b"\xff", "garbled"),
    ],
)
async def test_anything_else_is_refused(
    pair: tuple[socket.socket, socket.socket], sent: bytes, reason: str
) -> None:
    ours, theirs = pair
    theirs.sendall(sent)
    with pytest.raises(JoinError, match=reason):
        await read_join(ours, 0.05)


async def test_a_peer_that_goes_away_is_no_error_of_its_own(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.close()
    with pytest.raises(JoinerGone):
        await read_join(ours, DEADLINE_S)


@given(st.text(), st.text())
def test_only_the_token_itself_proves_the_right(right: str, given_token: str) -> None:
    assert knows_token(JoinRequest(given_token, "sound", ""), right) == (right == given_token)
    assert knows_token(JoinRequest(right, "sound", ""), right)


def test_without_a_token_the_permissions_of_the_socket_are_proof() -> None:
    assert knows_token(JOIN, None)
