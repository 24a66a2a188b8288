"""Hosts and network addresses: what can be one, which stay on this machine, and how they stand in a
URL. Nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address

_LONGEST_NAME = 253  # of a host in the domain name system
_AUTHORITY = re.compile(
    r"(?:\[([0-9a-f:.]+)(?:%[\w.~-]+)?\]|([\w-]+(?:\.[\w-]+)*)\.?)(?::([0-9]{0,5}))?", re.ASCII
)
_NAME = re.compile(r"[a-z0-9_.-]+")
_IPV6_WITH_ZONE = re.compile(r"[0-9a-f:.]+(%[\w.-]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Authority:
    """Host and port as a URL or a Host header names them. `host` is in lower case and has neither
    brackets nor a dot at its end, an IPv6 address is in its short spelling and has no zone; `port`
    is None where none is named."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def read_address(text: str) -> Address | None:
    """An IPv4 or IPv6 address, also in brackets, or `localhost`; None for any other name, which
    nobody looks up."""
    try:
        return ip_address(
            "127.0.0.1" if text == "localhost" else text.removeprefix("[").removesuffix("]")
        )
    except ValueError:
        return None


def read_authority(text: str) -> Authority | None:
    """`host`, `host:port` or `[IPv6]:port`, in any case; None for anything else, such as a user
    name before the host."""
    found = _AUTHORITY.fullmatch(text.lower())
    if found is None or len(text) > _LONGEST_NAME:
        return None
    ipv6, name, digits = found.groups()
    port = int(digits) if digits else None
    try:
        host = name or str(IPv6Address(ipv6))
    except ValueError:
        return None
    return Authority(host, port) if port is None or port <= 65535 else None


def is_host(name: str) -> bool:
    """Whether a name in lower case is of letters, digits, hyphens, underscores and dots, or an IPv6
    address without brackets.

    A name in other letters may look like another host's, and stands in sentences that a user copies
    into a shell: it has to be written as the network writes it (xn--...).
    """
    return bool((_IPV6_WITH_ZONE if ":" in name else _NAME).fullmatch(name))


def is_loopback(host: str) -> bool:
    """Whether traffic to or from this host stays on its machine: `localhost` and loopback
    addresses.

    Names below `localhost` do not count: they are meant to be loopback, and this system may still
    ask a name server for them.
    """
    if host.lower() == "localhost":
        return True
    address = read_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def url_host(host: str) -> str:
    """The host of a URL at which a server on `host` is reached from this machine; every address has
    loopback's."""
    address = read_address(host)
    if address is None:
        return host
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"[{address}]" if address.version == 6 else str(address)
