"""One websocket to the service, with the cures of measurements.md 4."""

import contextlib
import logging
import platform
import socket
from collections.abc import Mapping

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.version import version as websockets_version

from voicelive_tui import __version__
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import Endpoint
from voicelive_tui.net.errors import close_sentence, connect_error

OPEN_TIMEOUT_S = 15.0
CLOSE_TIMEOUT_S = 3.0
PING_S = 10.0
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
SEND_BUFFER_BYTES = 64 * 1024
USER_AGENT = (
    f"voicelive-tui/{__version__} Python/{platform.python_version()} "
    f"websockets/{websockets_version}"
)

# At level DEBUG the library writes the handshake's headers, and with them the key, into the log. A
# level of its own keeps it from that, whatever the level of the root logger.
_log = logging.getLogger("voicelive_tui.net.websockets")
_log.setLevel(logging.INFO)


class Closed(Exception):
    """The socket is closed. `code` is None when the peer vanished without a close frame; `sentence`
    says it in plain words."""

    def __init__(self, code: int | None, reason: str, sentence: str, *, by_us: bool) -> None:
        super().__init__(sentence)
        self.code = code
        self.reason = reason
        self.sentence = sentence
        self.by_us = by_us


class _Connect(connect):
    """`connect` that follows no redirect: it would send the api-key header to the other origin."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Transport:
    """An open socket. One task receives, one sends."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._closing = False

    @classmethod
    async def open(
        cls,
        endpoint: Endpoint,
        headers: Mapping[str, str],
        *,
        anonymous: bool = False,
        timeout_s: float = OPEN_TIMEOUT_S,
    ) -> "Transport":
        """Connect. Raises ConnectError with one sentence; no exception of a library leaves here,
        nor does it stay attached.

        anonymous: the headers hold none of the user's credentials, which a refusal then says.
        """
        refused: ConnectError | None = None
        try:
            connection = await _Connect(
                endpoint.url,
                additional_headers=dict(headers),
                user_agent_header=USER_AGENT,
                proxy=None if endpoint.loopback else True,
                compression=None,
                open_timeout=timeout_s,
                close_timeout=CLOSE_TIMEOUT_S,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                max_size=MAX_MESSAGE_BYTES,
                logger=_log,
            )
        except (WebSocketException, OSError, EOFError, ImportError, ValueError) as error:
            refused = connect_error(error, endpoint.host, timeout_s=timeout_s, anonymous=anonymous)
        if refused is not None:
            # Out here: in the block the library's exception, which may carry the address with its
            # query, would stay attached.
            raise refused
        # A kernel that takes minutes of audio hides a server that no longer reads.
        raw = connection.transport.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):  # closed by the peer already: `receive` says so
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        return cls(connection)

    async def receive(self) -> str | bytes:
        """The next message; bytes only when it is not UTF-8. Raises Closed, however the socket
        ended."""
        try:
            message = await self._connection.recv(decode=False)
        except ConnectionClosed as error:
            raise self._closed(error) from None
        try:
            return message.decode("utf-8")
        except UnicodeDecodeError:
            return message

    async def send(self, frame: str) -> None:
        """Write a text frame; waits while the server does not read. Raises Closed."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as error:
            raise self._closed(error) from None

    async def close(self, code: int = 1000, reason: str = "") -> Closed:
        """Say goodbye and wait for the answer, three seconds at most; how the socket ended."""
        self._closing = True
        await self._connection.close(code, reason)
        return self._closed()

    def abort(self) -> None:
        """Drop the connection without a goodbye."""
        self._closing = True
        self._connection.transport.abort()

    def _closed(self, error: ConnectionClosed | None = None) -> Closed:
        code, reason = self._connection.close_code, self._connection.close_reason or ""
        if error is not None and error.rcvd is None and error.sent is not None:
            # No goodbye came; what we sent says why the library gave up: a broken frame, a giant
            # one, no answer to a ping.
            code, reason = error.sent.code, error.sent.reason
        by_us = self._closing
        if by_us and code in (None, 1005, 1006):
            code = 1000
        return Closed(
            None if code == 1006 else code,
            reason,
            close_sentence(code, reason, by_us=by_us),
            by_us=by_us,
        )
