"""Sentences for the user: why a connection failed or ended, and what to do about it.

Invariant: no sentence holds a key, a token or a query string, whatever the server or a library put
into its message.
"""

import http
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from voicelive_common.redaction.quote import quote_line
from voicelive_common.redaction.redact import redact
from websockets.exceptions import (
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    ProxyError,
    SecurityError,
)

from voicelive_tui.model.events.error_text import format_error
from voicelive_tui.net.connect_error import ConnectError

_MAX_QUOTED_CHARS = 200
PING_TIMEOUT = "keepalive ping timeout"
"""The close reason that `websockets` gives when the service answers no ping."""

_SENTENCES: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    (
        (TimeoutError,),
        "{host} did not answer within {timeout_s:g} s; check the endpoint, the network and any "
        "proxy.",
    ),
    (
        (ssl.SSLCertVerificationError,),
        "The certificate of {host} is not trusted ({detail}); check the clock and SSL_CERT_FILE.",
    ),
    (
        (ssl.SSLError,),
        "The TLS handshake with {host} failed; check whether the endpoint is really https.",
    ),
    (
        (socket.gaierror,),
        "The name {host} is not known; check the spelling of the endpoint and the network.",
    ),
    (
        (ConnectionRefusedError,),
        "Nothing listens at {host}; check the port, and whether the server runs.",
    ),
    (
        (ProxyError, InvalidProxy),
        "The proxy on the way to {host} failed; check HTTPS_PROXY and NO_PROXY.",
    ),
    (
        (SecurityError, InvalidHandshake),
        "{host} answered, but not as a Voice Live service does; check the endpoint.",
    ),
    (
        (ConnectionResetError, EOFError),
        "{host} closed the connection before it was established; check the endpoint and try again.",
    ),
    ((OSError,), "{host} cannot be reached ({detail}); check the network."),
    (
        (ImportError,),
        "The proxy setting asks for a SOCKS proxy, which needs the python-socks package; install "
        "it, or set NO_PROXY.",
    ),
    ((BaseException,), "The connection to {host} failed ({detail})."),
)
"""A sentence for each kind of error. The first kind that fits counts: subclasses stand before their
bases."""

_STATUS_SENTENCES: Final[Mapping[int, str]] = {
    400: "{host} does not accept the request (400): check the model, the api version and the "
    "profile's [service] table",
    401: "{host} refused the credentials (401): check AZURE_VOICELIVE_API_KEY, or sign in again "
    "with `az login`",
    403: "{host} does not allow this (403): the account needs the role Cognitive Services User or "
    "Foundry User",
    404: "{host} has no Voice Live service there (404): check the endpoint, the model and the api "
    "version",
}


def connect_error(
    error: BaseException, host: str, *, timeout_s: float, anonymous: bool = False
) -> ConnectError:
    """Return the sentence for an error of `websockets`, the TLS library or the operating system.

    anonymous: the handshake carried no credentials.
    """
    if isinstance(error, InvalidStatus):
        response = error.response
        return status_error(
            response.status_code,
            response.headers,
            bytes(response.body or b""),
            host,
            anonymous=anonymous,
        )
    sentence = next(sentence for kinds, sentence in _SENTENCES if isinstance(error, kinds))
    return ConnectError(sentence.format(host=host, timeout_s=timeout_s, detail=_detail(error)))


