"""The listening socket: decides each upgrade and runs a client for each accepted one."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from socket import socket as Socket
from typing import Any

from voicelive_common import __version__
from voicelive_common.addresses import url_host
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from voicelive_simulator.api.handshake import Opening, Refusal, decide
from voicelive_simulator.service.access import Access
from voicelive_simulator.service.connection import HANDSHAKE_TIMEOUT_S, Connection
from voicelive_simulator.service.control import Request as ControlRequest
from voicelive_simulator.service.control import is_control
from voicelive_simulator.service.control_handler import ControlHandler
from voicelive_simulator.service.http_responses import refusal_response
from voicelive_simulator.service.options import Options as Options
from voicelive_simulator.service.session_host import SessionHost
from voicelive_simulator.sound.speech import Voice

SERVER_HEADER = f"voicelive-tui-simulator/{__version__} (not Azure)"
MAX_FRAME_BYTES = 21 * 1024 * 1024  # an append of 15 MiB in base64, and its JSON

# websockets logs request lines with their query, which may contain a key, so its log is discarded.
_SILENT = logging.getLogger("voicelive_simulator.websockets")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False
_SILENT.setLevel(logging.CRITICAL)


class CannotListen(Exception):
    """The host and port cannot be used; the message is the system's reason."""


class Simulator:
    """A Voice Live service on loopback. `async with Simulator(options, voice) as simulator:`
    listens; raises CannotListen.

    Conversations take their time from `clock`, in seconds like time.perf_counter: a clock that
    stands still holds up what is due in them. Faults, the expiry of sessions and everything about
    connections follow real time.
    """

    def __init__(
        self, options: Options, voice: Voice, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._options = options
        self.host = SessionHost(options, voice, clock)
        self._control = ControlHandler(self.host)
        self._access = Access.of(options)
        self._server: Server | None = None
        self.port = options.port

    async def __aenter__(self) -> Simulator:
        try:
            self._server = await serve(
                self._talk,
                self._options.host,
                self._options.port,
                process_request=self._upgrade,
                create_connection=Connection,
                compression=None,
                # Connection has its own timeout, which spares a handshake that is to hang.
                open_timeout=None,
                max_size=MAX_FRAME_BYTES,
                max_queue=2,
                close_timeout=self._options.close_timeout_s,
                server_header=SERVER_HEADER,
                logger=_SILENT,
                **_tls(self._options),
            )
        except OSError as error:
            # asyncio wraps the system's reason in a sentence that repeats the address.
            raise CannotListen(
                os.strerror(error.errno).lower() if error.errno else str(error)
            ) from error
        self.port = self.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def sockets(self) -> tuple[Socket, ...]:
        """The listening sockets; none before `__aenter__` and after `close`."""
        return self._server.sockets if self._server else ()

    async def close(self) -> None:
        """Stop listening and end every session. Returns when all of them have ended; a second call
        does nothing."""
        if self._server:
            self._server.close()
            self.host.handshake_faults.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The address at which a client on this machine reaches the simulator."""
        scheme = "wss" if self._options.tls else "ws"
        return f"{scheme}://{url_host(self._options.host)}:{self.port}"

    async def _upgrade(self, socket: ServerConnection, request: Request) -> Response | None:
        # This comes first: a page in a browser must not even trigger a fault of the handshake.
        refusal = self._access.refusal(request, self.port)
        if refusal:
            self.host.note_refused(refusal.code)
            return refusal_response(refusal)
        headers = _headers(request)
        if is_control(request.path):
            peer = socket.remote_address[0] if socket.remote_address else ""
            return await self._control.handle(
                ControlRequest(request.method, request.path, headers, peer)
            )
        assert isinstance(socket, Connection)
        forced = await self.host.handshake_faults.apply(socket, request.path)
        decision = forced or decide(request.path, headers, self._options.key)
        return refusal_response(decision) if isinstance(decision, Refusal) else None

    async def _talk(self, socket: ServerConnection) -> None:
        request = socket.request
        opening = decide(request.path, _headers(request), self._options.key) if request else None
        if isinstance(opening, Opening) and isinstance(socket, Connection):
            await self.host.talk(socket, opening)


def _tls(options: Options) -> dict[str, Any]:
    if options.tls is None:
        return {}
    return {"ssl": options.tls.context, "ssl_handshake_timeout": HANDSHAKE_TIMEOUT_S}


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.raw_items()}
