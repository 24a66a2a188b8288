"""Why a connection failed or ended, in one plain sentence with the cure.

Invariant: no sentence holds a key, a token or a query string, whatever the server or a library put
into its text.
"""

import http
import json
import socket
import ssl
from collections.abc import Mapping
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

from voicelive_tui.net.connect_error import ConnectError

_LONGEST = 200


def connect_error(
    error: BaseException, host: str, *, timeout_s: float, anonymous: bool = False
) -> ConnectError:
    """The sentence for what `websockets`, the TLS library or the operating system raised.

    anonymous: no credentials were sent.
    """
    match error:
        case InvalidStatus():
            response = error.response
            return status_error(
                response.status_code,
                response.headers,
                bytes(response.body or b""),
                host,
                anonymous=anonymous,
            )
        case TimeoutError():
            return ConnectError(
                f"{host} did not answer within {timeout_s:g} s; check the endpoint, the network "
                "and any proxy."
            )
        case ssl.SSLCertVerificationError():
            why = error.verify_message or "it could not be verified"
            return ConnectError(
                f"The certificate of {host} is not trusted ({why}); check the clock and "
                "SSL_CERT_FILE."
            )
        case ssl.SSLError():
            return ConnectError(
                f"{host} does not speak TLS as it should; check whether the endpoint is really "
                "https."
            )
        case socket.gaierror():
            return ConnectError(
                f"The name {host} is not known; check the spelling of the endpoint and the network."
            )
        case ConnectionRefusedError():
            return ConnectError(
                f"Nothing listens at {host}; check the port, and whether the server runs."
            )
        case ProxyError() | InvalidProxy():
            return ConnectError(
                f"The proxy on the way to {host} failed; check HTTPS_PROXY and NO_PROXY."
            )
        case SecurityError() | InvalidHandshake():
            return ConnectError(
                f"{host} answered, but not as a Voice Live service does; check the endpoint."
            )
        case ConnectionResetError() | EOFError():
            return ConnectError(
                f"{host} hung up before the connection was open; check the endpoint and try again."
            )
        case OSError():
            return ConnectError(
                f"{host} cannot be reached ({_clip(error.strerror or 'network error')}); check the "
                "network."
            )
        case ImportError():
            return ConnectError(
                "The proxy setting asks for a SOCKS proxy, which needs the python-socks package; "
                "or set NO_PROXY."
            )
        case _:
            return ConnectError(f"The connection to {host} failed ({type(error).__name__}).")


def status_error(
    status: int, headers: Mapping[str, str], body: bytes, host: str, *, anonymous: bool = False
) -> ConnectError:
    """The sentence for an HTTP answer in place of an upgrade."""
    said = _server_text(body)
    match status:
        case 401 | 403 if anonymous:
            text = (
                f"{host} wants credentials ({status}), and none were sent: the profile needs "
                'auth = "key" or auth = "entra"'
            )
        case 401:
            text = (
                f"{host} refused the credentials (401): check AZURE_VOICELIVE_API_KEY, or sign "
                "in again with `az login`"
            )
        case 403:
            text = (
                f"{host} does not allow this (403): the account needs the role Cognitive "
                "Services User or Foundry User"
            )
        case 404:
            text = (
                f"{host} has no Voice Live service there (404): check the endpoint, the model "
                "and the api version"
            )
        case 429:
            wait = _retry_after_s(headers)
            when = "in a minute" if wait is None else f"in {wait:g} s"
            text = f"{host} is at its limit (429): try again {when}, or raise the resource's quota"
            return ConnectError(_with_server_text(text, said), status=status, retry_after_s=wait)
        case 503:
            wait = _retry_after_s(headers)
            when = "later" if wait is None else f"in {wait:g} s"
            text = f"{host} is overloaded or being serviced (503): try again {when}"
            return ConnectError(_with_server_text(text, said), status=status, retry_after_s=wait)
        case _ if 300 <= status < 400:
            target = _host_of(headers.get("Location") or "")
            where = f" to {target}" if target else ""
            text = (
                f"{host} redirects{where} ({status}), which is refused, as the key would go "
                "along: set the final endpoint"
            )
            said = ""
        case 400:
            text = (
                f"{host} does not accept the request (400): check the model, the api version "
                "and the profile's [service] table"
            )
        case _ if status >= 500:
            text = f"{host} has a problem of its own ({status} {_phrase(status)}): try again later"
        case _:
            text = f"{host} refused the connection ({status} {_phrase(status)}): check the endpoint"
    return ConnectError(_with_server_text(text, said), status=status)


def close_sentence(code: int | None, reason: str, *, by_us: bool) -> str:
    """Why an open session ended. `code` is None when the peer vanished without a close frame."""
    reason = _clip(reason)
    why = f" ({reason})" if reason else ""
    match code:
        case 1000 if by_us:
            return "You ended the session."
        case 1000 | 1005:
            return f"The service ended the session{why}; start a new one."
        case 1001 if "expired" in reason:
            return "The session reached the service's time limit and expired; start a new one."
        case 1001:
            return f"The service went away{why}; start a new session."
        case None | 1006:
            return "The connection broke without a goodbye; check the network, then start again."
        case 1008:
            return (
                f"The service ended the session because of its policy{why}; check the "
                "account's rights and limits."
            )
        case 1009:
            return f"A message was too large{why}: the limit is 16 MiB; start it again."
        case 1011 if reason == PING_TIMEOUT:
            return (
                "The service stopped answering: no reply to a ping within 10 s; check the "
                "network, then start again."
            )
        case 1011:
            return f"The service failed inside (1011){why}; start it again."
        case 1012 | 1013:
            return (
                f"The service restarts or is overloaded ({code}){why}; wait a moment, then "
                "start it again."
            )
        case 1002 | 1007:
            return f"The two sides no longer understood each other ({code}){why}; start it again."
        case _:
            return f"The session ended with code {code}{why}; start it again."


PING_TIMEOUT = "keepalive ping timeout"


def _with_server_text(text: str, said: str) -> str:
    said = said.rstrip(".")
    return f"{text}. It says: {said}." if said else f"{text}."


def _server_text(body: bytes) -> str:
    """What an error body of the service says, if it is one of its JSON errors."""
    try:
        document = json.loads(body[:65_536].decode("utf-8"))
    except (ValueError, RecursionError):
        return ""
    error = document.get("error") if isinstance(document, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return _clip(message) if isinstance(message, str) else ""


def _host_of(location: str) -> str:
    """The host of an address from outside; empty when there is none, or when it says a secret."""
    try:
        # Redacted first: the host's name comes out in small letters, in which no secret is
        # recognised.
        return _clip(urlsplit(redact(location)).hostname or "")
    except ValueError:
        return ""


def _clip(text: str) -> str:
    """Text from outside on one line: no control codes, no secrets, not too long."""
    return quote_line(text, _LONGEST)


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
