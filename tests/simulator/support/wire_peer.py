"""A client on bare TCP that implements just enough of WebSocket to see every byte of a misbehaving
server."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.websocket_frames import (
    CLOSE,
    PING,
    PONG,
    TARGET,
    TEXT,
    client_frame,
    upgrade_request,
)
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import JSON

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Frame:
    """One WebSocket frame as it was received."""

    opcode: int
    payload: bytes
    final: bool = True

    @property
    def json(self) -> JSON:
        decoded: JSON = json.loads(self.payload)
        return decoded

    @property
    def kind(self) -> str:
        """The event's type."""
        return str(self.json["type"])


class WirePeer:
    """`frame` reads one; `end` returns how the connection ends, and the bytes before it that were
    not a whole frame."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}

    async def upgrade(self, target: str = TARGET) -> None:
        """Send the request and read the head of the response."""
        self.request(target)
        head = await self._in_time(self.reader.readuntil(b"\r\n\r\n"))
        status, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(status.split()[1])
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }

    def request(self, target: str = TARGET) -> None:
        self.writer.write(upgrade_request(target))

    async def body(self) -> JSON:
        """The body of a response that is not an upgrade."""
        decoded: JSON = json.loads(await self._in_time(self.reader.read()))
        return decoded

    def write(self, data: bytes, opcode: int = TEXT) -> None:
        self.writer.write(client_frame(data, opcode))

    def send(self, kind: str, **fields: Any) -> None:
        self.write(json.dumps({"type": kind, **fields}).encode())

    def update(self) -> None:
        """Send an event that is answered with session.updated."""
        self.send("session.update", session={})

    async def frame(self) -> Frame:
        """The next frame that is not a ping; pings are answered, or the server would give this
        client up. Raises IncompleteReadError at the end of the stream, ConnectionResetError at a
        reset."""
        return await self._in_time(self._answering_pings())

    async def until(self, kind: str) -> Frame:
        while (frame := await self.frame()).opcode != TEXT or frame.kind != kind:
            pass
        return frame

    async def frames(self, count: int) -> list[Frame]:
        return [await self.frame() for _ in range(count)]

    async def end(self) -> tuple[str, bytes]:
        """("fin" or "rst", the rest of the bytes before it)."""
        try:
            return "fin", await self._in_time(self.reader.read())
        except ConnectionResetError:
            return "rst", b""

    def pause_reading(self) -> None:
        """Read no more from the socket: what arrives stays unread."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    @property
    def _transport(self) -> asyncio.Transport:
        transport = self.writer.transport
        assert isinstance(transport, asyncio.Transport)
        return transport

    async def _answering_pings(self) -> Frame:
        while (frame := await self._frame()).opcode == PING:
            self.write(frame.payload, PONG)
        return frame

    async def _frame(self) -> Frame:
        first, size = await self.reader.readexactly(2)
        assert not first & 0x70 and not size & 0x80, "a server neither masks nor extends"
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await self.reader.readexactly(8), "big")
        return Frame(first & 0x0F, await self.reader.readexactly(size), bool(first & 0x80))

    async def _in_time(self, awaitable: Awaitable[T]) -> T:
        async with asyncio.timeout(DEADLINE_S):
            return await awaitable


@asynccontextmanager
async def connection(url: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[WirePeer]:
    """A TCP connection on which nothing was sent yet."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=tls, limit=2**27)
    try:
        yield WirePeer(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def wire_peer(url: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[WirePeer]:
    """An upgraded connection."""
    async with connection(url, tls) as peer:
        await peer.upgrade()
        assert peer.status == 101
        yield peer


@asynccontextmanager
async def unkind(
    *faults: str,
    close_timeout_s: float = DEADLINE_S,
    clock: Callable[[], float] = time.perf_counter,
    **options: Any,
) -> AsyncIterator[Simulator]:
    """A simulator with these faults armed from its start, written as on the command line. Unless
    told to, it does not abort clients that are slow to end."""
    armed = tuple(parse_fault_text(fault) for fault in faults)
    async with Simulator(
        Options(faults=armed, close_timeout_s=close_timeout_s, **options), ToneVoice(), clock
    ) as simulator:
        yield simulator


def close_of(frame: Frame) -> tuple[int | None, str]:
    """The code and reason of a close frame."""
    assert frame.opcode == CLOSE
    return (int.from_bytes(frame.payload[:2], "big") if frame.payload else None), frame.payload[
        2:
    ].decode()
