"""The requests to the audio engine. `messages.py` has its answers."""

from dataclasses import dataclass
from typing import Literal

from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.model.formats import AudioFormat


@dataclass(frozen=True, slots=True)
class SetFormatsRequest:
    """Set the formats that the session sends (input) and receives (output) from now on."""

    input: AudioFormat
    output: AudioFormat


@dataclass(frozen=True, slots=True)
class PlayRequest:
    """Play audio of one content part, in the output format. Parts are heard in the order of their
    requests."""

    epoch: int
    item_id: str
    content_index: int
    audio: bytes


@dataclass(frozen=True, slots=True)
class EndRequest:
    """End a content part: no more of its audio will come."""

    epoch: int
    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class FlushRequest:
    """Silence the speaker now, and drop the audio of earlier epochs. The answer is `Flushed`."""

    epoch: int


@dataclass(frozen=True, slots=True)
class MuteRequest:
    """Send silence instead of the microphone, or the microphone again."""

    on: bool


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """Send `MicBlock`s, or not. Levels come either way, with the blocks or alone."""

    on: bool


@dataclass(frozen=True, slots=True)
class SpeakFileRequest:
    """Rewind the sound file in place of the microphone."""


@dataclass(frozen=True, slots=True)
class ListDevicesRequest:
    """Ask for `Devices`."""


Purpose = Literal["sound", "devices"]
"""What a peer joins for."""


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """The first request over a link; the answer is `Welcome`.

    token: the proof that the peer may have the sound; empty where a socket's permissions are proof
    enough. purpose: `sound` for a session's sound, which one peer has at a time; `devices` for the
    list of devices only. version: the version of this program at the peer.
    """

    token: str
    purpose: Purpose
    version: str


@dataclass(frozen=True, slots=True)
class PingRequest:
    """Ask for `Pong`. sent_s: the time at the peer, which the answer repeats."""

    sent_s: float


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
    | JoinRequest
    | PingRequest
)
