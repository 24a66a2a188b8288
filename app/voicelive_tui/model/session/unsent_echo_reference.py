"""The service takes its echo reference from the client, as a second channel that this program does
not send (protocol.md section 7)."""

import math
from collections.abc import Mapping
from typing import Final

from voicelive_tui.model.events.record import Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, is_accepted

_NAME: Final = "input_audio_echo_cancellation"
_SENTENCE: Final = (
    "The echo reference is to come from the client as a second channel, and this program sends one"
)
_SILENT: Final = f"{_SENTENCE}, so the microphone stays off."
_UNUSED: Final = f"{_SENTENCE}, so the service has none."
_CURE: Final = "Take the reference from the server, with one channel."


class UnsentEchoReference:
    """Two channels, or a reference from the client, that the service accepted. What it reports
    counts more than what was asked for."""

    watches = (_NAME,)
    kinds = frozenset({"session.updated"})
    due_s = math.inf

    def reset(self) -> None:
        """Forget nothing, because nothing is kept."""

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        echo = settings.in_force.get(_NAME, settings.asked.get(_NAME))
        if not isinstance(echo, Mapping) or not is_accepted(settings, _NAME):
            return None
        two_channels = echo.get("channels") == 2
        if not two_channels and echo.get("reference_source") != "client":
            return None
        sentence = _SILENT if two_channels else _UNUSED
        return SettingFinding(f"session.{_NAME}.reference_source", sentence, _CURE, record.t_s)
