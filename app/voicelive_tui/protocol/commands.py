"""The decisions of a conversation as values, which the engine carries out in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from voicelive_tui.model.events.record import FlushReason
from voicelive_tui.model.formats import AudioFormat
from voicelive_tui.model.notice import Notice


@dataclass(frozen=True, slots=True)
class Send:
    """Send this client event; its `event_id` is set and unique in the session."""

    event: Mapping[str, Any]


class Sender(Protocol):
    """Makes the command that sends a client event, with an event id of its own."""

    def __call__(self, kind: str, **fields: Any) -> Send: ...


@dataclass(frozen=True, slots=True)
class SendAudio:
    """Send this `input_audio_buffer.append`, unless the service reads too slowly: the oldest audio
    is dropped then.

    audio: the block that the event holds as base64. captured_at_s: when the microphone heard the
    block's last frame; None for silence in its place.
    """

    event: Mapping[str, Any]
    audio: bytes
    captured_at_s: float | None


@dataclass(frozen=True, slots=True)
class Play:
    """Play these bytes, whole samples in the session's output format, as part of this item.

    received_ms: how much of the content part the service has sent by now, these bytes included.
    """

    item_id: str
    content_index: int
    audio: bytes
    received_ms: int


@dataclass(frozen=True, slots=True)
class EndOfAudio:
    """Expect no more audio for this content part: a short answer may start to play now."""

    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Silence the speaker now. The speaker's answer, how much was heard, is passed to
    `Conversation.flushed(...)`."""

    reason: FlushReason


@dataclass(frozen=True, slots=True)
class SpeakFile:
    """Speak the file that stands for the microphone from its beginning."""


@dataclass(frozen=True, slots=True)
class ConvertSpeech:
    """Convert this recorded speech into another format. The result is passed to
    `Conversation.speech_converted(...)`."""

    audio: bytes
    audio_format: AudioFormat
    wanted: AudioFormat


@dataclass(frozen=True, slots=True)
class Renew:
    """Replace the connection by a new one that gets the conversation so far, because the service
    is about to end this one."""


@dataclass(frozen=True, slots=True)
class RecordCarryOver:
    """Journal `console.carried_over` with these fields, before the carried items are sent: the
    transcript shows the items once because of it."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FailSession:
    """End the session as failed: the service has refused it. problem: why, in one sentence."""

    problem: str


Command = (
    Send
    | SendAudio
    | Play
    | EndOfAudio
    | Flush
    | SpeakFile
    | ConvertSpeech
    | RecordCarryOver
    | Renew
    | FailSession
    | Notice
)
