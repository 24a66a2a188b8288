"""One connected client: frames in, effects out, in one task, so that a client that does not read is not talked at either."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from voicelive_tui.simulator.dialogue.outbox import Close, Effect, Frame, Render, Send
from voicelive_tui.simulator.dialogue.peer import Dialogue
from voicelive_tui.simulator.service.record import Record
from voicelive_tui.simulator.sound.render import render
from voicelive_tui.simulator.sound.speech import Rendered, Voice

EXPIRED_CODE, EXPIRED_REASON = 1001, "session_expired"
NO_CODE = 1005  # what a client reports of a close frame without a code (RFC 6455, 7.1.5)
_LARGE_FRAME = 256 * 1024  # beyond this a frame is decoded and heard in a thread: other sessions go on talking


@dataclass(frozen=True, slots=True)
class _Spoken:
    response_id: str
    result: Rendered | Exception


_Input = str | bytes | _Spoken | None  # a frame, the voice's work, or the end


class Client:
    """Runs a conversation over a socket until either side ends it or `expires_s` (perf_counter) has come."""

    def __init__(self, socket: ServerConnection, conversation: Dialogue, voice: Voice, record: Record, expires_s: float) -> None:
        self._socket = socket
        self._conversation = conversation
        self._voice = voice
        self._record = record
        self._expires_s = expires_s
        # One frame waits at most: a frame may have 20 MB, and the socket holds the rest back.
        self._frames: asyncio.Queue[_Input] = asyncio.Queue(maxsize=1)
        self._listens = asyncio.Event()  # not set while the dialogue waits for its voice
        self._listens.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        reader = asyncio.create_task(self._read())
        try:
            await self._perform(self._conversation.opened())
            await self._converse()
        except ConnectionClosed:
            pass
        finally:
            await _cancel([reader, *self._tasks])
            self._record.close()

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._socket:
                await self._listens.wait()
                await self._frames.put(frame)
        await self._frames.put(None)

    async def _converse(self) -> None:
        while (now_s := time.perf_counter()) < self._expires_s:
            due_s = self._conversation.due_s
            wake_s = self._expires_s if due_s is None else min(due_s, self._expires_s)
            try:
                async with asyncio.timeout(max(0.0, wake_s - now_s)):
                    received = await self._frames.get()
            except TimeoutError:
                pass
            else:
                if received is None:
                    return
                await self._perform(await self._take(received))
            await self._perform(self._conversation.tick(time.perf_counter()))
            if self._conversation.waits_for_voice:
                self._listens.clear()
            else:
                self._listens.set()
        await self._socket.close(EXPIRED_CODE, EXPIRED_REASON)

    async def _take(self, received: str | bytes | _Spoken) -> list[Effect]:
        if not isinstance(received, _Spoken):
            if len(received) > _LARGE_FRAME:
                return await asyncio.to_thread(self._decode, received)
            return self._decode(received)
        if self._conversation.waits_for_voice:  # what is left of an append may be long
            return await asyncio.to_thread(self._hand_over, received)
        return self._hand_over(received)

    def _hand_over(self, spoken: _Spoken) -> list[Effect]:
        now_s = time.perf_counter()
        if isinstance(spoken.result, Rendered):
            return self._conversation.rendered(spoken.response_id, spoken.result, now_s)
        return self._conversation.render_failed(spoken.response_id, "The simulator's voice failed.", now_s)

    def _decode(self, frame: str | bytes) -> list[Effect]:
        try:
            event = json.loads(frame, parse_constant=_refuse_constant, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be decoded"
            self._record.undecodable(reason, frame)
            return self._conversation.undecodable(reason)
        self._record.received(event)
        return self._conversation.receive(event, time.perf_counter())

    async def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(event, text):
                    self._record.sent(event)
                    await self._socket.send(json.dumps(event, separators=(",", ":")) if text is None else text)
                case Frame(data):
                    await self._socket.send(data)
                case Close(code, reason):
                    await self._end(code, reason)
                case Render():
                    task = asyncio.create_task(self._render(effect))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _end(self, code: int | None, reason: str) -> None:
        if code is None:
            self._socket.transport.abort()
        elif code == NO_CODE:
            async with self._socket.send_context():
                self._socket.protocol.send_close()
        else:
            await self._socket.close(code, reason)

    async def _render(self, asked: Render) -> None:
        result: Rendered | Exception
        try:
            result = await asyncio.to_thread(render, self._voice, asked.text, asked.output_audio_format, asked.manner)
        except Exception as error:  # the voice is a C library: whatever it raises ends this response, not the session
            result = error
        await self._frames.put(_Spoken(asked.response_id, result))


def _refuse_constant(name: str) -> None:
    """NaN and Infinity, which Python's decoder takes and JSON does not have."""
    raise ValueError(name)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(digits)
    return value


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    pending = list(tasks)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
