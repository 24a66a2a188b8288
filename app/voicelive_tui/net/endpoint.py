"""The address of the socket, from what the user configured (protocol.md sections 1.1 and 20)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from voicelive_common.addresses import is_host, is_loopback

from voicelive_tui.model.profile.service_query import AGENT_NAME
from voicelive_tui.net.endpoint_mistakes import (
    EXAMPLE,
    PATH,
    RESOURCE_DOMAINS,
    misspelt_endpoint,
)

_SCHEMES = {"https": "wss", "wss": "wss", "http": "ws", "ws": "ws"}
_AZURE_DOMAINS = (*RESOURCE_DOMAINS, ".api.cognitive.microsoft.com")

_LONGEST_ADDRESS = 8_192


class EndpointError(ValueError):
    """The endpoint cannot be used; the message is one sentence with the cure and holds no query
    string."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a socket. url: never shown, because its query may hold a secret. host: the
    name to show, with the port if the address has one."""

    url: str = field(repr=False)
    host: str
    secure: bool
    loopback: bool

    @property
    def may_carry_credentials(self) -> bool:
        """Whether credentials would be sent encrypted, or stay on this machine."""
        return self.secure or self.loopback

    @property
    def azure(self) -> bool:
        """Whether the host belongs to Azure, for whose services the configured key is meant."""
        name = urlsplit(self.url).hostname or ""
        return name.endswith(_AZURE_DOMAINS)


def endpoint_of(
    base: str, *, model: str, api_version: str, query: Mapping[str, str] | None = None
) -> Endpoint:
    """Return the socket's address for an endpoint as a portal, a profile or a local server gives
    it.

    A path in `base` is kept, and the service's path is appended unless it is there. A query in
    `base` is kept; `query`, `api_version` and `model` override it. An empty `model` is left out. An
    agent's session has no model. Raises EndpointError.
    """
    parts = _split(base)
    path = parts.path.rstrip("/")
    if not path.endswith(PATH):
        path += PATH
    fields = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(query or {})
    fields |= {
        key: value for key, value in (("api-version", api_version), ("model", model)) if value
    }
    if AGENT_NAME in fields:
        fields.pop("model", None)
    scheme = _SCHEMES[parts.scheme.lower()]
    host = parts.hostname or ""
    url = urlunsplit((scheme, parts.netloc, path, urlencode(fields), ""))
    shown_host = f"[{host}]" if ":" in host else host
    return Endpoint(
        url,
        f"{shown_host}:{parts.port}" if parts.port else shown_host,
        scheme == "wss",
        is_loopback(host),
    )


def _split(base: str) -> SplitResult:
    base = base.strip()
    if not base:
        raise EndpointError(f"The endpoint is empty; give its address, such as {EXAMPLE}.")
    if len(base) > _LONGEST_ADDRESS:
        raise EndpointError(
            f"The endpoint has {len(base):,} characters, and no server takes an address of more "
            f"than {_LONGEST_ADDRESS:,}; write it as {EXAMPLE}."
        )
    if sentence := misspelt_endpoint(base):
        raise EndpointError(sentence)
    if any(char.isspace() or not char.isprintable() for char in base):
        raise EndpointError(
            f"The endpoint contains a space or a control character; write it as {EXAMPLE}."
        )
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise EndpointError(
            f"The endpoint is not a valid address; write it as {EXAMPLE}."
        ) from None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        raise EndpointError(
            f"The endpoint needs its scheme and a host, such as {EXAMPLE} or http://127.0.0.1:8765."
        )
    if not is_host(parts.hostname):
        raise EndpointError(
            "The endpoint's host has a character that is not allowed in a host name; write it as "
            f"{EXAMPLE}."
        )
    if parts.username or parts.password:
        raise EndpointError(
            "The endpoint holds a user name or password; the service takes neither, so leave them "
            "out."
        )
    if port == 0:
        raise EndpointError("The endpoint's port is 0; give the port that the server listens on.")
    return parts
