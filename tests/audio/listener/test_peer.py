"""The audio process of a peer where no socket can be inherited: its bytes are passed on."""

import asyncio
import socket
from collections.abc import Callable

from voicelive_tui.audio.ipc.frames import FrameReader, Message, encode
from voicelive_tui.audio.ipc.messages import MutedThere, Opened, OpenRequest, Welcome
from voicelive_tui.audio.listener.peer import Peer

from tests.support.deadlines import DEADLINE_S
from tests.support.left_over import child_processes


def read_until(sock: socket.socket, reader: FrameReader, wanted: Callable[[Message], bool]) -> None:
    """Read until such a message has come. Raises TimeoutError if none does."""
    sock.settimeout(DEADLINE_S)
    while not any(list(map(wanted, reader.feed(sock.recv(1 << 16))))):
        pass


async def test_the_bytes_are_passed_on_both_ways() -> None:
    ours, theirs = socket.socketpair()
    children = child_processes()
    with theirs:
        ours.setblocking(False)
        peer = await Peer.start(ours, "sound", lambda: None, muted=False, loopback=True)
        ending = asyncio.create_task(peer.end())
        reader = FrameReader()
        await asyncio.to_thread(read_until, theirs, reader, lambda each: isinstance(each, Welcome))
        theirs.sendall(encode(OpenRequest("null", "null")))
        await asyncio.to_thread(read_until, theirs, reader, lambda each: isinstance(each, Opened))
        peer.mute(True)
        await asyncio.to_thread(read_until, theirs, reader, lambda each: each == MutedThere(True))
        theirs.shutdown(socket.SHUT_WR)
        await ending
        assert peer.last_words() == ""
    assert child_processes() == children
