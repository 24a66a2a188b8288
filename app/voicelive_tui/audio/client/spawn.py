"""Starts the audio process and connects to it. Nothing that it prints reaches the terminal."""

import asyncio
import secrets
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable

from voicelive_tui.concurrency.child_process import ChildProcess

_CONNECT_S = 30.0
"""Seconds to wait for the connection: on a busy machine the process needs seconds for its
imports."""
_TOKEN_S = 10.0
HOST_MODULE = "voicelive_tui.audio.host.server"


class HostProcess:
    """A running audio process. sock: the connection to it. The caller that started it must await
    `end`."""

    def __init__(self, child: ChildProcess, sock: socket.socket) -> None:
        self.sock = sock
        self.pid = child.pid
        self.kill = child.kill
        self.end = child.end
        self.last_words = child.exit_reason


async def start_host(*, loopback: bool = sys.platform == "win32") -> HostProcess:
    """Start the audio process. Raises OSError if it cannot be started.

    The connection is an inherited socket pair; with `loopback` a TCP connection that the process
    proves to be its own with a token, for systems on which no socket can be inherited.
    """
    return await _start_inherited() if not loopback else HostProcess(*await start_on_loopback())


async def _start_inherited() -> HostProcess:
    ours, theirs = socket.socketpair()
    try:
        child = await ChildProcess.start(
            HOST_MODULE, "--fd", str(theirs.fileno()), pass_fds=(theirs.fileno(),)
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return HostProcess(child, ours)


async def start_on_loopback(
    *arguments: str,
    stdout: int = DEVNULL,
    on_output: Callable[[str], None] | None = None,
) -> tuple[ChildProcess, socket.socket]:
    """Start the audio process, and wait until it has connected over TCP with a token. Raises
    OSError. stdout, on_output: as of `ChildProcess.start`."""
    token = secrets.token_hex(32)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        child = await ChildProcess.start(
            HOST_MODULE, "--connect", *arguments, stdin=PIPE, stdout=stdout, on_output=on_output
        )
        try:
            child.write(f"{server.getsockname()[1]} {token}\n".encode("ascii"))
            async with asyncio.timeout(_CONNECT_S):
                return child, await _accept(server, token)
        except BaseException as error:
            child.kill()
            await child.end(0)
            if isinstance(error, TimeoutError):
                raise OSError("the audio process did not connect") from error
            raise


async def _accept(server: socket.socket, token: str) -> socket.socket:
    """Wait until a process connects that knows the token, and return the connection."""
    loop = asyncio.get_running_loop()
    while True:
        sock, _ = await loop.sock_accept(server)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            async with asyncio.timeout(_TOKEN_S):
                said = await _exactly(sock, len(token))
        except (OSError, TimeoutError):
            said = b""
        if secrets.compare_digest(said, token.encode("ascii")):
            return sock
        sock.close()  # another program on this machine, which must not delay our process


async def _exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        data = await asyncio.get_running_loop().sock_recv(sock, size - len(found))
        if not data:
            break
        found += data
    return found
