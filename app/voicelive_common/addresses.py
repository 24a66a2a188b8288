"""Hosts and network addresses: which texts are valid ones, which of them stay on this machine, and
how they are written in a URL. No name is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address

_LONGEST_NAME = 253  # of a host name in the DNS, in characters
_AUTHORITY = re.compile(
    r"(?:\[([0-9a-f:.]+)(?:%[\w.~-]+)?\]|([\w-]+(?:\.[\w-]+)*)\.?)(?::([0-9]{0,5}))?", re.ASCII
)
_NAME = re.compile(r"[a-z0-9_.-]+")
_IPV6_WITH_ZONE = re.compile(r"[0-9a-f:.]+(%[\w.-]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Authority:
    """The host and port named in a URL or a Host header.

    `host` is in lower case, without brackets and without a trailing dot; an IPv6 address is in its
    short form and has no zone. `port` is None where none is named.
    """

    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def read_address(text: str) -> Address | None:
    """Return an IPv4 or IPv6 address, which may be in brackets; `localhost` counts as 127.0.0.1.
    Return None for any other name: no name is looked up."""
    try:
        return ip_address(
            "127.0.0.1" if text == "localhost" else text.removeprefix("[").removesuffix("]")
        )
    except ValueError:
        return None


def read_authority(text: str) -> Authority | None:
    """Parse `host`, `host:port` or `[IPv6]:port`, in upper or lower case. Return None for anything
    else, such as a user name before the host."""
    match = _AUTHORITY.fullmatch(text.lower())
    if match is None or len(text) > _LONGEST_NAME:
        return None
    ipv6, name, digits = match.groups()
    port = int(digits) if digits else None
    try:
        host = name or str(IPv6Address(ipv6))
    except ValueError:
        return None
    return Authority(host, port) if port is None or port <= 65535 else None


def is_host(name: str) -> bool:
    """Whether a lower-case name consists of ASCII letters, digits, hyphens, underscores and dots,
    or is an IPv6 address without brackets.

    Names in other letters are refused: they may look like another host's name, and they appear in
    sentences that a user copies into a shell. They have to be written in their ASCII form
    (xn--...).
    """
    return bool((_IPV6_WITH_ZONE if ":" in name else _NAME).fullmatch(name))


def is_loopback(host: str) -> bool:
    """Whether traffic to or from this host stays on its machine: true for `localhost` and loopback
    addresses.

    Names below `localhost` do not count: they are meant to be loopback, but the system may still
    ask a name server for them.
    """
    if host.lower() == "localhost":
        return True
    address = read_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def url_host(host: str) -> str:
    """The host to use in a URL to reach, from this machine, a server that listens on `host`. For
    "every address" (0.0.0.0 or ::) that is the loopback address."""
    address = read_address(host)
    if address is None:
        return host
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"[{address}]" if address.version == 6 else str(address)
