"""Audio that was heard before and is played again, through the speaker that a session has."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from voicelive_tui.audio.client.client import AudioClient
from voicelive_tui.audio.ipc.messages import Drained, Flushed, PlaybackStarted, Underrun
from voicelive_tui.model.formats import AudioFormat

_ITEM: Final = "console.replay:"
"""The beginning of the ids under which the audio process knows replays; no service has such ids."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class ReplayedPart:
    """Audio in one format."""

    audio: bytes
    audio_format: AudioFormat


@dataclass(slots=True)
class Replay:
    """Parts that are played one after the other. `done` is set when all were heard, or when the
    replay was stopped."""

    parts: Sequence[ReplayedPart]
    done: asyncio.Event = field(default_factory=asyncio.Event)
    item_id: str = field(default_factory=lambda: f"{_ITEM}{next(_numbers)}")

    def play(self, client: AudioClient, mic: AudioFormat, assistant: AudioFormat) -> None:
        """Queue all of it. mic, assistant: the formats that the devices had, and have again
        behind it."""
        for number, part in enumerate(self.parts):
            client.set_formats(mic, part.audio_format)
            received_ms = int(part.audio_format.duration_ms(len(part.audio)))
            client.play(self.item_id, number, part.audio, received_ms)
            client.end(self.item_id, number)
        client.set_formats(mic, assistant)

    def take(self, message: PlaybackStarted | Drained | Underrun) -> None:
        """Take what the speaker reports of this replay or of one before it."""
        match message:
            case Drained(part) if part.item_id == self.item_id:
                if part.content_index == len(self.parts) - 1:
                    self.done.set()

    def was_cut_by(self, message: Flushed) -> bool:
        """Return whether this flush silenced the replay."""
        return any(part.item_id == self.item_id for part in message.parts)


def of_replay(message: PlaybackStarted | Drained | Underrun) -> bool:
    """Return whether the speaker's message is about a replay, not about a session's answer."""
    return _is_replay(message.part.item_id if isinstance(message, Drained) else message.item_id)


def without_replays(message: Flushed) -> Flushed:
    """Return the message with the parts of sessions only."""
    return replace(
        message, parts=tuple(part for part in message.parts if not _is_replay(part.item_id))
    )


def _is_replay(item_id: str) -> bool:
    return item_id.startswith(_ITEM)
