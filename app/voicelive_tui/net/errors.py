"""Sentences for connections that fail: what is wrong, what to do, and whether another attempt may
succeed.

Invariant: no sentence holds a key, a token or a query string, whatever the server or a library put
into its message.
"""

import socket
import ssl
from typing import Final

from websockets.exceptions import (
    InvalidHandshake,
    InvalidMessage,
    InvalidProxy,
    InvalidProxyStatus,
    InvalidStatus,
    ProxyError,
    SecurityError,
)

from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.refusals import status_error, status_recovery
from voicelive_tui.net.server_text import clip

_UNKNOWN_NAME: Final = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)
"""The codes of the DNS for a name that it does not know; the other ones are for the moment."""

_Row = tuple[tuple[type[BaseException], ...], Recovery, str]

_SENTENCES: Final[tuple[_Row, ...]] = (
    (
        (TimeoutError,),
        Recovery.RETRY,
        "{host} did not answer within {timeout_s:g} s; check the endpoint, the network and any "
        "proxy.",
    ),
    (
        (ssl.SSLCertVerificationError,),
        Recovery.GIVE_UP,
        "The certificate of {host} is not trusted ({detail}); check the clock and SSL_CERT_FILE.",
    ),
    (
        (ssl.SSLEOFError, ssl.SSLZeroReturnError),
        Recovery.RETRY,
        "{host} closed the connection during the TLS handshake; check the endpoint and try again.",
    ),
    (
        (ssl.SSLError,),
        Recovery.GIVE_UP,
        "The TLS handshake with {host} failed; check whether the endpoint is really https.",
    ),
    (
        (ConnectionRefusedError,),
        Recovery.RETRY,
        "Nothing listens at {host}; check the port, and whether the server runs.",
    ),
    (
        (ProxyError, InvalidProxy),
        Recovery.GIVE_UP,
        "The proxy on the way to {host} failed; check HTTPS_PROXY and NO_PROXY.",
    ),
    (
        (SecurityError, InvalidHandshake),
        Recovery.GIVE_UP,
        "{host} answered, but not as a Voice Live service does; check the endpoint.",
    ),
    (
        (ConnectionError, EOFError),
        Recovery.RETRY,
        "{host} closed the connection before it was established; check the endpoint and try again.",
    ),
    ((OSError,), Recovery.RETRY, "{host} cannot be reached ({detail}); check the network."),
    (
        (ImportError,),
        Recovery.GIVE_UP,
        "The proxy setting asks for a SOCKS proxy, which needs the python-socks package; install "
        "it, or set NO_PROXY.",
    ),
    ((BaseException,), Recovery.GIVE_UP, "The connection to {host} failed ({detail})."),
)
"""A sentence for each kind of error. The first kind that fits counts: subclasses stand before their
bases."""


def connect_error(
    error: BaseException, host: str, *, timeout_s: float, anonymous: bool = False
) -> ConnectError:
    """Return the error for one of `websockets`, the TLS library or the operating system.

    anonymous: the handshake carried no credentials.
    """
    match error:
        case InvalidStatus():
            response = error.response
            body = bytes(response.body or b"")
            return status_error(
                response.status_code, response.headers, body, host, anonymous=anonymous
            )
        case InvalidMessage() if isinstance(error.__cause__, EOFError):
            return connect_error(error.__cause__, host, timeout_s=timeout_s)
        case socket.gaierror():
            return _unresolved(error, host)
    recovery, sentence = next(row[1:] for row in _SENTENCES if isinstance(error, row[0]))
    if isinstance(error, InvalidProxyStatus):
        recovery = status_recovery(error.response.status_code)
    text = sentence.format(host=host, timeout_s=timeout_s, detail=_detail(error))
    return ConnectError(text, recovery=recovery)


def _unresolved(error: socket.gaierror, host: str) -> ConnectError:
    if error.errno in _UNKNOWN_NAME:
        return ConnectError(
            f"The name {host} is not known; check the spelling of the endpoint and the network.",
            recovery=Recovery.RETRY_AFTER_SUCCESS,
        )
    return ConnectError(
        f"The name {host} cannot be looked up at the moment; check the network.",
        recovery=Recovery.RETRY,
    )


def _detail(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return error.verify_message or "it could not be verified"
        case OSError():
            return clip(error.strerror or "network error")
        case _:
            return type(error).__name__
