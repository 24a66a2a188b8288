"""Measures, from the last seconds of microphone and speaker, why an answer was cut, and whether the
microphone hears the speaker. Worker threads call it, never a port's callback."""

import time

from voicelive_tui.audio.dsp.echo import ANALYSED_HZ, MOST_DELAY_MS, WINDOW_MS, find_echo
from voicelive_tui.audio.dsp.last_sound import last_sound, loudest_dbfs
from voicelive_tui.audio.host.sound_history import SoundHistory
from voicelive_tui.audio.ipc.messages import CutEvidence, EchoMatch, MicSound

MICROPHONE_S = 3.0
"""Seconds of the microphone's sound: they hold the room's noise between two words."""
SPEAKER_S = (WINDOW_MS + MOST_DELAY_MS) / 1000 + 0.3
_LOUDEST_OF_MS = 500
_LEAST_S = 0.1
_STALE_S = 0.3
"""A microphone that has brought nothing for so long is not in use."""
_DIGITAL_SILENCE_DBFS = -96.0


class Evidence:
    """Reads the histories of microphone and speaker."""

    def __init__(self, microphone: SoundHistory, speaker: SoundHistory) -> None:
        self._microphone, self._speaker = microphone, speaker

    def at_cut(self, at_s: float) -> CutEvidence | None:
        """Measure what was at the microphone when an answer was cut at `at_s`; None if the
        microphone was not in use."""
        mic, end_s = self._microphone.until(at_s)
        if mic.size < _LEAST_S * ANALYSED_HZ or end_s < at_s - _STALE_S:
            return None
        sound = last_sound(mic)
        return CutEvidence(
            max(_DIGITAL_SILENCE_DBFS, loudest_dbfs(mic, _LOUDEST_OF_MS)),
            None if sound is None else MicSound(*sound),
            None if sound is None else find_echo(mic, self._speaker.until(end_s)[0]),
        )

    def echo_now(self) -> EchoMatch | None:
        """Tell how much the microphone resembles what was played lately."""
        mic, end_s = self._microphone.until(time.perf_counter())
        return find_echo(mic, self._speaker.until(end_s)[0])
