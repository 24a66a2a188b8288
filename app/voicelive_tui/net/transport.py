"""The websocket to the service: no redirects, a small send buffer, pings, and one error for every
way in which it ends (measurements.md 4)."""

import asyncio
import contextlib
import logging
import platform
import socket
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.uri import parse_uri
from websockets.version import version as websockets_version

from voicelive_tui import __version__
from voicelive_tui.net.close_reasons import CloseExplanation, explain_close, explain_silence
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import Endpoint
from voicelive_tui.net.errors import connect_error
from voicelive_tui.net.http_refusals import CredentialKind
from voicelive_tui.net.liveness import LivenessLimits, LivenessWatch
from voicelive_tui.net.observed_connection import ObservedConnection
from voicelive_tui.net.proxy import ProxySetting, proxy_for
from voicelive_tui.net.proxy_tunnel import open_tunnel
from voicelive_tui.net.recovery import Recovery

OPEN_TIMEOUT_S = 15.0
CLOSE_TIMEOUT_S = 3.0
LIVENESS = LivenessLimits()
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
SEND_BUFFER_BYTES = 64 * 1024
USER_AGENT = (
    f"voicelive-tui/{__version__} Python/{platform.python_version()} "
    f"websockets/{websockets_version}"
)

# At DEBUG the library logs the headers of the handshake, and the key with them. This logger's own
# level prevents that at any level of the root logger.
_log = logging.getLogger("voicelive_tui.net.websockets")
_log.setLevel(logging.INFO)


class Closed(Exception):
    """The socket is closed.

    code: None when the connection ended without a close frame. explanation: cause and cure in plain
    words, whether another attempt may succeed (`recovery`), and whether it must not send the same
    token again (`needs_fresh_token`).
    """

    def __init__(
        self, code: int | None, reason: str, explanation: CloseExplanation, *, by_us: bool
    ) -> None:
        super().__init__(explanation.sentence)
        self.code = code
        self.reason = reason
        self.explanation = explanation
        self.by_us = by_us

    @property
    def sentence(self) -> str:
        """Cause and cure as one sentence."""
        return self.explanation.sentence

    @property
    def recovery(self) -> Recovery:
        """Whether another attempt to connect may succeed."""
        return self.explanation.recovery

    @property
    def needs_fresh_token(self) -> bool:
        """Whether the token has expired, so that the next attempt must not send the same one."""
        return self.explanation.needs_fresh_token


class _Connect(connect):
    """`connect` without redirects: they would send the api-key header to another origin."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Transport:
    """An open socket. One task receives and one task sends."""

    def __init__(self, connection: ObservedConnection, liveness: LivenessLimits) -> None:
        self._connection = connection
        self._liveness = liveness
        self._closing = False
        self._silent = False
        if not connection.lost:  # as one of a peer that hung up at once
            connection.watcher = asyncio.create_task(self._watch(), name="signs of life")

    @classmethod
    async def open(
        cls,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        *,
        credential: CredentialKind | None = None,
        timeout_s: float = OPEN_TIMEOUT_S,
        liveness: LivenessLimits | None = None,
    ) -> "Transport":
        """Connect. Raises ConnectError with one sentence; no exception of a library is raised or
        attached as its cause.

        credential: what the headers hold, for the sentence about a refusal; without it, a key or a
        token. liveness: when the peer counts as dead; `LIVENESS` without it.
        """
        proxy = None if endpoint.loopback else proxy_for(endpoint.url)
        refused: ConnectError | None = None
        try:
            connection = await _open(endpoint, headers, proxy, timeout_s=timeout_s)
        except (WebSocketException, OSError, EOFError, ImportError, ValueError) as error:
            refused = connect_error(
                error,
                endpoint.host,
                timeout_s=timeout_s,
                credential=credential or ("token" if "Authorization" in headers else "key"),
                proxy=proxy,
            )
        if refused is not None:
            # Raised outside the `except` block, where the library's exception, which may hold the
            # address with its query, would be attached.
            raise refused
        _limit_send_buffer(connection)
        return cls(connection, liveness or LIVENESS)

    async def receive(self) -> str | bytes:
        """Return the next message; bytes only when it is not UTF-8. Raises Closed, however the
        socket ended."""
        try:
            message = await self._connection.recv(decode=False)
        except ConnectionClosed as error:
            raise self._closed(error) from None
        try:
            return message.decode("utf-8")
        except UnicodeDecodeError:
            return message

    async def send(self, frame: str) -> None:
        """Send a text frame; waits while the server does not read. Raises Closed."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as error:
            raise self._closed(error) from None

    async def close(self, code: int = 1000, reason: str = "") -> Closed:
        """Close with a close frame, wait at most `CLOSE_TIMEOUT_S` for the peer's, and return how
        the socket ended."""
        self._closing = self._connection.says_goodbye = True
        try:
            # The library itself would wait for a peer that does not read without any limit.
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._connection.close(code, reason)
        except TimeoutError:
            self._connection.transport.abort()
        return self._closed()

    def abort(self) -> None:
        """Drop the connection without a close frame."""
        self._closing = True
        self._connection.transport.abort()

    async def _watch(self) -> None:
        await LivenessWatch(self._connection, self._liveness).until_dead()
        self._silent = True
        self._connection.transport.abort()

    def _closed(self, error: ConnectionClosed | None = None) -> Closed:
        code, reason = self._connection.close_code, self._connection.close_reason or ""
        said_goodbye = error is not None and error.rcvd is not None
        if self._silent and not self._closing and not said_goodbye:
            return Closed(None, "", explain_silence(self._liveness.dead_after_s), by_us=False)
        if error is not None and error.rcvd is None and error.sent is not None:
            # No close frame was received; the one that the library sent says why it closed: a
            # malformed frame, or one that is too large.
            code, reason = error.sent.code, error.sent.reason
        by_us = self._closing
        if by_us and code in (None, 1005, 1006):
            code = 1000
        return Closed(
            None if code == 1006 else code,
            reason,
            explain_close(code, reason, by_us=by_us),
            by_us=by_us,
        )


async def _open(
    endpoint: Endpoint,
    headers: Mapping[str, str],
    proxy: ProxySetting | None,
    *,
    timeout_s: float,
) -> ObservedConnection:
    """Open the socket, through a tunnel that is made here if the proxy is asked over plain HTTP."""
    loop = asyncio.get_running_loop()
    deadline_s = loop.time() + timeout_s
    tunnel: dict[str, Any] = {}
    if proxy is not None and proxy.tunnels_plainly:
        uri = parse_uri(endpoint.url)
        tunnel["sock"] = await open_tunnel(
            proxy, uri.host, uri.port, user_agent=USER_AGENT, timeout_s=timeout_s
        )
    connection = await _Connect(
        endpoint.url,
        additional_headers=dict(headers),
        user_agent_header=USER_AGENT,
        proxy=None if proxy is None or tunnel else proxy.url,
        compression=None,
        open_timeout=max(0.0, deadline_s - loop.time()),
        close_timeout=CLOSE_TIMEOUT_S,
        ping_interval=None,
        max_size=MAX_MESSAGE_BYTES,
        logger=_log,
        create_connection=ObservedConnection,
        **tunnel,
    )
    assert isinstance(connection, ObservedConnection)
    return connection


def _limit_send_buffer(connection: ClientConnection) -> None:
    # A large send buffer in the kernel would hide a server that no longer reads behind minutes of
    # audio.
    raw = connection.transport.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):  # already closed by the peer, which `receive` reports
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
