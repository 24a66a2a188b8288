"""The services that sessions connect to, as the settings and the user's confirmations allow."""

from dataclasses import replace

from voicelive_common.redaction.secret import Secret

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.trusted_hosts import TrustedHosts
from voicelive_tui.engine.service.connection_limit import ConnectionLimit
from voicelive_tui.engine.service.credential_destination import SIGN_IN, destination_of
from voicelive_tui.engine.service.simulator import Simulator, SimulatorError
from voicelive_tui.engine.service.target import (
    ServiceTarget,
    service_endpoint,
    service_kind,
    service_target,
    simulator_target,
)
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import Destination
from voicelive_tui.net.auth import EntraCredentials
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.endpoint import EndpointError


class Services:
    """Lives in the engine's loop; owns the simulator's process and the Azure sign-in."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._simulator = Simulator()
        self._entra = EntraCredentials(settings.scope)
        self._sent_secrets: set[Secret] = set()
        """The values of the environment that sessions sent; each stays hidden in all output,
        because the service may repeat it."""
        self._limits: dict[str, ConnectionLimit] = {}
        self._trusted = TrustedHosts(settings.config_dir, settings.trusted_hosts)

    async def target(self, profile: Profile) -> ServiceTarget:
        """Where a session of this profile connects; starts the simulator if it is needed.

        Raises ConnectError, EndpointError, HostNotTrusted.
        """
        if service_kind(profile, self._settings) != "simulator":
            target = service_target(profile, self._settings, self._trusted, self._entra)
            self._sent_secrets.update(target.secrets)
            return target
        try:
            url = await self._simulator.start()
        except SimulatorError as error:
            raise ConnectError(str(error), recovery=error.recovery) from None
        return simulator_target(profile, self._settings, url, self._simulator.key)

    def destination(self, profile: Profile) -> Destination | None:
        """Where the credentials of this profile's sessions would go; None for the simulator and for
        an address that cannot be used."""
        if service_kind(profile, self._settings) == "simulator":
            return None
        try:
            endpoint = service_endpoint(profile, self._settings)
            return destination_of(profile, self._settings, endpoint, self._trusted)
        except EndpointError:
            return None

    def with_account(self, destination: Destination | None) -> Destination | None:
        """Return the destination with the account of the sign-in token, once there was one."""
        account = str(self._entra.account)
        if destination is None or destination.credential != "token" or not account:
            return destination
        return replace(destination, credential_source=f"{SIGN_IN} ({account})")

    def discard_token(self) -> None:
        """Ask for a new sign-in token at the next connection, because the last one has expired."""
        self._entra.discard_token()

    def connection_opens(self, target: ServiceTarget, now: float) -> None:
        """Note that a connection to this service is being opened."""
        if target.kind != "simulator":
            self._limits.setdefault(
                target.host, ConnectionLimit(self._settings.connections_per_minute)
            ).opened(now)

    def wait_for_connection_s(self, host: str, now: float) -> float:
        """Seconds until one more connection to this host keeps within the service's limit of new
        connections; all sessions count together."""
        limit = self._limits.get(host)
        return limit.wait_s(now) if limit is not None else 0.0

    def trust(self, host: str) -> None:
        """Let credentials go to this host, in later runs too. Raises TrustError."""
        self._trusted.add(host)

    @property
    def simulator_pid(self) -> int | None:
        """The simulator's process, while there is one."""
        return self._simulator.pid

    async def close(self) -> None:
        """End the simulator, if it runs."""
        await self._simulator.stop()
