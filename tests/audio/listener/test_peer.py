"""The audio process of a peer where no socket can be inherited: its bytes are passed on."""

import asyncio
import socket

from voicelive_tui.audio.ipc.frames import FrameReader, Message, encode
from voicelive_tui.audio.ipc.messages import DeviceNotice, Opened, OpenRequest, Welcome
from voicelive_tui.audio.listener.peer import Peer

from tests.support.left_over import child_processes


def read_until(sock: socket.socket, reader: FrameReader, kind: type[Message]) -> None:
    """Read until a message of this kind has come."""
    while not any(isinstance(message, kind) for message in reader.feed(sock.recv(1 << 16))):
        pass


async def test_the_bytes_are_passed_on_both_ways() -> None:
    ours, theirs = socket.socketpair()
    children = child_processes()
    with theirs:
        ours.setblocking(False)
        peer = await Peer.start(ours, "sound", lambda: None, muted=False, loopback=True)
        ending = asyncio.create_task(peer.end())
        reader = FrameReader()
        await asyncio.to_thread(read_until, theirs, reader, Welcome)
        theirs.sendall(encode(OpenRequest("null", "null")))
        await asyncio.to_thread(read_until, theirs, reader, Opened)
        peer.mute(True)
        await asyncio.to_thread(read_until, theirs, reader, DeviceNotice)
        theirs.shutdown(socket.SHUT_WR)
        await ending
        assert peer.last_words() == ""
    assert child_processes() == children
