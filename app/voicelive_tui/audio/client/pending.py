"""The parts that were sent to the audio process and not yet reported as ended, so that every part
gets an end even if the process dies.

The conversation counts how much of each part was received and passes the count with every piece of
audio.
"""

from collections.abc import Callable
from dataclasses import dataclass

from voicelive_tui.audio.ipc.messages import (
    AudioMessage,
    Drained,
    Flushed,
    PlaybackStarted,
    PlayedPart,
)

_Key = tuple[str, int]


@dataclass(slots=True)
class _Entry:
    received_ms: int = 0
    started_s: float | None = None


class PendingParts:
    """The pending parts by item and content index, in the order of their first audio."""

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entry] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def play(self, item_id: str, content_index: int, received_ms: int) -> None:
        """Note that audio of a part was sent. received_ms: how much of the part was received by
        then."""
        self._entry(item_id, content_index).received_ms = received_ms

    def end(self, item_id: str, content_index: int) -> None:
        """Note that the end of a part was sent, perhaps without any audio before it."""
        self._entry(item_id, content_index)

    def resolve(self, message: AudioMessage) -> None:
        """Handle a report of the audio process."""
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

    def close(
        self, now_s: float, at_most_ms: Callable[[str, int], int | None] = lambda *key: None
    ) -> tuple[PlayedPart, ...]:
        """End all pending parts, because the audio process is gone. How much of each was heard is
        estimated from the time at which it started. at_most_ms: the most of a part that can have
        been heard; None if that is all that was received."""
        parts = tuple(
            _estimate(key, entry, now_s, at_most_ms(*key)) for key, entry in self._entries.items()
        )
        self._entries.clear()
        return parts

    def _entry(self, item_id: str, content_index: int) -> _Entry:
        return self._entries.setdefault((item_id, content_index), _Entry())


def _estimate(key: _Key, entry: _Entry, now_s: float, at_most_ms: int | None) -> PlayedPart:
    heard_s = 0.0 if entry.started_s is None else max(0.0, now_s - entry.started_s)
    limit_ms = entry.received_ms if at_most_ms is None else min(at_most_ms, entry.received_ms)
    return PlayedPart(*key, min(int(heard_s * 1000), limit_ms), entry.received_ms)
