"""Tells a host name that does not exist from a DNS that does not answer for the moment."""

import socket
from typing import Final

_UNKNOWN: Final = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)


def is_unknown_name(error: socket.gaierror) -> bool:
    """Whether the DNS answered that there is no such name. Some systems say so of every name while
    the network is broken."""
    return error.errno in _UNKNOWN
