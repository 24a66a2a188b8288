"""The audio that a session requires, and the listener that hears from microphone and speaker."""

from dataclasses import dataclass
from typing import Protocol

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    InputEnded,
    MicBlock,
    MicSpeech,
    OpenRequest,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.model.events.record import FlushReason
from voicelive_tui.model.formats import AudioFormat


class AudioListener(Protocol):
    """A session as the router sees it: the receiver of everything that microphone and speaker
    report."""

    @property
    def hears_user(self) -> bool: ...
    def sound_attached(self, audible: bool) -> None: ...
    def speaker_changed(self, audible: bool) -> None: ...
    def link_changed(self) -> None: ...
    def microphone(self, block: MicBlock) -> None: ...
    def speech(self, message: MicSpeech) -> None: ...
    def playback_started(self, message: PlaybackStarted) -> None: ...
    def drained(self, message: Drained) -> None: ...
    def flushed(self, message: Flushed, reason: FlushReason) -> None: ...
    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None: ...
    def underrun(self, message: Underrun) -> None: ...
    def input_ended(self) -> None: ...


def report(
    listener: AudioListener, message: MicSpeech | PlaybackStarted | Drained | Underrun | InputEnded
) -> None:
    """Tell the session what its microphone, its speaker or its file reports."""
    match message:
        case MicSpeech():
            listener.speech(message)
        case PlaybackStarted():
            listener.playback_started(message)
        case Drained():
            listener.drained(message)
        case Underrun():
            listener.underrun(message)
        case InputEnded():
            listener.input_ended()


@dataclass(frozen=True, slots=True)
class AudioRequirements:
    """The ports and formats that a session requires. A format that is None means that this
    direction cannot be used."""

    listener: AudioListener
    request: OpenRequest
    input: AudioFormat | None
    output: AudioFormat | None
    spoken_file: bool
    """Whether the packaged file may replace a missing microphone."""
