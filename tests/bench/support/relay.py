"""A TCP relay between the console and a service on loopback, which breaks connections in the ways
in which networks do."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from tests.support.deadlines import DEADLINE_S

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing sends RST."""


class Relay:
    """Listens on a port of its own and passes bytes on, in a thread with its own loop."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay")
        self._listener: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._services: set[asyncio.StreamWriter] = set()
        self._swallowed: set[asyncio.StreamWriter] = set()
        """The clients from and to which nothing is passed on any more."""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The endpoint as a user would configure it, with a name to look up."""
        return f"http://localhost:{self.port}"

    def cut(self, *, reset: bool) -> None:
        """Close every connection to the console with RST, or with FIN."""
        self._do(self._cut(reset=reset))

    def swallow(self) -> None:
        """Read what the open connections send, and pass nothing on in either direction: the peer
        seems to be there and answers nothing. New connections work."""
        self._do(self._swallow(freeze=False))

    def freeze(self) -> None:
        """Stop reading the open connections, as a stopped process does. New connections work."""
        self._do(self._swallow(freeze=True))

    def stop_listening(self) -> None:
        """Close every connection, and refuse new ones."""
        self._do(self._stop_listening())

    def listen(self) -> None:
        """Accept connections again, on the same port."""
        self._do(self._listen())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(DEADLINE_S)

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
        await self._cut(reset=False)

    async def _cut(self, *, reset: bool) -> None:
        for client in self._clients:
            if reset:
                raw = client.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                client.transport.abort()
            client.close()

    async def _swallow(self, *, freeze: bool) -> None:
        self._swallowed |= self._clients
        for client in self._clients:
            transport = client.transport
            if freeze and isinstance(transport, asyncio.ReadTransport):
                transport.pause_reading()

    async def _accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        from_service, service = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._clients.add(client)
        self._services.add(service)
        passing = [self._pass_on(reader, service, client), self._pass_on(from_service, client)]
        tasks = [asyncio.create_task(each) for each in passing]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for writer in (client, service):
            writer.close()
        self._clients.discard(client)
        self._services.discard(service)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter | None = None,
    ) -> None:
        client = client or writer
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                if client not in self._swallowed:
                    writer.write(data)
                    await writer.drain()

    async def _close(self) -> None:
        await self._stop_listening()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for service in self._services:
            service.close()

    def __enter__(self) -> Self:
        self._thread.start()
        self.listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_S)
        self._loop.close()
