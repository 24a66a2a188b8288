"""Somebody speaks into the microphone, as this machine's own detector hears it, and the service
notices nothing."""

import math
from collections.abc import Mapping
from typing import Final

from voicelive_tui.model.events.fields import get_count, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, is_accepted

LONG_ENOUGH_S: Final = 3.0
PAUSE_S: Final = 0.6
"""The end of speech is known this long after it: the pause that the detector waits for, and some
blocks."""
_EARLIER_S: Final = 1.0
"""The service may notice speech so much earlier than the own detector."""
_LEAST_SENT: Final = 0.8
"""The share of the speech that has to be sent; less is a matter of the connection."""
_BLOCKS_PER_S: Final = 50
_NAME: Final = "turn_detection"
_BUFFER: Final = "input_audio_buffer."
_APPEND: Final = "input_audio_buffer.append"
_SENTENCE: Final = (
    "This machine hears speech at the microphone for 3 s, and the service noticed none."
)
_CURE: Final = (
    "If you spoke: raise the microphone's level, lower the threshold of turn detection, or leave "
    "out noise reduction."
)


class UnnoticedSpeech:
    """Follows speech at the microphone.

    Nothing is said when the service hears the user anyway, when an answer plays, whose echo it may
    take away, when the sound was not sent, or when turns are manual.
    """

    watches = (_NAME,)
    kinds = frozenset(
        {
            Local.SPEECH,
            Local.PLAYBACK_STARTED,
            Local.PLAYBACK_STOPPED,
            Local.ON_AIR,
            Local.DROPPED,
            f"{_BUFFER}speech_started",
            f"{_BUFFER}speech_stopped",
            f"{_BUFFER}committed",
            f"{_BUFFER}cleared",
        }
    )

    def __init__(self) -> None:
        self._began_s: float | None = None
        """When the speech began that may prove something; None for none."""
        self._blocks = 0
        """The blocks that were sent since."""
        self._noticed_s = -math.inf
        """When the service noticed speech for the last time."""
        self._noticing = False
        """Whether it still does."""
        self._playing: set[tuple[str, int]] = set()
        self._played_s = -math.inf

    @property
    def due_s(self) -> float:
        """The beginning of the speech, because what is sent is counted from there on."""
        return math.inf if self._began_s is None else self._began_s

    def reset(self) -> None:
        """Forget the speech under way."""
        self._began_s = None

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        if record.kind == _APPEND and record.dir == "sent":
            self._blocks += 1
        elif record.kind in self.kinds:
            self._take(record, settings)
        began_s = self._began_s
        if began_s is None or record.t_s < began_s + LONG_ENOUGH_S + PAUSE_S:
            return None
        self._began_s = None
        if self._blocks < LONG_ENOUGH_S * _BLOCKS_PER_S * _LEAST_SENT:
            return None
        return SettingFinding(f"session.{_NAME}.threshold", _SENTENCE, _CURE, record.t_s)

    def _take(self, record: Record, settings: SettingsInForce) -> None:
        event = record.event
        match record.kind:
            case Local.SPEECH if event.get("on") is True:
                self._speech_begins(record.t_s, settings)
            case Local.SPEECH:
                self._speech_ended(record.t_s)
            case Local.PLAYBACK_STARTED:
                self._playing.add(_part(event))
                self._began_s = None
            case Local.PLAYBACK_STOPPED:
                self._playing.discard(_part(event))
                self._played_s = record.t_s
            case "input_audio_buffer.speech_started":
                self._noticing, self._noticed_s, self._began_s = True, record.t_s, None
            case "input_audio_buffer.speech_stopped" | "input_audio_buffer.committed":
                self._noticing = False
            case _:
                self._noticing, self._began_s = False, None

    def _speech_begins(self, at_s: float, settings: SettingsInForce) -> None:
        lately_s = at_s - _EARLIER_S
        noticed = self._noticing or self._noticed_s >= lately_s
        echo = bool(self._playing) or self._played_s >= lately_s
        if not noticed and not echo and _detects(settings):
            self._began_s, self._blocks = at_s, 0

    def _speech_ended(self, at_s: float) -> None:
        """The end comes after the pause: speech that was long enough until then stays, and is
        decided by the next record."""
        if self._began_s is not None and at_s < self._began_s + LONG_ENOUGH_S:
            self._began_s = None


def _part(event: Mapping[str, object]) -> tuple[str, int]:
    return get_str(event, "item_id"), get_count(event, "content_index")


def _detects(settings: SettingsInForce) -> bool:
    """Whether the service detects turns, and no change of that is under way."""
    in_force = settings.in_force.get(_NAME)
    detects = isinstance(in_force, Mapping) and in_force.get("type") not in (None, "none")
    return detects and (_NAME not in settings.asked or is_accepted(settings, _NAME))
