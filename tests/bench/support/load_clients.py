"""Cheap websocket clients for load tests: their frames are made once and written unchanged, and
what arrives is only timed."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulator.support.websocket_frames import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    client_frame,
    upgrade_request,
)

_DELTA = b'"delta":"'
_TYPE = re.compile(rb'"type":\s*"([a-z_.]+)"')


@dataclass(slots=True)
class TimedResponse:
    """One received response: when it was requested, and (arrival_s, ms of pcm16) of each audio
    delta."""

    asked_s: float
    deltas: list[tuple[float, float]] = field(default_factory=list)


class LoadClient(asyncio.Protocol):
    """Appends the given blocks one after the other, 20 ms each, and requests responses.

    The n-th response says `says(n)`. Each is requested as soon as the one before has been played to
    its end in real time.
    """

    def __init__(self, path: str, blocks: list[bytes], says: Callable[[int], str]) -> None:
        self.spoken: list[TimedResponse] = []
        self.failed = ""
        self._path = path
        self._blocks = blocks
        self._says = says
        self._buffer = bytearray()
        self._upgraded = False
        self._appended = 0
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(upgrade_request(self._path))

    def connection_lost(self, exc: Exception | None) -> None:
        self.failed = self.failed or f"connection lost: {exc}"

    def data_received(self, data: bytes) -> None:
        now_s = time.perf_counter()
        self._buffer += data
        if not self._upgraded:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._buffer[:end]:
                self.failed = bytes(self._buffer[:end]).decode("latin-1")
                return
            del self._buffer[: end + 4]
            self._upgraded = True
            self._next_append_s = now_s
            self._append()
            self._ask()
        while self._take_frame(now_s):
            pass

    def _take_frame(self, now_s: float) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, at = buffer[1] & 0x7F, 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            size, at = int.from_bytes(buffer[2 : 2 + wide], "big"), 2 + wide
        if len(buffer) < at + size or len(buffer) < at:
            return False
        opcode, payload = buffer[0] & 0xF, bytes(buffer[at : at + size])
        del buffer[: at + size]
        if opcode == PING:
            self._transport.write(client_frame(payload, PONG))
        elif opcode == CLOSE:
            self.failed = f"closed: {payload[2:].decode()}"
        elif opcode == TEXT:
            self._event(payload, now_s)
        return True

    def _event(self, payload: bytes, now_s: float) -> None:
        match = _TYPE.search(payload)
        match match[1] if match else b"":
            case b"response.audio.delta":
                start = payload.index(_DELTA) + len(_DELTA)
                end = payload.index(b'"', start)
                size = (end - start) * 3 // 4 - payload.count(b"=", end - 2, end)
                self.spoken[-1].deltas.append((now_s, size / 48))
            case b"response.done":
                spoken = self.spoken[-1]
                playing_s = sum(ms for _, ms in spoken.deltas) / 1000
                ends_s = (spoken.deltas[0][0] if spoken.deltas else now_s) + playing_s
                self._loop.call_later(max(0.0, ends_s - now_s), self._ask)
            case b"error":
                self.failed = payload.decode()

    def _append(self) -> None:
        if self._transport.is_closing():
            return
        now_s = time.perf_counter()
        while self._next_append_s <= now_s:
            self._transport.write(self._blocks[self._appended % len(self._blocks)])
            self._appended += 1
            self._next_append_s += 0.020
        self._loop.call_later(self._next_append_s - now_s, self._append)

    def _ask(self) -> None:
        if self._transport.is_closing():
            return
        self.spoken.append(TimedResponse(time.perf_counter()))
        message = {"content": [{"type": "text", "text": self._says(len(self.spoken) - 1)}]}
        event = {
            "type": "response.create",
            "response": {"pre_generated_assistant_message": message},
        }
        self._transport.write(client_frame(json.dumps(event).encode()))

    def close(self) -> None:
        self._transport.abort()
