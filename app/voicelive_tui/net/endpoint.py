"""Where to connect: the socket's URL from what the person configured (protocol.md sections 1.1 and 20)."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

PATH = "/voice-live/realtime"

_SCHEMES = {"https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}
_AZURE_DOMAINS = (".services.ai.azure.com", ".cognitiveservices.azure.com", ".api.cognitive.microsoft.com")


class EndpointError(ValueError):
    """The endpoint cannot be used; the text is one sentence with the cure and holds no query string."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A socket's address. `url` may hold a secret in its query and is never shown; `host` is what is shown."""

    url: str = field(repr=False)
    host: str
    secure: bool
    loopback: bool

    @property
    def may_carry_credentials(self) -> bool:
        """Nobody on the way can read them."""
        return self.secure or self.loopback

    @property
    def azure(self) -> bool:
        """The host belongs to the service whose key the environment holds."""
        name = urlsplit(self.url).hostname or ""
        return name.endswith(_AZURE_DOMAINS)


def endpoint_of(base: str, *, model: str, api_version: str, query: Mapping[str, str] | None = None) -> Endpoint:
    """The socket's address for an endpoint as a portal, a profile or a local server gives it.

    A base path is kept, and the service's path is added unless it is there. A query in `base` is kept; `query`, `model` and
    `api_version` win over it in this order. An empty `model` is left out, as agents want it. Raises EndpointError.
    """
    parts = _split(base)
    path = parts.path.rstrip("/")
    if not path.endswith(PATH):
        path += PATH
    fields = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(query or {})
    fields |= {key: value for key, value in (("api-version", api_version), ("model", model)) if value}
    if "agent-name" in fields:
        fields.pop("model", None)
    scheme = _SCHEMES[parts.scheme.lower()]
    host = parts.hostname or ""
    url = urlunsplit((scheme, parts.netloc, path, urlencode(fields), ""))
    shown = f"[{host}]" if ":" in host else host
    return Endpoint(url, f"{shown}:{parts.port}" if parts.port else shown, scheme == "wss", is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether traffic to this host stays on this machine: `localhost` and loopback addresses.

    Names below `localhost` do not count: they are meant to be loopback, and this system may still ask a name server for them.
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    """Letters, digits, hyphens, underscores and dots, or an IPv6 address.

    A name in other letters may look like another host's, and stands in sentences that a user copies into a shell: it has to be
    written as the network writes it (xn--...).
    """
    if ":" in name:
        return bool(re.fullmatch(r"[0-9a-f:.]+(%[\w.-]+)?", name, re.ASCII))
    return bool(re.fullmatch(r"[a-z0-9_.-]+", name))


def _split(base: str) -> SplitResult:
    base = base.strip()
    example = "https://RESOURCE.services.ai.azure.com/"
    if not base:
        raise EndpointError(f"The endpoint is empty; give its address, such as {example}.")
    if any(char.isspace() or not char.isprintable() for char in base):
        raise EndpointError(f"The endpoint contains a space or a control character; write it as {example}.")
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise EndpointError(f"The endpoint is no valid address; write it as {example}.") from None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        raise EndpointError(f"The endpoint needs its scheme and a host, such as {example} or http://127.0.0.1:8765.")
    if not _is_host(parts.hostname):
        raise EndpointError(f"The endpoint's host has a character that no host name has; write it as {example}.")
    if parts.username or parts.password:
        raise EndpointError("The endpoint holds a user name or password; the service takes neither, so leave them out.")
    if port == 0:
        raise EndpointError("The endpoint's port is 0; give the port that the server listens on.")
    return parts
