"""What a session may ask of the engine around it."""

from typing import Literal, Protocol

from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.target import ServiceTarget
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.destination import Destination


class SessionContext(Protocol):
    """The engine, as one of its sessions sees it. Everything happens in the engine's loop."""

    settings: Settings
    audio: AudioRouter

    async def target(self, profile: Profile) -> ServiceTarget:
        """Where this profile's session connects; starts the simulator if it is needed.

        Raises ConnectError, EndpointError, HostNotTrusted.
        """
        ...

    def destination(self, profile: Profile) -> Destination | None:
        """Where this profile's credentials would go; None for the simulator and for an address that
        cannot be used."""
        ...

    def is_on_air(self, key: str) -> bool:
        """Whether this tab has microphone and speaker."""
        ...

    def require_audio(self, key: str, requirements: AudioRequirements) -> None:
        """The tab's session knows now what it needs of the sound; ignored unless it is on air."""
        ...

    def ended(self, key: str) -> None:
        """The life of this tab's session is over, but for what the disk still has to take: it gives
        up microphone and speaker."""
        ...

    def changed(self, key: str) -> None:
        """Something of this tab changed that a snapshot shows."""
        ...

    def notify(
        self, level: Literal["info", "warning", "error"], text: str, key: str = "", cure: str = ""
    ) -> None:
        """Give the user a notice. text, cure: as in `Notice`. key: the tab's, or empty."""
        ...
