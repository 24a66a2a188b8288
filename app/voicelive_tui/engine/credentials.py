"""Whether the configured service and the way to prove ourselves to it are usable, tried on demand and without a session."""

import asyncio

from voicelive_tui.engine.place import service_place
from voicelive_tui.engine.settings import Settings
from voicelive_tui.model.profile import Profile
from voicelive_tui.net.auth import EntraCredentials, KeyCredentials
from voicelive_tui.net.connect_error import ConnectError


def azure_host(settings: Settings) -> str:
    """The host that profiles for Azure connect to. Raises ValueError with one sentence for an endpoint that cannot be used."""
    return service_place(Profile("any"), settings, EntraCredentials(settings.scope)).host


def key_problem(settings: Settings) -> str:
    """What is wrong with the configured key, in one sentence; empty when a header can carry it. Nothing is sent."""
    if settings.key is None:
        return "No key is configured."
    return _problem(KeyCredentials(settings.key.reveal()))


def sign_in_problem(settings: Settings) -> str:
    """Why Microsoft Entra gives no token, in one sentence; empty when it gives one. May take as long as the sign-in's timeout."""
    return _problem(EntraCredentials(settings.scope))


def _problem(credentials: KeyCredentials | EntraCredentials) -> str:
    try:
        asyncio.run(credentials.headers())
    except ConnectError as error:
        return str(error)
    return ""
