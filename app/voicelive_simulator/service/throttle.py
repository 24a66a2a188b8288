"""Bytes on their way to a socket, a few at a time."""

from __future__ import annotations

import asyncio

_STEP_S = 0.02
_FULL_BYTES = 32 * 1024  # as much as websockets lets wait in a transport


class ThrottledWriter:
    """Writes what it is given to `transport`, `bytes_per_s` of it in each second."""

    def __init__(self, transport: asyncio.Transport, bytes_per_s: int) -> None:
        self._transport = transport
        self._pause_s = max(_STEP_S, 1 / bytes_per_s)
        self._portion_bytes = max(1, round(bytes_per_s * self._pause_s))
        self._bytes = bytearray()
        self._ends = False
        self._moved = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def put(self, data: bytes) -> None:
        """b"" is the end of the stream; what comes after it goes nowhere."""
        if not self._ends:
            self._bytes += data
            self._ends = not data

    async def room(self) -> None:
        """Returns when a writer may go on."""
        while len(self._bytes) > _FULL_BYTES and not self._task.done():
            self._moved.clear()
            await self._moved.wait()

    async def emptied(self) -> None:
        while self._bytes and not self._task.done():
            self._moved.clear()
            await self._moved.wait()

    def stop(self, *, flush: bool) -> None:
        """No more of it: what waits leaves at once, or never."""
        if flush and not self._task.done():
            if self._bytes:
                self._transport.write(bytes(self._bytes))
            if self._ends:
                end_stream(self._transport)
        self._task.cancel()
        self._bytes.clear()
        self._moved.set()

    async def _run(self) -> None:
        while not (self._ends and not self._bytes):
            await asyncio.sleep(self._pause_s)
            if self._bytes:
                self._transport.write(bytes(self._bytes[: self._portion_bytes]))
                del self._bytes[: self._portion_bytes]
                self._moved.set()
        end_stream(self._transport)


def end_stream(transport: asyncio.Transport) -> None:
    """As websockets does it: TLS has no half-closed connections."""
    if transport.is_closing():
        return
    if transport.can_write_eof():
        transport.write_eof()
    else:
        transport.close()
