"""The services of the engine that a session may use."""

from typing import Protocol

from voicelive_tui.engine.audio.requirements import AudioRequirements
from voicelive_tui.engine.audio.router import AudioRouter
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.service.services import Services
from voicelive_tui.model.notice import Notice


class SessionContext(Protocol):
    """The engine, as one of its sessions sees it. Everything happens in the engine's loop."""

    settings: Settings
    audio: AudioRouter
    services: Services

    @property
    def muted(self) -> bool:
        """Whether silence is sent in place of the microphone: it is muted in the console, or at the
        machine that has it."""
        ...

    def is_on_air(self, key: str) -> bool:
        """Whether this tab has microphone and speaker."""
        ...

    def require_audio(self, key: str, requirements: AudioRequirements) -> None:
        """Give this tab's session the devices that it needs; ignored unless it is on air."""
        ...

    def ended(self, key: str) -> None:
        """Take microphone and speaker from this tab's session, if it has them. The session is over,
        except for writing to the disk."""
        ...

    def changed(self, key: str) -> None:
        """Note that something of this tab changed that a snapshot shows."""
        ...

    def notify(self, notice: Notice, key: str = "") -> None:
        """Show the user a notice. key: the tab's, or empty."""
        ...
