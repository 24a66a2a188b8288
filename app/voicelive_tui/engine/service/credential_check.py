"""Checks on demand, without a session, whether the configured service and credentials are
usable."""

import asyncio
from dataclasses import dataclass

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.engine.service.credential_destination import destination_of
from voicelive_tui.engine.service.proxy_use import proxy_in_use
from voicelive_tui.engine.service.target import (
    endpoint_mistake,
    service_endpoint,
    service_kind,
)
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.net.auth import EntraCredentials
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import EndpointError
from voicelive_tui.net.key_mistakes import KeyMistake, key_mistake


def azure_host(settings: Settings) -> str:
    """Return the host that profiles for Azure connect to. Raises ValueError with one sentence when
    the endpoint cannot be used."""
    return azure_destination(settings).host


def azure_destination(settings: Settings) -> Destination:
    """Return where profiles for Azure send their credentials. Raises ValueError when the endpoint
    cannot be used."""
    return profile_destination(Profile("any"), settings)


def profile_destination(profile: Profile, settings: Settings) -> Destination:
    """Return where this profile sends its credentials. The profile must not use the simulator.

    Raises ValueError when the address or the credential cannot be used.
    """
    trusted = TrustedHosts(settings.config_dir, settings.trusted_hosts)
    return destination_of(profile, settings, service_endpoint(profile, settings), trusted)


def host_to_confirm(profile: Profile, settings: Settings) -> str:
    """Return the host in this profile's URL that the user has not yet confirmed; empty when there
    is none."""
    if service_kind(profile, settings) != "url":
        return ""
    try:
        destination = profile_destination(profile, settings)
    except ValueError:
        return ""
    return "" if destination.confirmed else destination.host


def configured_key_mistake(settings: Settings) -> KeyMistake | None:
    """Return what is wrong with the configured key; None when it may be one, and without a key.
    Nothing is sent."""
    if settings.key is None:
        return None
    return key_mistake(settings.key.reveal(), for_azure=_is_for_azure(settings))


def _is_for_azure(settings: Settings) -> bool:
    try:
        return service_endpoint(Profile("any"), settings).azure
    except EndpointError:
        return False


def azure_endpoint_warning(settings: Settings) -> str:
    """Return in one sentence what makes the configured endpoint doubtful; empty when nothing
    does."""
    mistake = endpoint_mistake(Profile("any"), settings)
    return mistake.sentence if mistake is not None and mistake.severity == "warning" else ""


def azure_proxy(settings: Settings) -> str:
    """Return the proxy to the configured endpoint, as half a sentence; empty without one. Raises
    ProxyUnusable, EndpointError."""
    return proxy_in_use(service_endpoint(Profile("any"), settings))


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that was tried. problem: why Microsoft Entra gave no token, in one sentence; empty
    when it gave one. account: whose token it is, as half a sentence; empty when it does not
    say."""

    problem: str = ""
    account: str = ""


def try_sign_in(settings: Settings) -> SignIn:
    """Ask Microsoft Entra for a token. Blocks at most for `TOKEN_TIMEOUT_S`."""
    credentials = EntraCredentials(settings.scope)
    try:
        asyncio.run(credentials.headers())
    except ConnectError as error:
        return SignIn(problem=str(error))
    return SignIn(account=str(credentials.account))
