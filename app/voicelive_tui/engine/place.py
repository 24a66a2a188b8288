"""Which service a session talks to, and with which credentials."""

from dataclasses import dataclass, field

from voicelive_tui.engine.settings import Settings
from voicelive_tui.model.profile import DEFAULT_API_VERSION, Profile
from voicelive_tui.model.snapshot import ServiceKind
from voicelive_tui.net.auth import Credentials, EntraCredentials, KeyCredentials, NoCredentials
from voicelive_tui.net.endpoint import Endpoint, EndpointError, endpoint_of

SIMULATOR_HOST = "SIMULATOR"
"""Shown in place of a host, so that it cannot be mistaken for Azure."""

_NO_KEY = "none"
"""For servers on this machine that want a key as the service does, and take any, such as the simulator."""

NO_ENDPOINT = "No endpoint is configured (AZURE_VOICELIVE_ENDPOINT), so this session talks to the local simulator."


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect. `host` is what is shown."""

    kind: ServiceKind
    host: str
    endpoint: Endpoint
    credentials: Credentials = field(repr=False)


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


def simulator_place(profile: Profile, settings: Settings, url: str) -> Place:
    """The running simulator. It asks for a key, as the service does, and takes any: it never gets the real one."""
    return Place("simulator", SIMULATOR_HOST, _endpoint(profile, settings, url), KeyCredentials(_NO_KEY))


def service_place(profile: Profile, settings: Settings, entra: EntraCredentials) -> Place:
    """Azure, or the profile's own url. Raises EndpointError."""
    kind = service_kind(profile, settings)
    base = profile.service.url if kind == "url" else settings.endpoint
    endpoint = _endpoint(profile, settings, base)
    return Place(kind, endpoint.host, endpoint, _credentials(profile, settings, endpoint, entra))


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


def _credentials(profile: Profile, settings: Settings, endpoint: Endpoint, entra: EntraCredentials) -> Credentials:
    auth = profile.service.auth
    if auth == "auto":
        # A profile may come from anybody: its url gets our credentials only if it says so or is the host they belong to.
        if profile.service.target == "url" and not endpoint.azure and endpoint.host != _configured_host(settings):
            return KeyCredentials(_NO_KEY) if endpoint.loopback else NoCredentials()
        agent = "agent-name" in profile.service.query  # agents take no keys (protocol.md 1.2)
        auth = "key" if settings.key is not None and not agent else "entra"
    if not endpoint.may_carry_credentials:
        raise EndpointError(f"{endpoint.host} would get the credentials unencrypted; use https in its address.")
    if auth == "entra":
        return entra
    if settings.key is None:
        raise EndpointError('The profile says auth = "key", but AZURE_VOICELIVE_API_KEY is not set.')
    return KeyCredentials(settings.key.reveal())


def _configured_host(settings: Settings) -> str:
    try:
        return endpoint_of(settings.endpoint, model="", api_version="").host
    except EndpointError:
        return ""
