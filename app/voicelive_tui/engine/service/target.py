"""The service that a session connects to, with the credentials for it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from voicelive_common.redaction.secret import Secret

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.credential_destination import HostNotTrusted, destination_of
from voicelive_tui.engine.service.environment_values import (
    SentValues,
    sent_values,
    values_without_variables,
)
from voicelive_tui.model.profile.profile import DEFAULT_API_VERSION, Profile
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.model.session.snapshot import ServiceKind
from voicelive_tui.net.auth import Credentials, EntraCredentials, KeyCredentials, NoCredentials
from voicelive_tui.net.endpoint import Endpoint, EndpointError, endpoint_of
from voicelive_tui.net.endpoint_mistakes import EndpointMistake, misdirected_endpoint
from voicelive_tui.net.http_refusals import CredentialKind

SIMULATOR_HOST = "SIMULATOR"
"""Shown in place of the host, so that the simulator cannot be mistaken for Azure."""

_NO_KEY = "none"
"""The key for servers on this machine that require one and accept any, such as the simulator."""

NO_ENDPOINT = (
    "No endpoint is configured (AZURE_VOICELIVE_ENDPOINT), so this session talks to the "
    "local simulator."
)


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """The service to connect to. host: the name to show. headers: the profile's own. credential:
    what the service may know the user by. secrets: the values in the address and the headers that
    are hidden in all output while this object lives. not_hidden: a sentence for each secret that
    cannot be."""

    kind: ServiceKind
    host: str
    endpoint: Endpoint
    credentials: Credentials = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    credential: CredentialKind = "key"
    secrets: tuple[Secret, ...] = ()
    not_hidden: tuple[str, ...] = ()


def service_kind(profile: Profile, settings: Settings) -> ServiceKind:
    """Return the kind of service that the profile's target means in this run."""
    if settings.simulator or profile.service.target == "simulator":
        return "simulator"
    if profile.service.target == "url":
        return "url"
    return "azure" if settings.endpoint else "simulator"


def why_simulator(profile: Profile, settings: Settings) -> str:
    """Return the sentence for a profile whose target is Azure and which gets the simulator because
    no endpoint is configured; else empty."""
    replaces_azure = (
        profile.service.target == "azure" and not settings.simulator and not settings.endpoint
    )
    return NO_ENDPOINT if replaces_azure else ""


def simulator_target(profile: Profile, settings: Settings, url: str, key: Secret) -> ServiceTarget:
    """Return the running simulator with its own key; it never gets the user's."""
    query = values_without_variables(profile).query
    endpoint = _endpoint(profile, settings, url, query)
    return ServiceTarget("simulator", SIMULATOR_HOST, endpoint, KeyCredentials(key))


def service_endpoint(profile: Profile, settings: Settings) -> Endpoint:
    """Return the endpoint of Azure or of the profile's own URL. Raises EndpointError, also for one
    of Azure that is another product's."""
    by_url = service_kind(profile, settings) == "url"
    endpoint = _endpoint(profile, settings, _base(profile, settings), profile.service.query)
    mistake = None if by_url else misdirected_endpoint(endpoint.url)
    if mistake is not None and mistake.severity == "error":
        raise EndpointError(mistake.sentence)
    return endpoint


def endpoint_mistake(profile: Profile, settings: Settings) -> EndpointMistake | None:
    """Return what the address of this profile's sessions is in place of a resource's; None when
    nothing is known against it, and for the simulator."""
    if service_kind(profile, settings) == "simulator":
        return None
    try:
        return misdirected_endpoint(service_endpoint(profile, settings).url)
    except EndpointError as error:
        return EndpointMistake("error", str(error))


def service_target(
    profile: Profile, settings: Settings, trusted: Container[str], entra: EntraCredentials
) -> ServiceTarget:
    """Return Azure or the profile's own URL with its credentials. Raises EndpointError,
    HostNotTrusted."""
    endpoint = service_endpoint(profile, settings)
    destination = destination_of(profile, settings, endpoint, trusted)
    credentials = _credentials(destination, settings, endpoint, entra)
    sent = sent_values(profile, settings)
    return ServiceTarget(
        service_kind(profile, settings),
        endpoint.host,
        _endpoint(profile, settings, _base(profile, settings), sent.query),
        credentials,
        headers=sent.headers,
        credential=_credential(destination, sent),
        secrets=sent.secrets,
        not_hidden=sent.not_hidden,
    )


def _credential(destination: Destination, sent: SentValues) -> CredentialKind:
    """Return what the handshake carries. A header of the profile's own may hold a credential, and
    so may a variable."""
    if destination.credential == "none" and (sent.headers or destination.variables):
        return "own"
    return destination.credential


def _base(profile: Profile, settings: Settings) -> str:
    by_url = service_kind(profile, settings) == "url"
    return profile.service.url if by_url else settings.endpoint


def _endpoint(
    profile: Profile, settings: Settings, base: str, query: Mapping[str, str]
) -> Endpoint:
    model, api_version = asked_model(profile, settings), asked_api_version(profile, settings)
    return endpoint_of(base, model=model, api_version=api_version, query=query)


def asked_model(profile: Profile, settings: Settings) -> str:
    """Return the model that a session of this profile asks for."""
    return _value_in_file(profile, "model") or settings.model or profile.service.model


def asked_api_version(profile: Profile, settings: Settings) -> str:
    """Return the API version that a session of this profile asks for."""
    return profile.service.api_version or settings.api_version or DEFAULT_API_VERSION


def _value_in_file(profile: Profile, key: str) -> str:
    """Return a value that the profile's file states. The environment takes precedence over the
    profile's defaults, but not over its file."""
    table = profile.document.get("service")
    value = table.get(key) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""


def _credentials(
    destination: Destination, settings: Settings, endpoint: Endpoint, entra: EntraCredentials
) -> Credentials:
    if not destination.confirmed:
        raise HostNotTrusted(destination)
    if destination.credential == "none":
        return KeyCredentials(Secret(_NO_KEY)) if endpoint.loopback else NoCredentials()
    return (
        KeyCredentials(settings.key, for_azure=endpoint.azure)
        if destination.credential == "key" and settings.key is not None
        else entra
    )
