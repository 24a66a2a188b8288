"""Decides which credential a profile's session sends to which host, and whether the user has
confirmed that host.

A key is sent unasked only to the host that the key's own source names: both from the environment,
both from one `.env`, or both from the configuration folder. A Microsoft Entra token belongs to the
user of this machine, so it is sent unasked only to a host that the environment or the configuration
folder names. Every other host, loopback included, has to be confirmed once. A session without
credentials still sends what the microphone records: unless the host is loopback, it has to be
confirmed too. Values of the environment that a profile's headers or query refer to go only to a
host that the user confirmed by name.
"""

from collections.abc import Container

from voicelive_common.redaction.redact import hide_held_secrets

from voicelive_tui.engine.config.settings import Settings, Source
from voicelive_tui.engine.service.environment_values import check_variables
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import (
    SPEECH,
    Credential,
    Destination,
    without_credentials,
)
from voicelive_tui.net.endpoint import Endpoint, EndpointError, endpoint_of

SIGN_IN = "this machine's Azure sign-in"


class HostNotTrusted(Exception):
    """Nothing was sent, because the user has not confirmed that the session may connect to this
    host with its credential."""

    def __init__(self, destination: Destination) -> None:
        were = "were" if destination.several else "was"
        what = f"{destination.what[:1].upper()}{destination.what[1:]} {were} not"
        if destination.sends_speech_only:
            what = f"{SPEECH[:1].upper()}{SPEECH[1:]} were not"
        super().__init__(
            f"{what} sent to {destination.host}, which "
            f"{destination.host_source} names. To allow it: `voicelive-tui trust "
            f"{destination.host}`, or `--trust-host` once."
        )


def destination_of(
    profile: Profile, settings: Settings, endpoint: Endpoint, trusted: Container[str]
) -> Destination:
    """Return where this profile's session sends which credential, for an endpoint other than the
    built-in simulator.

    Raises EndpointError when the credential or a variable is missing, when it would be sent
    unencrypted, and when a question about this host could not show its name.
    """
    by_url = profile.service.target == "url"
    credential = _credential(profile, settings, endpoint)
    if credential == "key" and settings.key is None:
        raise EndpointError(
            'The profile says auth = "key", but AZURE_VOICELIVE_API_KEY is not set.'
        )
    check_variables(profile, settings)
    variables = profile.service.variables
    if (credential != "none" or variables) and not endpoint.may_carry_credentials:
        raise EndpointError(
            f"{endpoint.host} would get the credentials unencrypted; use https in its address."
        )
    destination = Destination(
        host=endpoint.host,
        host_source=str(
            Source(profile.path or "the profile") if by_url else settings.endpoint_source
        ),
        credential=credential,
        credential_source={"none": "", "key": str(settings.key_source), "token": SIGN_IN}[
            credential
        ],
        confirmed=endpoint.host in trusted
        or (not variables and _needs_no_confirmation(credential, settings, endpoint, trusted)),
        variables=variables,
    )
    _check_host_is_shown(destination)
    return destination


def _check_host_is_shown(destination: Destination) -> None:
    """Raises EndpointError for an unconfirmed host that is hidden as a secret: whoever names the
    host may name such a secret too, and a user would be asked to trust `[hidden]`."""
    if destination.confirmed or hide_held_secrets(destination.host) == destination.host:
        return
    raise EndpointError(
        "The host cannot be shown, because a secret of the profile or of an .env is a part of its "
        f"name: nothing was sent. Look it up in {destination.host_source}; if you chose it, name "
        "it to `voicelive-tui trust`."
    )


def _needs_no_confirmation(
    credential: Credential, settings: Settings, endpoint: Endpoint, trusted: Container[str]
) -> bool:
    if credential == "none":
        return endpoint.loopback or without_credentials(endpoint.host) in trusted
    return _is_host_of_credential(credential, settings, endpoint)


def _credential(profile: Profile, settings: Settings, endpoint: Endpoint) -> Credential:
    auth = profile.service.auth
    if auth != "auto":
        return "key" if auth == "key" else "token"
    # A server of the user's own gets no credential unless the profile says so, or the credentials
    # are configured for it.
    if (
        profile.service.target == "url"
        and not endpoint.azure
        and endpoint.host != configured_host(settings)
    ):
        return "none"
    # Agents take no keys (protocol.md 1.2).
    takes_key = not profile.service.has_agent
    return "key" if settings.key is not None and takes_key else "token"


def _is_host_of_credential(credential: Credential, settings: Settings, endpoint: Endpoint) -> bool:
    if endpoint.host != configured_host(settings):
        return False
    if credential == "key":
        return settings.key_source.origin == settings.endpoint_source.origin
    return settings.endpoint_source.origin in settings.personal_origins


def configured_host(settings: Settings) -> str:
    """Return the host of the configured endpoint; empty when the endpoint cannot be used."""
    try:
        return endpoint_of(settings.endpoint, model="", api_version="").host
    except EndpointError:
        return ""
