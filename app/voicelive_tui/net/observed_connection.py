"""The library's connection, which also notes when bytes arrive: whole messages are too coarse a
sign of life on a slow link. It does not wait for ever for a peer that has said goodbye to close its
side."""

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection

LINGER_S = 1.0
"""Seconds that a peer has, after close frames were exchanged, to close the connection itself."""


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
        self.says_goodbye = False
        """Whether the owner closes the connection, and bounds the wait for the answer itself."""
        self._made = False
        self._lingers: asyncio.TimerHandle | None = None
        """Drops a connection that is still there after the goodbye."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that the library has its transport."""
        self._made = True
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Note the time, and pass the bytes on. After a close frame nothing more can come, but the
        library reports the end only when the peer closes the connection."""
        self.received_at_s = self.loop.time()
        super().data_received(data)
        ends = self.protocol.close_expected() and not self.says_goodbye
        if ends and self._lingers is None:
            self._lingers = self.loop.call_later(LINGER_S, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the watch. A connection that was lost before it was made, as in a TLS handshake
        through a proxy, is not passed on, because the library takes it for one that was made."""
        self.lost = True
        if self._lingers is not None:
            self._lingers.cancel()
        if self.watcher is not None:
            self.watcher.cancel()
        if self._made:
            super().connection_lost(exc)
