"""Starts the audio process and connects to it, so that nothing it prints reaches the terminal."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from pathlib import Path

import voicelive_tui
from voicelive_tui.model.redact import without_secrets

_CONNECT_S = 10.0
_TOKEN_S = 2.0
_MODULE = "voicelive_tui.audio.host"


class HostProcess:
    """A running audio process, `sock` connected to it, and the last lines that it printed."""

    def __init__(self, process: Process, sock: socket.socket) -> None:
        self.sock = sock
        self._process = process
        self._lines: deque[str] = deque(maxlen=40)
        self._reading = asyncio.create_task(self._read_stderr())

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self, timeout_s: float) -> None:
        """Until it has ended; it is killed when that takes longer."""
        try:
            await asyncio.wait_for(self._process.wait(), timeout_s)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        await self._reading

    def last_words(self) -> str:
        """Why it ended, for a sentence: what it printed last, else its exit status."""
        said = [line for line in self._lines if not line.startswith(("ALSA lib", "Expression ", " ", "Traceback"))]
        if said:
            return said[-1]
        code = self._process.returncode
        if code is not None and code < 0:
            return signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"status {code}"

    async def _read_stderr(self) -> None:
        stream = self._process.stderr
        assert stream is not None
        rest = b""
        while chunk := await stream.read(4096):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-4096:]
            self._lines.extend(line.decode("utf-8", "replace").rstrip()[:300] for line in lines if line.strip())


async def start_host(*, loopback: bool = sys.platform == "win32") -> HostProcess:
    """Start the audio process. OSError when that cannot be.

    The connection is an inherited socket pair; with `loopback` a TCP connection that the process proves to be its own with a
    token, for systems on which no socket can be inherited.
    """
    return await (_start_loopback() if loopback else _start_inherited())


def _command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    # -P: a numpy.py in the folder in which a person stands is none of our modules.
    root = str(Path(voicelive_tui.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return [sys.executable, "-P", "-m", _MODULE, *arguments], {
        **without_secrets(os.environ),
        "PYTHONPATH": os.pathsep.join(paths),
    }


async def _start_inherited() -> HostProcess:
    ours, theirs = socket.socketpair()
    try:
        command, environment = _command("--fd", str(theirs.fileno()))
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            pass_fds=(theirs.fileno(),),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            # Ctrl+C and the end of the terminal are for the console, which closes the socket when it is done.
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return HostProcess(process, ours)


async def _start_loopback() -> HostProcess:
    token = secrets.token_hex(32)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        command, environment = _command("--connect")
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdin=PIPE, stdout=DEVNULL, stderr=PIPE)
        assert process.stdin is not None
        process.stdin.write(f"{server.getsockname()[1]} {token}\n".encode("ascii"))
        try:
            sock = await asyncio.wait_for(_accept(server, token), _CONNECT_S)
        except TimeoutError as error:
            process.kill()
            raise OSError("the audio process did not connect") from error
    return HostProcess(process, sock)


async def _accept(server: socket.socket, token: str) -> socket.socket:
    loop = asyncio.get_running_loop()
    while True:
        sock, _ = await loop.sock_accept(server)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            said = await asyncio.wait_for(_exactly(sock, len(token)), _TOKEN_S)
        except (OSError, TimeoutError):
            said = b""
        if secrets.compare_digest(said, token.encode("ascii")):
            return sock
        sock.close()  # somebody else on this machine, who must not hold up ours


async def _exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        data = await asyncio.get_running_loop().sock_recv(sock, size - len(found))
        if not data:
            break
        found += data
    return found
