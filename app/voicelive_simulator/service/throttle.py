"""Writes bytes to a socket slowly, a few at a time."""

from __future__ import annotations

import asyncio

_STEP_S = 0.02
_FULL_BYTES = 32 * 1024  # the most that websockets lets wait in a transport


class ThrottledWriter:
    """Writes what it is given to `transport`, at `bytes_per_s`."""

    def __init__(self, transport: asyncio.Transport, bytes_per_s: int) -> None:
        self._transport = transport
        self._pause_s = max(_STEP_S, 1 / bytes_per_s)
        self._portion_bytes = max(1, round(bytes_per_s * self._pause_s))
        self._bytes = bytearray()
        self._ends = False
        self._moved = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def put(self, data: bytes) -> None:
        """Queue data; b"" ends the stream, and anything after it is discarded."""
        if not self._ends:
            self._bytes += data
            self._ends = not data

    async def room(self) -> None:
        """Wait until there is room for more."""
        while len(self._bytes) > _FULL_BYTES and not self._task.done():
            self._moved.clear()
            await self._moved.wait()

    async def emptied(self) -> None:
        while self._bytes and not self._task.done():
            self._moved.clear()
            await self._moved.wait()

    def stop(self, *, flush: bool) -> None:
        """Stop throttling: send the queued data at once, or discard it."""
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
    """End the stream like websockets: TLS has no half-closed connections."""
    if transport.is_closing():
        return
    if transport.can_write_eof():
        transport.write_eof()
    else:
        transport.close()
