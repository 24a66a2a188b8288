"""Which service a session talks to, and with which credentials."""

from collections.abc import Container
from dataclasses import dataclass, field

from voicelive_tui.engine.destination import HostNotTrusted, destination_of
from voicelive_tui.engine.settings import Settings
from voicelive_tui.model.destination import Destination
from voicelive_tui.model.profile import DEFAULT_API_VERSION, Profile
from voicelive_tui.model.secret import Secret
from voicelive_tui.model.snapshot import ServiceKind
from voicelive_tui.net.auth import Credentials, EntraCredentials, KeyCredentials, NoCredentials
from voicelive_tui.net.endpoint import Endpoint, endpoint_of

SIMULATOR_HOST = "SIMULATOR"
"""Shown in place of a host, so that it cannot be mistaken for Azure."""

_NO_KEY = "none"
"""For servers on this machine that want a key as the service does, and take any, such as the simulator."""

NO_ENDPOINT = "No endpoint is configured (AZURE_VOICELIVE_ENDPOINT), so this session talks to the local simulator."


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect. `host` is what is shown. anonymous: none of the user's credentials go there."""

    kind: ServiceKind
    host: str
    endpoint: Endpoint
    credentials: Credentials = field(repr=False)
    anonymous: bool = False


def service_kind(profile: Profile, settings: Settings) -> ServiceKind:
    """What the profile's target means in this run."""
    if settings.simulator or profile.service.target == "simulator":
        return "simulator"
    if profile.service.target == "url":
        return "url"
    return "azure" if settings.endpoint else "simulator"


def why_simulator(profile: Profile, settings: Settings) -> str:
    """The sentence for a profile that means Azure and gets the simulator because nothing is configured; else empty."""
    stands_in = profile.service.target == "azure" and not settings.simulator and not settings.endpoint
    return NO_ENDPOINT if stands_in else ""


def simulator_place(profile: Profile, settings: Settings, url: str, key: Secret) -> Place:
    """The running simulator, with the key that was made for it: it never gets the user's."""
    return Place("simulator", SIMULATOR_HOST, _endpoint(profile, settings, url), KeyCredentials(key))


def service_endpoint(profile: Profile, settings: Settings) -> Endpoint:
    """The address of Azure, or of the profile's own url. Raises EndpointError."""
    base = profile.service.url if service_kind(profile, settings) == "url" else settings.endpoint
    return _endpoint(profile, settings, base)


def service_place(profile: Profile, settings: Settings, trusted: Container[str], entra: EntraCredentials) -> Place:
    """Azure, or the profile's own url. Raises EndpointError, HostNotTrusted."""
    endpoint = service_endpoint(profile, settings)
    destination = destination_of(profile, settings, endpoint, trusted)
    credentials = _credentials(destination, settings, endpoint, entra)
    anonymous = destination.credential == "none"
    return Place(service_kind(profile, settings), endpoint.host, endpoint, credentials, anonymous)


def _endpoint(profile: Profile, settings: Settings, base: str) -> Endpoint:
    service = profile.service
    model = _stated(profile, "model") or settings.model or service.model
    api_version = service.api_version or settings.api_version or DEFAULT_API_VERSION
    return endpoint_of(base, model=model, api_version=api_version, query=service.query)


def _stated(profile: Profile, key: str) -> str:
    """A value that the profile's file really names; its defaults give way to the environment."""
    table = profile.document.get("service")
    value = table.get(key) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""


def _credentials(destination: Destination, settings: Settings, endpoint: Endpoint, entra: EntraCredentials) -> Credentials:
    if not destination.confirmed:
        raise HostNotTrusted(destination)
    if destination.credential == "none":
        return KeyCredentials(Secret(_NO_KEY)) if endpoint.loopback else NoCredentials()
    return KeyCredentials(settings.key) if destination.credential == "key" and settings.key is not None else entra
