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
    InvalidStatus,
    ProxyError,
    SecurityError,
)

from voicelive_tui.concurrency.shortages import SHORTAGES
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.http_headers import first_headers
from voicelive_tui.net.http_refusals import CredentialKind, status_error
from voicelive_tui.net.name_errors import is_unknown_name
from voicelive_tui.net.proxy import ProxySetting, failed_proxy, unreachable_proxy
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.server_text import clip

_Row = tuple[tuple[type[BaseException], ...], Recovery, str]

_SENTENCES: Final[tuple[_Row, ...]] = (
    (
        (TimeoutError,),
        Recovery.RETRY,
        "{subject} did not answer within {timeout_s:g} s; check {suspects} and the network.",
    ),
    (
        (ssl.SSLCertVerificationError,),
        Recovery.GIVE_UP,
        "The certificate of {host} is not trusted ({detail}); check the clock, and where a proxy "
        "inspects TLS set SSL_CERT_FILE to its CA for this connection, and REQUESTS_CA_BUNDLE for "
        "the Azure sign-in.",
    ),
    (
        (ssl.SSLEOFError, ssl.SSLZeroReturnError),
        Recovery.RETRY,
        "{subject} closed the connection during the TLS handshake; check {suspects} and try again.",
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
        (SecurityError, InvalidHandshake),
        Recovery.GIVE_UP,
        "{host} answered, but not as a Voice Live service does; check the endpoint.",
    ),
    (
        (ConnectionError, EOFError),
        Recovery.RETRY,
        "{subject} closed the connection before it answered; check {suspects} and try again.",
    ),
    ((OSError,), Recovery.RETRY, "{subject} cannot be reached ({detail}); {remedy}."),
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
    error: BaseException,
    host: str,
    *,
    timeout_s: float,
    credential: CredentialKind = "key",
    proxy: ProxySetting | None = None,
) -> ConnectError:
    """Return the error for one of `websockets`, the TLS library or the operating system.

    credential: what the handshake carried. proxy: the proxy on the way, to which a tunnel is open
    if this program asks for it itself.
    """
    match error:
        case InvalidStatus():
            response, items = error.response, error.response.headers.raw_items()
            body = bytes(response.body or b"")
            return status_error(
                response.status_code, first_headers(items), body, host, credential=credential
            )
        case InvalidMessage() if isinstance(error.__cause__, EOFError):
            return connect_error(error.__cause__, host, timeout_s=timeout_s, proxy=proxy)
        case ProxyError() if proxy is not None:
            return failed_proxy(error, proxy, host)
        case ConnectionRefusedError() | socket.gaierror() if proxy is not None:
            return unreachable_proxy(error, proxy, timeout_s=timeout_s)
        case socket.gaierror():
            return _unresolved(error, host)
    recovery, sentence = next(row[1:] for row in _SENTENCES if isinstance(error, row[0]))
    through = f" (through the proxy {proxy.address})" if proxy is not None else ""
    text = sentence.format(
        host=host,
        subject=f"{host}{through}",
        suspects="the endpoint, the proxy" if proxy is not None else "the endpoint",
        timeout_s=timeout_s,
        detail=_detail(error),
        remedy=SHORTAGES.get(getattr(error, "errno", None) or 0) or "check the network",
    )
    return ConnectError(text, recovery=recovery)


def _unresolved(error: socket.gaierror, host: str) -> ConnectError:
    if is_unknown_name(error):
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
