"""Starts the audio process of a peer and hands it the peer's socket."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from typing import NamedTuple

from voicelive_tui.audio.client.spawn import HOST_MODULE, start_on_loopback
from voicelive_tui.concurrency.child_process import ChildProcess

_PIECE_BYTES = 1 << 16


class StartedHost(NamedTuple):
    """The audio process; its `end` must be awaited. relay: passes the bytes on where the process
    could not inherit the socket, until it is cancelled."""

    child: ChildProcess
    relay: "asyncio.Task[None] | None" = None


async def start_host_for(
    sock: socket.socket,
    *arguments: str,
    on_output: Callable[[str], None],
    loopback: bool = sys.platform == "win32",
) -> StartedHost:
    """Start the audio process for a peer's socket, which belongs to the process from now on. Raises
    OSError if it cannot be started.

    The process inherits the socket; with `loopback` the bytes are passed on over a second
    connection, for systems on which no socket can be inherited. on_output: called with each line of
    its standard output.
    """
    if loopback:
        return await _start_with_relay(sock, arguments, on_output)
    with sock:
        # Whether a socket blocks is a property that both processes share.
        sock.setblocking(True)
        fd = sock.fileno()
        child = await ChildProcess.start(
            HOST_MODULE,
            *("--fd", str(fd), *arguments),
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=(fd,),
            on_output=on_output,
        )
    return StartedHost(child)


async def _start_with_relay(
    sock: socket.socket, arguments: tuple[str, ...], on_output: Callable[[str], None]
) -> StartedHost:
    with contextlib.ExitStack() as failed:
        failed.enter_context(sock)
        child, inner = await start_on_loopback(*arguments, stdout=PIPE, on_output=on_output)
        failed.pop_all()
    return StartedHost(child, asyncio.create_task(_relay(sock, inner)))


async def _relay(outer: socket.socket, inner: socket.socket) -> None:
    with outer, inner:
        await asyncio.gather(_pass_on(outer, inner), _pass_on(inner, outer))


async def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while data := await loop.sock_recv(source, _PIECE_BYTES):
            await loop.sock_sendall(sink, data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
