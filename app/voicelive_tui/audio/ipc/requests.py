"""What the audio engine is asked over its socket; `messages.py` has what it answers."""

from dataclasses import dataclass

from voicelive_tui.audio.ipc.messages import AudioFormat, OpenRequest


@dataclass(frozen=True, slots=True)
class SetFormats:
    """What the session sends (input) and receives (output) from now on."""

    input: AudioFormat
    output: AudioFormat


@dataclass(frozen=True, slots=True)
class Play:
    """Sound of one content part, in the output format, in the order in which it is to be heard."""

    epoch: int
    item_id: str
    content_index: int
    audio: bytes


@dataclass(frozen=True, slots=True)
class End:
    """This part has no more sound to come."""

    epoch: int
    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Silence now; what belongs to an earlier epoch is thrown away. The answer is `Flushed`."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Mute:
    """Send silence instead of the microphone, or the microphone again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Listen:
    """Send `MicBlock`s, or not. Levels come either way."""

    on: bool


@dataclass(frozen=True, slots=True)
class SpeakFile:
    """Rewind the sound file that stands for the microphone."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Ask for `Devices`."""


AudioRequest = OpenRequest | SetFormats | Play | End | Flush | Mute | Listen | SpeakFile | ListDevices
