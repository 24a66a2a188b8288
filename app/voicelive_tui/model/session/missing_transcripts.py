"""Transcription was asked for, and no words of the user arrive."""

import math
from typing import Final

from voicelive_tui.model.events.gists.phrases import excerpt
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, asked_object

SPOKEN_TURNS: Final = 2
"""A single one may have been a cough."""
PATIENCE_S: Final = 10.0
"""Seconds after the last of these turns in which its words may still come."""
MARGIN_S: Final = 3.0
"""Seconds after a later event that shows that the service goes on."""
_LONGEST_NAME: Final = 60
_NAME: Final = "input_audio_transcription"
_COMMITTED: Final = "input_audio_buffer.committed"
_STARTED: Final = "input_audio_buffer.speech_started"
_DONE: Final = "response.done"
_ARRIVED: Final = frozenset(
    f"conversation.item.{_NAME}.{end}" for end in ("delta", "completed", "failed")
)
_CURE: Final = (
    "Choose a transcription model that goes with the model: azure-speech for text models and "
    "agents, whisper-1 or gpt-4o-transcribe for gpt-realtime."
)


class MissingTranscripts:
    """Counts spoken turns since transcription was asked for, until one event of a transcription
    comes, be it that it failed."""

    watches = (_NAME,)
    kinds = _ARRIVED | {_STARTED, _COMMITTED, _DONE, Local.SPEECH}

    def __init__(self) -> None:
        self._spoken = False
        """Whether anyone heard speech since the last turn was committed."""
        self._turns = 0
        self._last_s = 0.0
        """When the last of them was committed."""
        self._due_s = math.inf
        self._decided = False

    def reset(self) -> None:
        """Begin to count."""
        self._turns, self._due_s, self._decided = 0, math.inf, False

    @property
    def due_s(self) -> float:
        """From when on no words will come any more."""
        return self._due_s

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        if self._decided:
            return None
        if record.dir == "received" and record.kind in _ARRIVED:
            self._decided, self._due_s = True, math.inf
        elif record.t_s >= self._due_s:
            return self._find(record, settings)
        elif record.kind in (_STARTED, Local.SPEECH):
            self._spoken = True
        elif record.dir == "received" and record.kind in (_COMMITTED, _DONE):
            self._service_goes_on(record, settings)
        return None

    def _service_goes_on(self, record: Record, settings: SettingsInForce) -> None:
        if self._turns == SPOKEN_TURNS:
            self._due_s = min(self._due_s, max(self._last_s + PATIENCE_S, record.t_s + MARGIN_S))
        elif record.kind == _COMMITTED and self._spoken and asked_object(settings, _NAME):
            self._turns += 1
            self._last_s, self._spoken = record.t_s, False

    def _find(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        self._decided, self._due_s = True, math.inf
        asked = asked_object(settings, _NAME)
        if not asked:
            return None
        model = excerpt(asked.get("model"), _LONGEST_NAME)
        by = f" by {model}" if model else ""
        sentence = f"Transcription{by} was asked for, and after {SPOKEN_TURNS} turns no words came."
        return SettingFinding(f"session.{_NAME}.model", sentence, _CURE, record.t_s)
