"""The router's listener for a replay without a session: it has a speaker and no microphone."""

from collections.abc import Callable

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    MicBlock,
    MicSpeech,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.model.events.record import FlushReason


class SpeakerListener:
    """An `AudioListener` that is only told of the speaker. changed: called with whether there is
    one, when the devices are open and when that changes."""

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed

    @property
    def hears_user(self) -> bool:
        """Whether the user speaks: there is no microphone."""
        return False

    def sound_attached(self, audible: bool) -> None:
        """Take the speaker."""
        self._changed(audible)

    def speaker_changed(self, audible: bool) -> None:
        """Note that there is a speaker, or none any more."""
        self._changed(audible)

    # What concerns a session's audio never comes: a replay is reported to the router itself.

    def link_changed(self) -> None: ...
    def microphone(self, block: MicBlock) -> None: ...
    def speech(self, message: MicSpeech) -> None: ...
    def playback_started(self, message: PlaybackStarted) -> None: ...
    def drained(self, message: Drained) -> None: ...
    def flushed(self, message: Flushed, reason: FlushReason) -> None: ...
    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None: ...
    def underrun(self, message: Underrun) -> None: ...
    def input_ended(self) -> None: ...