def _detail(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return error.verify_message or "it could not be verified"
        case OSError():
            return _clip(error.strerror or "network error")
        case _:
            return type(error).__name__


def status_error(
    status: int, headers: Mapping[str, str], body: bytes, host: str, *, anonymous: bool = False
) -> ConnectError:
    """Return the sentence for an HTTP response that refuses the upgrade to a websocket.

    anonymous: the handshake carried no credentials.
    """
    if 300 <= status < 400:
        return ConnectError(_redirect_sentence(status, headers, host), status=status)
    if status in (429, 503):
        wait_s = _retry_after_s(headers)
        text = _busy_sentence(status, wait_s, host)
        return ConnectError(
            _with_server_text(text, _server_text(body)), status=status, retry_after_s=wait_s
        )
    if anonymous and status in (401, 403):
        text = (
            f"{host} requires credentials ({status}), and none were sent: the profile needs "
            'auth = "key" or auth = "entra"'
        )
    elif status in _STATUS_SENTENCES:
        text = _STATUS_SENTENCES[status].format(host=host)
    elif status >= 500:
        text = f"{host} reports an internal problem ({status} {_phrase(status)}): try again later"
    else:
        text = f"{host} refused the connection ({status} {_phrase(status)}): check the endpoint"
    return ConnectError(_with_server_text(text, _server_text(body)), status=status)


def _redirect_sentence(status: int, headers: Mapping[str, str], host: str) -> str:
    target = _host_of(headers.get("Location") or "")
    where = f" to {target}" if target else ""
    return (
        f"{host} redirects{where} ({status}), which is refused, because the key would be sent "
        "there: set the final endpoint."
    )


def _busy_sentence(status: int, wait_s: float | None, host: str) -> str:
    if status == 429:
        when = "in a minute" if wait_s is None else f"in {wait_s:g} s"
        return f"{host} is at its limit (429): try again {when}, or raise the resource's quota"
    when = "later" if wait_s is None else f"in {wait_s:g} s"
    return f"{host} is overloaded or under maintenance (503): try again {when}"


def close_sentence(code: int | None, reason: str, *, by_us: bool) -> str:
    """Return the sentence for the end of an open session. code: None without a close frame."""
    reason = _clip(reason)
    detail = f" ({reason})" if reason else ""
    match code:
        case 1000 if by_us:
            return "You ended the session."
        case 1000 | 1005:
            return f"The service ended the session{detail}; start a new one."
        case 1001 if "expired" in reason:
            return "The session reached the service's time limit and expired; start a new one."
        case 1001:
            return f"The service went away{detail}; start a new session."
        case None | 1006:
            return (
                "The connection broke without a close frame; check the network, then start again."
            )
        case 1008:
            return (
                f"The service ended the session because of its policy{detail}; check the account's "
                "rights and limits."
            )
        case 1009:
            return f"A message was too large{detail}: the limit is 16 MiB; start it again."
        case 1011 if reason == PING_TIMEOUT:
            return (
                "The service stopped answering: no reply to a ping within 10 s; check the "
                "network, then start again."
            )
        case 1011:
            return f"The service had an internal error (1011){detail}; start it again."
        case 1012 | 1013:
            return (
                f"The service restarts or is overloaded ({code}){detail}; wait a moment, then "
                "start it again."
            )
        case 1002 | 1007:
            return f"The connection ended with a protocol error ({code}){detail}; start it again."
        case _:
            return f"The session ended with code {code}{detail}; start it again."


def _with_server_text(text: str, server_text: str) -> str:
    server_text = server_text.rstrip(".")
    return f"{text}. The service says: {server_text}." if server_text else f"{text}."


def _server_text(body: bytes) -> str:
    """Return the error object of a JSON body in words; empty when the body has none."""
    try:
        document = json.loads(body[:65_536].decode("utf-8"))
    except (ValueError, RecursionError):
        return ""
    error = document.get("error") if isinstance(document, dict) else None
    return _clip(format_error(error, missing=""))


def _host_of(location: str) -> str:
    """Return the host of a `Location` header; empty when there is none."""
    try:
        # Redact first: `hostname` is in lower case, in which no secret is recognised.
        return _clip(urlsplit(redact(location)).hostname or "")
    except ValueError:
        return ""


def _clip(text: str) -> str:
    """Return text from the network on one line, without control codes and secrets, of limited
    length."""
    return quote_line(text, _MAX_QUOTED_CHARS)


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("Retry-After") or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None
