"""Checks on demand, without a session, whether the configured service and credentials are
usable."""

import asyncio

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.engine.service.credential_destination import destination_of
from voicelive_tui.engine.service.target import service_endpoint, service_kind
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.net.auth import EntraCredentials, KeyCredentials
from voicelive_tui.net.connect_error import ConnectError


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


def key_problem(settings: Settings) -> str:
    """Return in one sentence what is wrong with the configured key; empty when a header can carry
    it. Nothing is sent."""
    if settings.key is None:
        return "No key is configured."
    return _problem(KeyCredentials(settings.key))


def sign_in_problem(settings: Settings) -> str:
    """Return in one sentence why Microsoft Entra gives no token; empty when it gives one. Blocks at
    most for `TOKEN_TIMEOUT_S`."""
    return _problem(EntraCredentials(settings.scope))


def _problem(credentials: KeyCredentials | EntraCredentials) -> str:
    try:
        asyncio.run(credentials.headers())
    except ConnectError as error:
        return str(error)
    return ""
