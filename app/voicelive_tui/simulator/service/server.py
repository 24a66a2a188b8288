"""The listening socket: decides each upgrade and runs a client for each one accepted."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from voicelive_tui import __version__
from voicelive_tui.simulator.api.handshake import Opening, Refusal, decide
from voicelive_tui.simulator.api.ids import Ids
from voicelive_tui.simulator.dialogue.conversation import Conversation
from voicelive_tui.simulator.service.addresses import url_host
from voicelive_tui.simulator.service.client import Client
from voicelive_tui.simulator.service.event_log import EventLog
from voicelive_tui.simulator.service.options import Options as Options
from voicelive_tui.simulator.service.record import Record
from voicelive_tui.simulator.sound.speech import Voice

SERVER_HEADER = f"voicelive-tui-simulator/{__version__} (not Azure)"
MAX_FRAME_BYTES = 21 * 1024 * 1024  # an append of 15 MiB in base64, and its JSON
CLOSE_TIMEOUT_S = 2.0  # a client that hangs must not hold up our end

# websockets logs request lines with their query, which may hold a key: nothing of it goes anywhere.
_SILENT = logging.getLogger("voicelive_tui.simulator.websockets")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False
_SILENT.setLevel(logging.CRITICAL)


class CannotListen(Exception):
    """The host and port cannot be had; the text is the system's reason."""


class Simulator:
    """A Voice Live service on loopback. `async with Simulator(options, voice) as simulator:` listens; raises CannotListen."""

    def __init__(self, options: Options, voice: Voice) -> None:
        self._options = options
        self._voice = voice
        self._server: Server | None = None
        self._begun = 0  # sessions since the start or the last reset
        self.port = options.port

    async def __aenter__(self) -> Simulator:
        try:
            self._server = await serve(
                self._talk,
                self._options.host,
                self._options.port,
                process_request=self._upgrade,
                compression=None,
                max_size=MAX_FRAME_BYTES,
                max_queue=2,
                close_timeout=CLOSE_TIMEOUT_S,
                server_header=SERVER_HEADER,
                ssl=self._options.tls.context if self._options.tls else None,
                logger=_SILENT,
            )
        except OSError as error:
            # asyncio wraps the system's reason in a sentence of its own that repeats the address.
            raise CannotListen(os.strerror(error.errno).lower() if error.errno else str(error)) from error
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where a client on this machine reaches it."""
        scheme = "wss" if self._options.tls else "ws"
        return f"{scheme}://{url_host(self._options.host)}:{self.port}"

    def _decide(self, request: Request) -> Opening | Refusal:
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        return decide(request.path, headers, self._options.key)

    def _upgrade(self, _: ServerConnection, request: Request) -> Response | None:
        decision = self._decide(request)
        return _answer(decision) if isinstance(decision, Refusal) else None

    async def _talk(self, socket: ServerConnection) -> None:
        request = socket.request
        opening = self._decide(request) if request else None
        if not isinstance(opening, Opening):
            return
        lasts_s = self._options.session_minutes * 60
        conversation = self._conversation(opening, lasts_s)
        record = Record(conversation.id, EventLog(conversation.id, enabled=self._options.log))
        try:
            await Client(socket, conversation, self._voice, record, time.perf_counter() + lasts_s).run()
        except Exception:
            # The border of a session: websockets would close with 1011 and say nothing, for its own log is silenced above.
            traceback.print_exc(file=sys.stderr)
            raise

    def _conversation(self, opening: Opening, lasts_s: float) -> Conversation:
        """The next session's. All that is random in it follows from a scenario's seed and the session's number."""
        self._begun += 1
        scenario = self._options.scenario
        if scenario is None:
            return Conversation(opening, Ids(), int(time.time() + lasts_s), self._voice.remark)
        begins = time.time() if scenario.clock is None else scenario.clock
        script = scenario.begin(self._begun, opening.model)
        return Conversation(opening, scenario.ids(self._begun), int(begins + lasts_s), self._voice.remark, script)


def _answer(refusal: Refusal) -> Response:
    body = json.dumps({"error": {"code": refusal.code, "message": refusal.message}}).encode()
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"})
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(refusal.status, HTTPStatus(refusal.status).phrase, headers, body)
