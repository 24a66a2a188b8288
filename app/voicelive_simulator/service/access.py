"""Decides which hosts a request may name and which web pages may send one, from its Host, Origin
and Sec-Fetch-Site headers.

A page in a browser on this machine can reach the simulator, and most simulators accept any
credential. Three facts distinguish a page from a program. A page sends its own Origin, which is
refused unless it was allowed; pages of this machine are no exception, because another port is
another program. Where a page sends none, as for an image, the browser still says that the request
comes from another site. And a page whose name resolves to this machine's address, so that the
browser takes both for one site (DNS rebinding), sends that name as Host: only names that nobody
else can own are accepted, and IP addresses, which no page can make resolve to another address.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from voicelive_common.addresses import Authority, is_loopback, read_address, read_authority
from websockets.http11 import Request

from voicelive_simulator.api.handshake import Refusal
from voicelive_simulator.service.options import Options

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)
_NO_OTHER_SITE = frozenset({"none", "same-origin"})
"""The browser's values (Fetch Metadata, section 2.5) when a user entered the address, or for a page
of the simulator itself."""
_ME = "This is the simulator of voicelive-tui, and it"


def read_origin(text: str) -> str | None:
    """Normalise an origin so that equal ones are spelled alike: lower case, no default port. None
    for `null` and for anything that is not an origin."""
    scheme, mark, rest = text.lower().partition("://")
    authority = read_authority(rest)
    if not mark or not _SCHEME.fullmatch(scheme) or authority is None:
        return None
    if authority.port == _DEFAULT_PORTS.get(scheme):
        authority = Authority(authority.host)
    return f"{scheme}://{authority}"


@dataclass(frozen=True, slots=True)
class Access:
    """The access rules of a simulator. `address` is the one that it listens on, `name` this
    machine's own; `hosts` and `origins` are allowed in addition to those that are always
    accepted."""

    address: str = "127.0.0.1"
    name: str = ""
    hosts: tuple[Authority, ...] = ()
    origins: tuple[str, ...] = ()

    @classmethod
    def of(cls, options: Options) -> Access:
        return cls(
            options.host, socket.gethostname(), options.allowed_hosts, options.allowed_origins
        )

    def refusal(self, request: Request, port: int) -> Refusal | None:
        """The refusal of a request to a simulator on this port; None when it is accepted."""
        hosts = request.headers.get_all("Host")
        # RFC 9112, 3.2: an HTTP/1.0 client, which no browser is, may omit the host.
        if len(hosts) > 1 or not (hosts or request.protocol == "HTTP/1.0"):
            return Refusal(400, "BadRequest", "A request names its host in one Host header.")
        if absolute := _ABSOLUTE.match(request.path):
            hosts = [*hosts, absolute[1]]
        return self._foreign_host(hosts, port) or self._foreign_page(request)

    def _foreign_page(self, request: Request) -> Refusal | None:
        origins = request.headers.get_all("Origin")
        if origins:
            return self._foreign_origin(origins)
        if all(
            site.strip().lower() in _NO_OTHER_SITE
            for site in request.headers.get_all("Sec-Fetch-Site")
        ):
            return None
        message = (
            f"{_ME} answers no web page that does not say its origin; to allow one that "
            "does, start it with --allow-origin."
        )
        return Refusal(403, "OriginNotAllowed", message)

    def _foreign_host(self, hosts: Sequence[str], port: int) -> Refusal | None:
        for text in hosts:
            authority = read_authority(text)
            if authority is None:
                return Refusal(
                    403, "HostNotAllowed", f"{_ME} cannot read the host that this request is for."
                )
            if not self._accepts(authority, port):
                message = (
                    f"{_ME} takes no requests for {authority}; to allow them, start it with "
                    f"--allow-host {authority}."
                )
                return Refusal(403, "HostNotAllowed", message)
        return None

    def _accepts(self, authority: Authority, port: int) -> bool:
        if authority.port in (None, port) and self._is_mine(authority.host):
            return True
        return any(
            authority.host == allowed.host
            and (None in (authority.port, allowed.port) or authority == allowed)
            for allowed in self.hosts
        )

    def _is_mine(self, host: str) -> bool:
        # Browsers resolve every name below `localhost` to this machine.
        if host.endswith(".localhost") or is_loopback(host):
            return True
        if is_loopback(self.address):
            return False
        own_address, requested = read_address(self.address), read_address(host)
        if requested is None:
            return host == self.name.lower()
        return own_address is not None and (
            own_address.is_unspecified or host == str(own_address).partition("%")[0]
        )

    def _foreign_origin(self, origins: Sequence[str]) -> Refusal | None:
        for text in origins:
            origin = read_origin(text)
            if origin is None:
                remedy = (
                    "serve the page over http and start the simulator with --allow-origin and "
                    "where it comes from"
                )
                return Refusal(
                    403,
                    "OriginNotAllowed",
                    f"{_ME} answers no web page without a readable origin; {remedy}.",
                )
            if origin not in self.origins:
                message = (
                    f"{_ME} answers no web page from {origin}; to allow that, start it with "
                    f"--allow-origin {origin}."
                )
                return Refusal(403, "OriginNotAllowed", message)
        return None
