"""The socket to one audio engine, whichever machine it is on, from its start to its end."""

import asyncio
import time
from collections.abc import Callable

from voicelive_tui.audio.ipc.frames import PREAMBLE, FrameError, FrameReader, Message, encode
from voicelive_tui.audio.ipc.messages import Opened
from voicelive_tui.audio.ipc.requests import AudioRequest
from voicelive_tui.concurrency.waiting import wait_until_done
from voicelive_tui.model.sound_devices import Devices

ANSWER_WITHIN_S = 20.0
"""Seconds after which a silent engine counts as hung. Opening devices takes a second at most."""
CLOSE_S = 5.0
"""Seconds to wait for the end of a process that hangs. A working one gives a device a second to
close and ends soon after."""


class AudioUnavailable(Exception):
    """The audio engine cannot be used. The text is one sentence with the cure."""


class EngineConnection(asyncio.Protocol):
    """The connection to one audio engine. How the engine is ended is up to the kind of connection.

    received: called with every message except the first answer, for which `answer` waits. died:
    called once, when the socket is closed.
    """

    pid: int | None = None
    """The process id of an audio process on this machine; None for one elsewhere."""

    def __init__(
        self,
        received: Callable[[Message], None],
        died: Callable[["EngineConnection"], None],
    ) -> None:
        self.since_s = time.perf_counter()
        self._received = received
        self._died = died
        self._reader = FrameReader()
        self._answer: asyncio.Future[Opened | Devices] = asyncio.get_running_loop().create_future()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    # For each kind of connection.

    def kill(self) -> None:
        """End the engine at once, as far as it is ours, and with it the connection."""
        raise NotImplementedError

    async def _end(self) -> None:
        """Wait for the engine's end after the socket was closed, and enforce it."""
        raise NotImplementedError

    def last_words(self) -> str:
        """Why the connection ended, as part of a sentence."""
        raise NotImplementedError

    def _unusable(self, reason: str) -> str:
        """The sentence for an engine that gave no answer."""
        raise NotImplementedError

    def heard_at_most_ms(self, item_id: str, content_index: int) -> int | None:
        """The most of a part that can have been heard; None if that is all that was played."""
        return None

    # Callbacks of asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(PREAMBLE)

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                self._dispatch(message)
        except FrameError as error:
            self._garbled(error)

    def _garbled(self, error: FrameError) -> None:
        """End a connection whose stream cannot be read any further."""
        self.kill()

    def _dispatch(self, message: Message) -> None:
        if isinstance(message, Opened | Devices) and not self._answer.done():
            self._answer.set_result(message)
        else:
            self._received(message)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.cancel()
        self._lost.set_result(None)
        self._died(self)

    # For the client.

    async def answer(self, within_s: float) -> Opened | Devices:
        """Wait for the first answer. Raises AudioUnavailable if none comes in that time."""
        await asyncio.wait([self._answer], timeout=within_s)
        if not self._answer.done():
            reason = "it does not answer"
        elif self._answer.cancelled():
            await self._end()
            reason = self.last_words()
        else:
            return self._answer.result()
        raise AudioUnavailable(self._unusable(reason))

    def send(self, request: AudioRequest) -> None:
        """Queue a request. Does nothing if the engine is gone."""
        self._write(request)

    def _write(self, request: AudioRequest) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(encode(request))

    async def abandon(self) -> None:
        """Close the connection and end the engine at once."""
        self.kill()
        await self.close()

    async def close(self) -> None:
        """Close the connection and wait for the engine's end. A caller that is cancelled meanwhile
        leaves nothing behind either."""
        if self._transport is not None:
            self._transport.close()
        try:
            await self._end()
        finally:
            if self._transport is not None:
                if not self._lost.done():
                    # Requests that the engine never read would keep the socket open. A closed
                    # transport must not be aborted: asyncio fails if its last bytes were sent after
                    # `close`.
                    self._transport.abort()
                await wait_until_done(self._lost)
