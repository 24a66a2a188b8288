"""The proxy that this machine's settings name for an address, and the sentences for proxies that
fail.

Invariant: no sentence holds a proxy's user name or password.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from websockets.exceptions import (
    InvalidProxy,
    InvalidProxyMessage,
    InvalidProxyStatus,
    WebSocketException,
)
from websockets.proxy import Proxy, get_proxy, parse_proxy
from websockets.uri import parse_uri

from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.http_headers import first_headers
from voicelive_tui.net.http_refusals import phrase, status_recovery
from voicelive_tui.net.name_errors import is_unknown_name
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.retry_after import retry_after_s
from voicelive_tui.net.server_text import clip

_EXAMPLE = "http://HOST:PORT"
_VARIABLES: Final = ("wss_proxy", "socks_proxy", "https_proxy")
_PLAIN_VARIABLES: Final = ("ws_proxy", "socks_proxy", "https_proxy", "http_proxy")
"""The variables for an address without TLS. In each tuple the first one that is set counts."""


@dataclass(frozen=True, slots=True)
class ProxySetting:
    """The proxy for a connection. url: as the library takes it; may hold a password. source: the
    variable that names the proxy, for the sentences."""

    url: str = field(repr=False)
    proxy: Proxy = field(repr=False)
    source: str

    @property
    def address(self) -> str:
        """Host and port, as they are shown."""
        host = self.proxy.host
        return f"{f'[{host}]' if ':' in host else host}:{self.proxy.port}"

    @property
    def tunnels_plainly(self) -> bool:
        """Whether the proxy is asked over HTTP without TLS, as nearly all are."""
        return self.proxy.scheme == "http"


@dataclass(frozen=True, slots=True)
class ProxyAnswer:
    """A proxy's answer to the request for a tunnel. reason: the words beside the status."""

    status: int
    reason: str
    headers: Sequence[tuple[str, str]]

    @property
    def sign_ins(self) -> list[str]:
        """The kinds of sign-in that the proxy takes, such as `Basic`."""
        offered = (value for name, value in self.headers if name.title() == "Proxy-Authenticate")
        return [clip(value.split()[0]) for value in offered if value.split()]


def proxy_for(url: str) -> ProxySetting | None:
    """Return the proxy to use for a websocket address; None if there is none. Raises ConnectError
    for a setting that cannot be used."""
    uri = parse_uri(url)
    found = get_proxy(uri)
    if found is None:
        return None
    source = _source(_VARIABLES if uri.secure else _PLAIN_VARIABLES)
    if "://" not in found:
        raise _unusable(f"{source} has no scheme; write the proxy as {_EXAMPLE}.")
    try:
        return ProxySetting(found, parse_proxy(found), source)
    except InvalidProxy as error:
        # The library's message repeats the address with its password.
        known = "password" in str(error.msg) or "scheme" in str(error.msg)
        problem = clip(str(error.msg)) if known else "it is no address of a proxy"
    except ValueError:
        problem = "it is no address of a proxy"
    raise _unusable(f"{source} cannot be used ({problem}); write the proxy as {_EXAMPLE}.")


def _source(variables: tuple[str, ...]) -> str:
    for name in variables:
        for spelled in (name, name.upper()):
            if os.environ.get(spelled):
                return spelled
    return "This system's proxy setting"


def _unusable(sentence: str) -> ConnectError:
    return ConnectError(sentence, recovery=Recovery.GIVE_UP)


def unreachable_proxy(error: OSError, setting: ProxySetting, *, timeout_s: float) -> ConnectError:
    """Return the error for a proxy to which no connection could be opened, or which hung up."""
    at, source, recovery = setting.address, setting.source, Recovery.RETRY
    match error:
        case TimeoutError():
            text = f"The proxy {at} did not answer within {timeout_s:g} s; check {source}."
        case ConnectionRefusedError():
            text = f"Nothing listens at the proxy {at}; check {source}, and whether it runs."
        case socket.gaierror() if is_unknown_name(error):
            text = f"The name of the proxy {at} is not known; check {source} and the network."
            recovery = Recovery.RETRY_AFTER_SUCCESS
        case ConnectionError():
            text = f"The proxy {at} hung up before it answered; check {source}."
        case _:
            detail = clip(error.strerror or "network error")
            text = f"The proxy {at} cannot be reached ({detail}); check {source} and the network."
    return ConnectError(text, recovery=recovery)


def failed_proxy(error: WebSocketException, setting: ProxySetting, host: str) -> ConnectError:
    """Return the error for a proxy that the library asked itself: one by SOCKS or by HTTPS."""
    match error:
        case InvalidProxyStatus():
            response = error.response
            items = [*response.headers.raw_items()]
            answer = ProxyAnswer(response.status_code, response.reason_phrase, items)
            return proxy_refusal(answer, setting, host)
        case InvalidProxyMessage():
            return not_a_proxy(setting)
        case _:
            return ConnectError(
                f"The proxy {setting.address} did not connect to {host}; check {setting.source}, "
                "and what that proxy reports.",
                recovery=Recovery.RETRY_AFTER_SUCCESS,
            )


def not_a_proxy(setting: ProxySetting) -> ConnectError:
    """Return the error for a server that does not answer as an HTTP proxy does."""
    return ConnectError(
        f"What answers at {setting.address} is not an HTTP proxy; check {setting.source}.",
        recovery=Recovery.GIVE_UP,
    )


def proxy_refusal(answer: ProxyAnswer, setting: ProxySetting, host: str) -> ConnectError:
    """Return the error for a proxy that does not open the tunnel to `host`."""
    at, source, status = setting.address, setting.source, answer.status
    shown = f"{status} {clip(answer.reason) or phrase(status)}"
    if status == 407:
        text = _sign_in_sentence(answer.sign_ins, setting)
    elif status == 403:
        text = (
            f"The proxy {at} does not allow connections to {host} ({shown}); have that host "
            "allowed there, or name it in NO_PROXY."
        )
    elif status >= 500:
        text = (
            f"The proxy {at} cannot connect to {host} ({shown}); check the endpoint and the "
            "proxy's own network."
        )
    else:
        text = f"The proxy {at} refused to connect to {host} ({shown}); check {source}."
    wait_s = retry_after_s(first_headers(answer.headers))
    return ConnectError(text, recovery=status_recovery(status), retry_after_s=wait_s)


def _sign_in_sentence(schemes: list[str], setting: ProxySetting) -> str:
    at, source = setting.address, setting.source
    if schemes and not any(scheme.lower() == "basic" for scheme in schemes):
        return (
            f"The proxy {at} asks for a sign-in by {schemes[0]} (407), which this program does not "
            "speak; use a local proxy that signs in there, or name the host in NO_PROXY."
        )
    if setting.proxy.username is not None:
        return f"The proxy {at} refused the user name and password in {source} (407); correct them."
    return f"The proxy {at} requires a sign-in (407); write {source} as http://USER:PASSWORD@HOST:PORT."
