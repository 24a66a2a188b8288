"""A client that keeps every frame as it came, to the byte."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

JSON = dict[str, Any]
DEADLINE_S = 30.0


class RawFrames:
    """`frames` holds what came so far; `until` decodes it to see how far that is."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.frames: list[str | bytes] = []

    async def send(self, kind: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def append(self, audio: bytes) -> None:
        await self.send("input_audio_buffer.append", audio=base64.b64encode(audio).decode())

    async def until(self, kind: str, count: int = 1) -> JSON:
        """Receives up to the `count`-th next event of this type and returns it."""
        while True:
            frame = await asyncio.wait_for(self._socket.recv(), DEADLINE_S)
            self.frames.append(frame)
            event: JSON = json.loads(frame)
            count -= event["type"] == kind
            if not count:
                return event

    def types(self) -> list[str]:
        return [json.loads(frame)["type"] for frame in self.frames]


@asynccontextmanager
async def raw_frames(url: str, model: str = "gpt-4o") -> AsyncIterator[RawFrames]:
    address = f"{url}/voice-live/realtime?api-version=2026-07-15&model={model}"
    async with connect(address, additional_headers={"api-key": "k"}, proxy=None, compression=None, max_size=2**24) as socket:
        yield RawFrames(socket)
