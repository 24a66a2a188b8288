"""Which proxy a connection would take, in words and without its password."""

import os
from urllib.request import getproxies_environment

from voicelive_common.printable import printable
from voicelive_common.redaction.redact import redact

from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import Endpoint

_MOST_SHOWN_CHARS = 80


class ProxyUnusable(ValueError):
    """A proxy is set and cannot be used; the message is one sentence."""


def proxy_in_use(endpoint: Endpoint) -> str:
    """Return the proxy to an endpoint, as half a sentence; empty if connections are direct and no
    variable names a proxy. Raises ProxyUnusable.

    Reads the system's own settings too, which may take a moment.
    """
    if endpoint.loopback:
        return ""
    # It needs the websocket library, which the first frame does not wait for.
    from voicelive_tui.net.proxy import proxy_for

    try:
        setting = proxy_for(endpoint.url)
    except ConnectError as error:
        raise ProxyUnusable(str(error)) from None
    exceptions = _no_proxy()
    if setting is not None:
        without = f"; NO_PROXY leaves out {exceptions}" if exceptions else ""
        return f"{setting.address} (from {setting.source}){without}"
    if exceptions and _names_proxy():
        return f"none for {endpoint.host}: NO_PROXY leaves out {exceptions}"
    return ""


def proxy_of_environment(endpoint: Endpoint) -> str:
    """Return the same from the environment alone, at once; for a proxy that cannot be used, the
    sentence that says why."""
    if not _names_proxy():
        return ""
    try:
        return proxy_in_use(endpoint)
    except ProxyUnusable as error:
        return str(error)


def _names_proxy() -> bool:
    return any(name != "no" for name in getproxies_environment())


def _no_proxy() -> str:
    text = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    shown = printable(redact(text))
    return shown if len(shown) <= _MOST_SHOWN_CHARS else f"{shown[:_MOST_SHOWN_CHARS]}…"
