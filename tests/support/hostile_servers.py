"""Small servers on loopback that misbehave, and record the requests that reached them."""

import asyncio
import base64
import hashlib
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from tests.support.deadlines import DEADLINE_S

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter, str], Awaitable[None]]

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA


class Server:
    """A listening socket. `requests` holds the head of every HTTP request."""

    def __init__(self, handler: Handler) -> None:
        self.requests: list[str] = []
        self.port = 0
        self._handler = handler

    @property
    def url(self) -> str:
        """The endpoint as a user would configure it."""
        return f"http://127.0.0.1:{self.port}"

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection: read its request, then call the handler."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(head)
            await self._handler(reader, writer, head)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(handler: Handler, *, window_bytes: int = 0) -> AsyncIterator[Server]:
    """Serve on a free port until the block ends. window_bytes: the receive buffer, which bounds
    what the kernel accepts and the handler has not read."""
    server = Server(handler)
    sock = socket.create_server(("127.0.0.1", 0))
    if window_bytes:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
    listener = await asyncio.start_server(server.connected, sock=sock, limit=window_bytes or 2**16)
    server.port = sock.getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def answering(status: str, *headers: str, body: str = "") -> Handler:
    """A handler that answers every request with this status, such as `401 Unauthorized`."""

    async def handler(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Length: {len(body.encode())}",
            "Connection: close",
            *headers,
            "",
            body,
        ]
        writer.write("\r\n".join(lines).encode())
        await writer.drain()

    return handler


async def upgrade(writer: asyncio.StreamWriter, head: str) -> None:
    """Accept the websocket."""
    key = next(
        line.split(":", 1)[1].strip()
        for line in head.split("\r\n")
        if line.lower().startswith("sec-websocket-key:")
    )
    accept = base64.b64encode(
        hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    ).decode()
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await writer.drain()


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole, unmasked frame."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
    return head + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame with this code and reason."""
    return frame(struct.pack("!H", code) + reason.encode(), CLOSE)


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one frame from the client; returns its opcode and its unmasked payload."""
    head = await reader.readexactly(2)
    size = head[1] & 0x7F
    if size >= 126:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8))
    mask, payload = await reader.readexactly(4), await reader.readexactly(size)
    return head[0] & 0x0F, bytes(byte ^ mask[position % 4] for position, byte in enumerate(payload))


async def until_goodbye(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read until the client's close frame. Pings are answered, because the client would close
    otherwise."""
    while True:
        opcode, payload = await read_frame(reader)
        if opcode == CLOSE:
            return
        if opcode == PING:
            writer.write(frame(payload, PONG))


def saying(*frames: bytes, stay: bool = False) -> Handler:
    """A handler that accepts the websocket, writes these bytes and closes; with `stay` it first
    waits for the client's close frame."""

    async def handler(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str
    ) -> None:
        await upgrade(writer, head)
        for data in frames:
            writer.write(data)
        await writer.drain()
        if stay:
            await until_goodbye(reader, writer)

    return handler


@contextmanager
def serving_beside(handler: Handler, *, window_bytes: int = 0) -> Iterator[Server]:
    """Like `serving`, in a thread with its own loop, for tests that block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="hostile-server")
    thread.start()
    context = serving(handler, window_bytes=window_bytes)
    try:
        server = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(DEADLINE_S)
        try:
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(
                DEADLINE_S
            )
    finally:
        asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result(DEADLINE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE_S)
        loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
