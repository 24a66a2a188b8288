"""The server's end of a WebSocket, with misbehaviour that the websockets library does not offer.

It misbehaves only where a fault asks for it. Everything here works over TLS too: there `fin` ends
TCP without a TLS close_notify before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.frames import DATA_OPCODES, Close, CloseCode, Frame, Opcode
from websockets.protocol import SEND_EOF, Event, State

from voicelive_simulator.service.http_responses import unreadable_response
from voicelive_simulator.service.throttle import ThrottledWriter

# For the request to arrive, and for an answer to be read; how long a hanging handshake lasts is up
# to the client.
HANDSHAKE_TIMEOUT_S = 10.0
# RFC 6455 7.1.5: never in a frame, but what the other end then reports.
NO_CODE, NO_CLOSE_FRAME = 1005, 1006
_FLUSH_S = 0.01
_PONG = bytes([0x80 | Opcode.PONG])
_DEFAULT_EVENT = b'{"event_id":"event_half","type":"session.updated","session":{}}'


class Connection(ServerConnection):
    """A websockets connection with a cheaper way to send, `post`. `clear_faults` ends lasting
    faults."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answers_pings = True
        self._ending = False
        self._throttled_writer: ThrottledWriter | None = None
        self._resume: Callable[[], Any] | None = None
        self._usual_ping_timeout_s = self.ping_timeout
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def is_open(self) -> bool:
        return self.protocol.state is State.OPEN

    @property
    def is_congested(self) -> bool:
        """Whether the send buffer is full because the other end does not read: `post` waits until
        it does."""
        return self.paused

    @property
    def unread_frames(self) -> int:
        """The number of frames that have arrived and were not taken yet."""
        return len(self.recv_messages.frames)

    async def handshake(self, *args: Any, **kwargs: Any) -> None:
        # The server is started without open_timeout, which would also end a handshake that is to
        # hang.
        async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
            await asyncio.wait(
                [self.request_rcvd, self.connection_lost_waiter],
                return_when=asyncio.FIRST_COMPLETED,
            )
        await super().handshake(*args, **kwargs)

    async def post(self, data: bytes, *, text: bool = True, pieces: int = 1) -> None:
        """Send a message without the cost of the general `send`.

        The bytes of a text frame need not be UTF-8. Everything is written at once, so that nothing
        comes between the fragments; then the call waits while the other end does not read. Raises
        ConnectionClosed.
        """
        protocol = self.protocol
        if protocol.state is not State.OPEN:
            self._end_listening()
            async with self.send_context():  # waits for the end and raises it
                return
        begin = protocol.send_text if text else protocol.send_binary
        if pieces == 1:
            begin(data)
        else:
            step = -(-len(data) // pieces) or 1
            begin(data[:step], fin=False)
            for n in range(1, pieces):
                protocol.send_continuation(data[n * step : (n + 1) * step], fin=n == pieces - 1)
        self.send_data()
        if self.paused or self._throttled_writer or self.transport.is_closing():
            try:
                await self.drain()
            except OSError as error:  # the client disconnected meanwhile
                raise self.close_exc from error

    async def close(
        self, code: CloseCode | int = CloseCode.NORMAL_CLOSURE, reason: str = ""
    ) -> None:
        self._end_listening()
        await super().close(code, reason)

    def release(self) -> None:
        """Free what has arrived and was not taken: nobody listens any more, and otherwise it would
        be kept until the connection is collected."""
        self._end_listening()
        self.recv_messages.frames.queue.clear()
        if not self.is_open:
            self.protocol.reader.discard()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # A close frame or a protocol error. websockets would let the client take as long as it
        # likes to close TCP.
        if self.close_deadline is not None and "end" not in self._timers:
            self._timers["end"] = self.loop.call_at(self.close_deadline, self.transport.abort)

    def process_event(self, event: Event) -> None:
        if not (self._ending and isinstance(event, Frame) and event.opcode in DATA_OPCODES):
            super().process_event(event)

    def _end_listening(self) -> None:
        """From now on discard what arrives instead of holding it back, because the client's close
        frame may follow."""
        self._ending = True
        if self._resume is None:
            self.transport.resume_reading()

    def send_data(self) -> None:
        if self.request is None and self.protocol.writes == [SEND_EOF]:
            # websockets closes the connection without a word on a request that it cannot read, such
            # as one with a body.
            self.protocol.writes.insert(0, unreadable_response().serialize())
        if not self._answers_pings:
            self.protocol.writes = [
                frame for frame in self.protocol.writes if not frame.startswith(_PONG)
            ]
        if self._throttled_writer is None:
            super().send_data()
            return
        for data in self.protocol.data_to_send():
            self._throttled_writer.put(data)

    async def drain(self) -> None:
        if self.close_deadline is not None:
            await self._drain_answer()
            # The end takes no longer than that, also for a client that does not read: nothing
            # follows.
            return
        if self._throttled_writer:
            await self._throttled_writer.room()
        await super().drain()

    async def _drain_answer(self) -> None:
        """Wait until all of an HTTP response was sent, because closing discards what is still
        buffered. A long response gets more time than a close frame."""
        if (
            self.response is not None
            and self.response.status_code != HTTPStatus.SWITCHING_PROTOCOLS
        ):
            self.transport.set_write_buffer_limits(0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                    await super().drain()
            self.close_deadline = self.loop.time() + (self.close_timeout or 0)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in self._timers.values():
            timer.cancel()
        if self._throttled_writer:
            self._throttled_writer.stop(flush=False)
            self._throttled_writer = None
        super().connection_lost(exc)

    # Lasting faults.

    def stop_pongs(self, for_s: float) -> None:
        """Do not answer pings for `for_s` seconds; 0 means for ever, here and below."""
        self._answers_pings = False
        self._schedule_end("pongs", for_s, self._resume_pongs)

    def stop_reading(self, for_s: float) -> None:
        """Do not read for `for_s` seconds. Our own pings go on, so that a lost client is noticed;
        their answers are not read, so they are not required."""
        if self._resume is None:
            self._resume, self.recv_messages.resume = self.recv_messages.resume, _nothing
            self.transport.pause_reading()
            self._set_ping_timeout(None)
        self._schedule_end("reading", for_s, self._resume_reading)

    def throttle(self, bytes_per_s: int, for_s: float) -> None:
        self._stop_throttling()
        if self.is_open:
            self._throttled_writer = ThrottledWriter(self.transport, bytes_per_s)
            self._schedule_end("throttle", for_s, self._stop_throttling)

    def clear_faults(self) -> None:
        self._resume_pongs()
        self._resume_reading()
        self._stop_throttling()

    def _schedule_end(self, name: str, for_s: float, end: Callable[[], None]) -> None:
        if name in self._timers:
            self._timers.pop(name).cancel()
        if for_s and self.is_open:
            self._timers[name] = self.loop.call_later(for_s, end)

    def _resume_pongs(self) -> None:
        self._answers_pings = True

    def _resume_reading(self) -> None:
        if self._resume is not None:
            self.recv_messages.resume, self._resume = self._resume, None
            self._set_ping_timeout(self._usual_ping_timeout_s)
            if self._ending or not self.recv_messages.paused:
                self.transport.resume_reading()

    def _stop_throttling(self) -> None:
        if self._throttled_writer:
            self._throttled_writer.stop(flush=True)
            self._throttled_writer = None

    def _set_ping_timeout(self, ping_timeout_s: float | None) -> None:
        self.ping_timeout = ping_timeout_s
        if self.keepalive_task is not None:
            self.keepalive_task.cancel()
            self.start_keepalive()

    # Ends of the connection. Each returns when the connection is closed, which an unresponsive
    # client delays by at most close_timeout.

    async def close_with(self, code: int, reason: str) -> None:
        """Send a close frame with any 16-bit code and perform the closing handshake. Raises
        ConnectionClosed."""
        if code == NO_CLOSE_FRAME:
            await self.fin()
            return
        self._end_listening()
        async with self.send_context():
            data = b"" if code == NO_CODE else struct.pack("!H", code) + reason.encode()
            self.protocol.send_frame(Frame(Opcode.CLOSE, data))
            self.protocol.close_sent = Close(code, reason)
            self.protocol.state = State.CLOSING

    async def fin(self, last: bytes = b"") -> None:
        """End TCP in order, after `last`, which are bytes of an incomplete frame. Closing at once
        would send RST if bytes from the client are unread, so our direction is closed first."""
        self._end_listening()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.close_timeout):
                await self._half_close(last)
                await asyncio.shield(self.connection_lost_waiter)
        await self._abort_and_wait()

    async def half_frame(self, message: bytes) -> None:
        """Send the first half of a text frame, and end TCP."""
        frame = Frame(Opcode.TEXT, message or _DEFAULT_EVENT).serialize(mask=False)
        await self.fin(frame[: len(frame) // 2])

    async def rst(self) -> None:
        """Reset TCP. (The native event loop of Windows always ends it in order first.)"""
        trsock = self.transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            trsock.setsockopt(
                socket.SOL_SOCKET,
                socket.SO_LINGER,
                struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0),
            )
        await self._abort_and_wait()

    async def _half_close(self, last: bytes) -> None:
        if self.protocol.eof_sent or self.transport.is_closing():
            return  # the client closed first
        if self._throttled_writer:
            if last:
                self._throttled_writer.put(last)
            await self._throttled_writer.emptied()
        elif last:
            self.transport.write(last)
        if self.protocol.eof_sent or self.transport.is_closing():
            return
        if self.transport.can_write_eof():
            self.transport.write_eof()
            return
        while self.transport.get_write_buffer_size():
            await asyncio.sleep(_FLUSH_S)
        with contextlib.suppress(OSError):
            self.transport.get_extra_info("socket").shutdown(socket.SHUT_WR)

    async def _abort_and_wait(self) -> None:
        self.transport.abort()
        await asyncio.shield(self.connection_lost_waiter)


def _nothing() -> None:
    pass
