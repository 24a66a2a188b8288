"""The library's connection, which also notes when bytes arrive: whole messages are too coarse a
sign of life on a slow link."""

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection


class ObservedConnection(ClientConnection):
    """A connection that knows when it last received anything, a fragment or a pong included.

    It overrides callbacks of `asyncio.Protocol` only, which `connect(create_connection=...)` is
    meant for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received_at_s = self.loop.time()
        """When the last bytes arrived, on the loop's clock."""
        self.watcher: asyncio.Task[None] | None = None
        """The task that watches for signs of life; it is cancelled when the connection is lost."""
        self.lost = False
        """Whether the connection has been lost."""
        self._made = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that the library has its transport."""
        self._made = True
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Note the time, and pass the bytes on."""
        self.received_at_s = self.loop.time()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the watch. A connection that was lost before it was made, as in a TLS handshake
        through a proxy, is not passed on, because the library takes it for one that was made."""
        self.lost = True
        if self.watcher is not None:
            self.watcher.cancel()
        if self._made:
            super().connection_lost(exc)
