"""The socket to one audio process, from its start to its end."""

import asyncio
import time
from collections.abc import Callable

from voicelive_tui.audio.client.spawn import HostProcess, start_host
from voicelive_tui.audio.ipc.frames import PREAMBLE, FrameError, FrameReader, Message, encode
from voicelive_tui.audio.ipc.messages import Opened
from voicelive_tui.audio.ipc.requests import AudioRequest, ListDevicesRequest
from voicelive_tui.concurrency.waiting import wait_until_done
from voicelive_tui.model.sound_devices import Devices

ANSWER_WITHIN_S = 20.0
"""Seconds after which a silent process counts as hung. Opening devices takes a second at most."""
_CLOSE_S = 5.0
"""Seconds to wait for the end of a process that hangs. A working one gives a device a second to
close and ends soon after."""


class AudioUnavailable(Exception):
    """The audio process cannot be started. The text is one sentence with the cure."""


class HostConnection(asyncio.Protocol):
    """One audio process and the socket to it.

    received: called with every message except the first answer, for which `answer` waits. died:
    called once, when the socket is closed.
    """

    def __init__(
        self,
        host: HostProcess,
        received: Callable[[Message], None],
        died: Callable[["HostConnection"], None],
    ) -> None:
        self.host = host
        self.since_s = time.perf_counter()
        self._received = received
        self._died = died
        self._reader = FrameReader()
        self._answer: asyncio.Future[Opened | Devices] = asyncio.get_running_loop().create_future()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(PREAMBLE)

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                self._dispatch(message)
        except FrameError:
            self.host.kill()

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

    async def answer(self, within_s: float) -> Opened | Devices:
        """Wait for the first answer. Raises AudioUnavailable if none comes in that time."""
        await asyncio.wait([self._answer], timeout=within_s)
        if not self._answer.done():
            reason = "it does not answer"
        elif self._answer.cancelled():
            await self.host.end(_CLOSE_S)
            reason = self.host.last_words()
        else:
            return self._answer.result()
        raise AudioUnavailable(
            f"The sound process cannot be used ({reason}): see `voicelive-tui doctor`."
        )

    def send(self, request: AudioRequest) -> None:
        """Queue a request. Does nothing if the process is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(encode(request))

    async def abandon(self) -> None:
        """Close the connection and end the process at once."""
        self.host.kill()
        await self.close()

    async def close(self) -> None:
        """Close the connection and wait until the process has ended. A caller that is cancelled
        meanwhile leaves no process behind either."""
        if self._transport is not None:
            self._transport.close()
        try:
            await self.host.end(_CLOSE_S)
        finally:
            if self._transport is not None:
                if not self._lost.done():
                    # Requests that the process never read would keep the socket open. A closed
                    # transport must not be aborted: asyncio fails if its last bytes were sent after
                    # `close`.
                    self._transport.abort()
                await wait_until_done(self._lost)


async def connect(
    received: Callable[[Message], None], died: Callable[[HostConnection], None]
) -> HostConnection:
    """Start an audio process and connect to it. Raises AudioUnavailable."""
    try:
        host = await start_host()
    except OSError as error:
        raise AudioUnavailable(
            f"The sound process cannot be started ({error.strerror or error})."
        ) from error
    connection = HostConnection(host, received, died)
    try:
        await asyncio.get_running_loop().create_connection(lambda: connection, sock=host.sock)
    except BaseException:
        await connection.abandon()
        raise
    return connection


def _ignore(_: object) -> None:
    """Ignore the other reports of a process that only lists devices."""


async def list_devices() -> Devices:
    """List the devices of this machine in a new audio process. Raises AudioUnavailable if the
    process does not start."""
    connection = await connect(_ignore, _ignore)
    try:
        connection.send(ListDevicesRequest())
        devices = await connection.answer(ANSWER_WITHIN_S)
    except BaseException:
        await connection.abandon()
        raise
    await connection.close()
    assert isinstance(devices, Devices)
    return devices
