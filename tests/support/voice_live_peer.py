"""A bare WebSocket client for a Voice Live server: no library between the test and the frames."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.support.deadlines import DEADLINE_S

JSON = dict[str, Any]
ANY_KEY = {"api-key": "anything"}


class Peer:
    """Sends events and collects the answers: `events` holds all events received so far, `frames`
    their exact texts."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.events: list[JSON] = []
        self.frames: list[str | bytes] = []

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def append(self, audio: bytes) -> None:
        await self.send("input_audio_buffer.append", audio=base64.b64encode(audio).decode())

    async def receive(self) -> JSON:
        frame = await asyncio.wait_for(self.socket.recv(), DEADLINE_S)
        event: JSON = json.loads(frame)
        self.frames.append(frame)
        self.events.append(event)
        return event

    async def until(self, kind: str, count: int = 1) -> JSON:
        """Receive up to the `count`-th next event of this type; returns it."""
        while True:
            event = await self.receive()
            count -= event["type"] == kind
            if not count:
                return event

    async def ask(self, kind: str, answer: str, **fields: Any) -> JSON:
        await self.send(kind, **fields)
        return await self.until(answer)

    @property
    def session_id(self) -> str:
        return str(self.events[0]["session"]["id"])

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def audio(self) -> bytes:
        """All response audio received so far."""
        return b"".join(
            base64.b64decode(e["delta"]) for e in self.events if e["type"] == "response.audio.delta"
        )


def dial(
    address: str, *, headers: Mapping[str, str] = ANY_KEY, tls: ssl.SSLContext | None = None
) -> connect:
    """A connection by websockets' own client to a whole URL, with the tests' deadlines."""
    return connect(
        address,
        additional_headers=headers,
        ssl=tls,
        proxy=None,
        compression=None,
        max_size=2**24,
        open_timeout=DEADLINE_S,
        close_timeout=DEADLINE_S,
        ping_timeout=DEADLINE_S,
    )


@asynccontextmanager
async def peer(
    url: str, *, model: str = "gpt-4o", api_version: str = "2026-07-15", query: str = ""
) -> AsyncIterator[Peer]:
    """A connected client that has received session.created."""
    address = f"{url}/voice-live/realtime?api-version={api_version}&model={model}{query}"
    async with dial(address) as socket:
        client = Peer(socket)
        assert (await client.receive())["type"] == "session.created"
        yield client


def runs(types: list[str]) -> list[str]:
    """Event types with neighbours of the same type folded into one."""
    return [kind for n, kind in enumerate(types) if n == 0 or kind != types[n - 1]]
