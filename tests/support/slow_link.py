"""A relay in front of a socket that delays bytes in both directions, holds them back, and cuts the
connections.

It runs in a thread of its own, so tests with and without an event loop can use it. The bytes keep
their order, whatever their delays.
"""

import asyncio
import random
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.deadlines import DEADLINE_S

Address = Path | tuple[str, int]
"""The path of a Unix socket, or host and port."""

_CHUNK_BYTES = 1 << 16
_MOST_CHUNKS = 64
"""The most pieces that one direction holds before its sender has to wait."""


class SlowLink:
    """A relay to `target` for the length of a `with` block.

    listen: the path of the Unix socket to listen on; None for a free port of 127.0.0.1, which
    `address` names. delay_s: the time that each byte needs in each direction, so that the round
    trip is twice that. jitter_s: up to so much is added at random. Both may be changed at any time.
    """

    def __init__(
        self,
        target: Address,
        *,
        listen: Path | None = None,
        delay_s: float = 0.0,
        jitter_s: float = 0.0,
    ) -> None:
        self.delay_s = delay_s
        self.jitter_s = jitter_s
        self.address: Address = listen or ("127.0.0.1", 0)
        self.accepted = 0
        """The number of connections so far."""
        self.sent_bytes = 0
        """The bytes that have come from those who connected, whether passed on or held back."""
        self._target = target
        self._random = random.Random(0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="slow link", daemon=True)
        self._ready = threading.Event()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(DEADLINE_S), "the relay did not start"
        self.listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_S)

    def listen(self) -> None:
        """Accept connections, at the same address as before if there was one."""
        self._call(self._listen())

    def refuse(self) -> None:
        """Cut every connection and accept no more, until `listen`. A Unix socket's file is
        removed."""
        self._call(self._refuse())

    def stall(self) -> None:
        """Hold back all bytes in both directions, and the ends of connections."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def resume(self) -> None:
        """Deliver what was held back."""
        self._loop.call_soon_threadsafe(self._flowing.set)

    def cut(self) -> None:
        """Cut every connection. What it held back is lost; new ones are accepted."""
        self._call(self._cut())

    # In the relay's thread.

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _call(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(DEADLINE_S)

    async def _listen(self) -> None:
        if isinstance(self.address, Path):
            self._server = await asyncio.start_unix_server(self._accepted, self.address)
        else:
            self._server = await asyncio.start_server(self._accepted, *self.address)
            self.address = self._server.sockets[0].getsockname()[:2]

    async def _refuse(self) -> None:
        if self._server is not None:
            # What was accepted just now is cut with the others.
            for sock in self._server.sockets:
                self._loop.remove_reader(sock.fileno())
            for _ in range(3):
                await asyncio.sleep(0)
            self._server.close()
            self._server = None
            if isinstance(self.address, Path):
                self.address.unlink(missing_ok=True)
        await self._cut()

    async def _cut(self) -> None:
        for connection in list(self._connections):
            connection.cut()
        while self._connections:
            await asyncio.sleep(0.001)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:
            writer.transport.abort()
            return
        self.accepted += 1
        connection = _Connection(self, reader, writer)
        self._connections.add(connection)
        try:
            await connection.relay()
        finally:
            self._connections.discard(connection)

    # For its connections.

    async def open_target(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the target."""
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    def due_s(self) -> float:
        """When bytes that arrive now are to be delivered."""
        return time.monotonic() + self.delay_s + self._random.random() * self.jitter_s

    async def until_flowing(self) -> None:
        """Wait for the end of a stall."""
        await self._flowing.wait()


class _Connection:
    """One connection through the relay."""

    def __init__(
        self, link: SlowLink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._link = link
        self._reader = reader
        self._writers = [writer]
        self._task = asyncio.current_task()

    def cut(self) -> None:
        """End it at once."""
        if self._task is not None:
            self._task.cancel()

    async def relay(self) -> None:
        """Carry bytes both ways until both sides or one of them in an error has ended."""
        try:
            reader, writer = await self._link.open_target()
            self._writers.append(writer)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(self._reader, writer, counts=True))
                group.create_task(self._carry(reader, self._writers[0], counts=False))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            return
        finally:
            for each in self._writers:
                each.transport.abort()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool
    ) -> None:
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_MOST_CHUNKS)
        writer.transport.set_write_buffer_limits(0)  # `drain` waits until all is sent
        async with asyncio.TaskGroup() as group:
            group.create_task(self._deliver(held, writer))
            data = b" "
            while data:
                data = await reader.read(_CHUNK_BYTES)
                self._link.sent_bytes += len(data) if counts else 0
                await held.put((self._link.due_s(), data))

    async def _deliver(
        self, held: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due_s, data = await held.get()
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            await self._link.until_flowing()
            if not data:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()
