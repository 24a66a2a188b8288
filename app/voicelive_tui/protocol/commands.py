"""The commands of the conversation: its decisions as values, which the engine carries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Send:
    """Send this client event; its `event_id` is set and unique in the session.

    audio: the bytes that the event holds as base64, for whoever needs the sound itself; None for an
    event without sound.
    """

    event: Mapping[str, Any]
    audio: bytes | None = None


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
    """No more audio comes for this content part: a short answer may start to play now."""

    item_id: str
    content_index: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Silence the speaker now. The answer comes back as `Conversation.flushed(...)`."""

    reason: Literal["barge_in", "user", "off_air"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the user: what happened and what to do."""

    level: Literal["info", "warning", "error"]
    text: str


Command = Send | Play | EndOfAudio | Flush | Notice
