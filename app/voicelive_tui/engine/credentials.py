"""Whether the configured service and the way to prove ourselves to it are usable, tried on demand and without a session."""

import asyncio

from voicelive_tui.engine.destination import destination_of
from voicelive_tui.engine.place import service_endpoint, service_kind
from voicelive_tui.engine.settings import Settings
from voicelive_tui.engine.trusted_hosts import TrustedHosts
from voicelive_tui.model.destination import Destination
from voicelive_tui.model.profile import Profile
from voicelive_tui.net.auth import EntraCredentials, KeyCredentials
from voicelive_tui.net.connect_error import ConnectError


def azure_host(settings: Settings) -> str:
    """The host that profiles for Azure connect to. Raises ValueError with one sentence for an endpoint that cannot be used."""
    return azure_destination(settings).host


def azure_destination(settings: Settings) -> Destination:
    """Where the credentials of profiles for Azure go. Raises ValueError for an endpoint that cannot be used."""
    return profile_destination(Profile("any"), settings)


def profile_destination(profile: Profile, settings: Settings) -> Destination:
    """Where this profile's credentials go; for profiles that do not use the simulator.

    Raises ValueError for an address or a credential that cannot be used.
    """
    trusted = TrustedHosts(settings.config_dir, settings.trusted_hosts)
    return destination_of(profile, settings, service_endpoint(profile, settings), trusted)


def asked_host(profile: Profile, settings: Settings) -> str:
    """The host of its own that this profile names and that the user has still to confirm; empty when there is none."""
    if service_kind(profile, settings) != "url":
        return ""
    try:
        destination = profile_destination(profile, settings)
    except ValueError:
        return ""
    return "" if destination.confirmed else destination.host


def key_problem(settings: Settings) -> str:
    """What is wrong with the configured key, in one sentence; empty when a header can carry it. Nothing is sent."""
    if settings.key is None:
        return "No key is configured."
    return _problem(KeyCredentials(settings.key))


def sign_in_problem(settings: Settings) -> str:
    """Why Microsoft Entra gives no token, in one sentence; empty when it gives one. May take as long as the sign-in's timeout."""
    return _problem(EntraCredentials(settings.scope))


def _problem(credentials: KeyCredentials | EntraCredentials) -> str:
    try:
        asyncio.run(credentials.headers())
    except ConnectError as error:
        return str(error)
    return ""
