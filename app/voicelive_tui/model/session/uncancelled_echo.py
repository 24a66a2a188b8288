"""The service takes the agent's own sound at the microphone for speech, although it was asked to
cancel echoes."""

import math
from typing import Final

from voicelive_tui.model.events.cut_cause import CutByEcho, cause_of_stop, measured_cause
from voicelive_tui.model.events.fields import get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, asked_object

_NAME: Final = "input_audio_echo_cancellation"
LEAST_CUTS: Final = 2
"""A cancellation learns the echo from the first sounds, so that a single cut tells nothing yet."""
_SENTENCE: Final = (
    "Echo cancellation is in force, yet the agent was interrupted by its own sound twice."
)
_CURE: Final = "Lower the speaker, use headphones, or raise the threshold of turn detection."


class UncancelledEcho:
    """Counts the answers that their own echo cut while the cancellation was accepted."""

    watches = (_NAME,)
    kinds = frozenset({Local.PLAYBACK_STOPPED, Local.CUT})
    due_s = math.inf

    def __init__(self) -> None:
        self._cuts = 0
        self._stopped: Record | None = None
        """The stop that was noted last."""

    def reset(self) -> None:
        """Forget the cuts: other settings are asked for."""
        self._cuts = 0

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a stop, or what was at the microphone then."""
        if record.kind == Local.PLAYBACK_STOPPED:
            self._stopped = record
            return None
        if not self._is_echo(record) or not asked_object(settings, _NAME):
            return None
        self._cuts += 1
        if self._cuts < LEAST_CUTS:
            return None
        return SettingFinding(f"session.{_NAME}.type", _SENTENCE, _CURE, record.t_s)

    def _is_echo(self, cut: Record) -> bool:
        stopped = self._stopped
        if stopped is None or get_str(stopped.event, "item_id") != get_str(cut.event, "item_id"):
            return False
        cause = cause_of_stop(stopped.event, on_air=True)
        return isinstance(measured_cause(cause, cut.event), CutByEcho)
