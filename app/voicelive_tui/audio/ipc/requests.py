"""What the audio engine is asked over its socket; `messages.py` has what it answers."""

from dataclasses import dataclass

from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.model.formats import WireFormat


@dataclass(frozen=True, slots=True)
class SetFormatsRequest:
    """What the session sends (input) and receives (output) from now on."""

    input: WireFormat
    output: WireFormat


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """Sound of one content part, in the output format, in the order in which it is to be heard."""

    epoch: int
    item_id: str
    content_index: int
    audio: bytes


@dataclass(frozen=True, slots=True)
class EndRequest:
    """This part has no more sound to come."""

    epoch: int
    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class FlushRequest:
    """Silence now; what belongs to an earlier epoch is thrown away. The answer is `Flushed`."""

    epoch: int


@dataclass(frozen=True, slots=True)
class MuteRequest:
    """Send silence instead of the microphone, or the microphone again."""

    on: bool


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """Send `MicBlock`s, or not. Levels come either way."""

    on: bool


@dataclass(frozen=True, slots=True)
class SpeakFileRequest:
    """Rewind the sound file that stands for the microphone."""


@dataclass(frozen=True, slots=True)
class ListDevicesRequest:
    """Ask for `Devices`."""


AudioRequest = (
    OpenRequest
    | SetFormatsRequest
    | PlayRequest
    | EndRequest
    | FlushRequest
    | MuteRequest
    | ListenRequest
    | SpeakFileRequest
    | ListDevicesRequest
)
