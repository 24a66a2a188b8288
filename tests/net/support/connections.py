"""Connections of the transport to a test's server, with a key that must not show."""

import socket
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import Endpoint, endpoint_of
from voicelive_tui.net.transport import Transport

from tests.support.hostile_servers import Server

KEY = "0123456789abcdef0123456789abcdef"
HEADERS = {"api-key": KEY}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
"""The variables that name a proxy."""


def endpoint(server: Server) -> Endpoint:
    return endpoint_of(server.url, model="m", api_version="v", query={"agent-access-token": KEY})


@contextmanager
def nobody_listens() -> Iterator[int]:
    """A port of 127.0.0.1 that is taken, so that nobody can begin to listen there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        yield port


async def refusal(server: Server, timeout_s: float = 10.0) -> ConnectError:
    """Connect and return the error."""
    with pytest.raises(ConnectError) as caught:
        await Transport.open(endpoint(server), HEADERS, timeout_s=timeout_s)
    error = caught.value
    everything = "".join(traceback.format_exception(error))
    assert KEY not in everything, "a secret reached an exception"
    assert error.__context__ is None, "a library's exception stays attached"
    assert "\n" not in str(error) and str(error).endswith((".", "…"))
    return error
