"""What was handed to the audio process and not yet answered, so that its death leaves no part
without an end."""

from dataclasses import dataclass

from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    Drained,
    Flushed,
    PlaybackStarted,
    PlayedPart,
)
from voicelive_tui.model.formats import WireFormat

_Key = tuple[str, int]


@dataclass(slots=True)
class _Entry:
    received_s: float = 0.0
    started_s: float | None = None


def _seconds(audio: bytes, format_: WireFormat) -> float:
    return len(audio) / (2 if format_.codec == "pcm16" else 1) / format_.rate_hz


class PendingParts:
    """Parts in the order of their first sound."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, item_id: str, content_index: int, audio: bytes, format_: WireFormat) -> None:
        """This was handed over; the audio may be empty."""
        entry = self._entries.setdefault((item_id, content_index), _Entry())
        entry.received_s += _seconds(audio, format_)

    def resolve(self, message: AudioMessage) -> None:
        """The audio process reported something."""
        match message:
            case PlaybackStarted(item_id, content_index, at_s) if (
                item_id,
                content_index,
            ) in self._entries:
                self._entries[item_id, content_index].started_s = at_s
            case Drained(part):
                self._entries.pop((part.item_id, part.content_index), None)
            case Flushed(_, parts):
                for part in parts:
                    self._entries.pop((part.item_id, part.content_index), None)

    def close(self, now_s: float) -> tuple[PlayedPart, ...]:
        """The audio process is gone: an estimate, from when each part was first heard; nothing is
        pending afterwards."""
        parts = tuple(_estimate(key, entry, now_s) for key, entry in self._entries.items())
        self._entries.clear()
        return parts


def _estimate(key: _Key, entry: _Entry, now_s: float) -> PlayedPart:
    received_ms = int(entry.received_s * 1000)
    heard_s = 0.0 if entry.started_s is None else max(0.0, now_s - entry.started_s)
    return PlayedPart(*key, min(int(heard_s * 1000), received_ms), received_ms)
