"""Converts positions in the audio that was sent into times of the session."""

from typing import Final

from voicelive_tui.model.events.audio_field import audio_bytes
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.formats import AudioFormat

_LONGEST_S: Final = 60.0
"""How far back a position may lie; farther back the audio was not sent without pauses."""


class AudioClock:
    """The audio that one connection was sent. format: that of the session's microphone."""

    def __init__(self) -> None:
        self.format = AudioFormat()
        self._sent_ms = 0.0
        self._last_s: float | None = None

    def sent(self, record: Record) -> None:
        """Count the audio of an `input_audio_buffer.append`."""
        self._sent_ms += self.format.duration_ms(audio_bytes(record.event))
        self._last_s = record.t_s

    def connection_ended(self) -> None:
        """Begin anew: each connection counts its own audio."""
        self._sent_ms, self._last_s = 0.0, None

    def time_of(self, position_ms: int | None, now_s: float) -> float:
        """Return the time at which the audio at this position was spoken; now_s where that is not
        known. The audio before the last block counts as sent without pauses."""
        if position_ms is None or self._last_s is None:
            return now_s
        ago_s = (self._sent_ms - position_ms) / 1000
        if not 0 <= ago_s <= _LONGEST_S:
            return now_s
        return max(0.0, min(now_s, self._last_s - ago_s))
