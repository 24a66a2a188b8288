"""What a session requires of the sound, and what it is told of the sound."""

from dataclasses import dataclass
from typing import Protocol

from voicelive_tui.audio.ipc.messages import (
    Drained,
    Flushed,
    MicBlock,
    OpenRequest,
    PlaybackStarted,
    PlayedPart,
    Underrun,
)
from voicelive_tui.model.events.record import FlushReason
from voicelive_tui.model.formats import WireFormat


class AudioListener(Protocol):
    """A session as the router sees it: what it is told of microphone and speaker."""

    def sound_attached(self, audible: bool) -> None: ...
    def speaker_changed(self, audible: bool) -> None: ...
    def microphone(self, block: MicBlock) -> None: ...
    def playback_started(self, message: PlaybackStarted) -> None: ...
    def drained(self, message: Drained) -> None: ...
    def flushed(self, message: Flushed, reason: FlushReason) -> None: ...
    def speaker_lost(self, parts: tuple[PlayedPart, ...], at_s: float) -> None: ...
    def underrun(self, message: Underrun) -> None: ...
    def input_ended(self) -> None: ...


@dataclass(frozen=True, slots=True)
class AudioRequirements:
    """What a session requires of the sound. A format that is None means that this direction cannot
    be used."""

    listener: AudioListener
    request: OpenRequest
    input: WireFormat | None
    output: WireFormat | None
    spoken_file: bool
    """The packaged file may stand in for a missing microphone."""
