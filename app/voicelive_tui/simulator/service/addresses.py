"""Network addresses: which reach this machine only, and how they stand in a URL."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address


def read_address(text: str) -> Address | None:
    """An IPv4 or IPv6 address, also in brackets, or `localhost`; None for any other name, which nobody looks up."""
    try:
        return ip_address("127.0.0.1" if text == "localhost" else text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def is_loopback(text: str) -> bool:
    """Whether only this machine can be reached at, or comes from, this address."""
    address = read_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and address.is_loopback


def url_host(host: str) -> str:
    """The host of a URL at which a server on `host` is reached from this machine; every address has loopback's."""
    address = read_address(host)
    if address is None:
        return host
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"[{address}]" if address.version == 6 else str(address)
