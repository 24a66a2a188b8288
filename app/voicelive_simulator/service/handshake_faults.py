"""Carries out the faults of the handshake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from voicelive_simulator.api.handshake import PATH, Refusal
from voicelive_simulator.faults.handshake import refusal_for
from voicelive_simulator.faults.registry import FaultRegistry
from voicelive_simulator.service.connection import Connection


class HandshakeFaults:
    """Applies one server's faults of the handshake. `note` is called with the name of each fault
    that strikes."""

    def __init__(self, registry: FaultRegistry, note: Callable[[str], None]) -> None:
        self._registry = registry
        self._note = note
        self._closed = False
        self._aborted = 0
        self._released = asyncio.Event()
        registry.on_cleared = self._release

    async def apply(self, connection: Connection, target: str) -> Refusal | None:
        """Return the refusal to send instead of an upgrade, or None, perhaps after a delay.

        A handshake that hangs does so until its client gives up, the faults are cleared or the
        server closes. Only requests for the WebSocket endpoint are affected.
        """
        if not target.partition("?")[0].rstrip("/").endswith(PATH):
            return None
        for fault in self._registry.handshake():
            self._note(fault.name)
            if fault.name != "hang":
                return refusal_for(fault, target)
            await self._hang(connection, fault.params["for_ms"] / 1000)
        return None

    def abort_hanging(self) -> None:
        """End the handshakes that hang, without an answer."""
        self._aborted += 1
        self._release()

    def close(self) -> None:
        """End the handshakes that hang, and all future ones that would."""
        self._closed = True
        self._release()

    async def _hang(self, connection: Connection, for_s: float) -> None:
        aborted_before = self._aborted
        released = asyncio.create_task(self._released.wait())
        try:
            ends: list[asyncio.Future[Any]] = [released, connection.connection_lost_waiter]
            await asyncio.wait(ends, timeout=for_s or None, return_when=asyncio.FIRST_COMPLETED)
        finally:
            released.cancel()
        if self._closed or aborted_before != self._aborted:
            connection.transport.abort()
            await asyncio.shield(connection.connection_lost_waiter)

    def _release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()
