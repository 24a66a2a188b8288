"""Finds the stream of each record: records of one stream share a row of the event list, whatever
came between them.

* Deltas are a stream when type, response, item, turn and content part are the same.
* The microphone's blocks are a stream from one `speech_started` or `commit` to the next.
* What names nothing that it belongs to, such as a missing record, is a stream until an event comes
  that is none of these.
* A fact of this machine that repeats itself, but for its numbers, is a stream until anything else
  happens. The user's marks are not: each has a time of its own.
"""

from collections.abc import Hashable, Mapping
from typing import Any, Final

from voicelive_tui.model.events.event_types import is_streaming
from voicelive_tui.model.events.record import Direction, Local

OPEN_STREAMS: Final = 4096
"""The streams that later records can join; the oldest is closed for a new one."""
_APPEND: Final = "input_audio_buffer.append"
_ENDS_APPENDS: Final = frozenset(
    {"input_audio_buffer.speech_started", "input_audio_buffer.commit", Local.CONNECTED}
)
_IDS: Final = ("response_id", "item_id", "turn_id", "call_id", "content_index", "output_index")


class OpenStreams:
    """The streams that the next record may belong to, each with its first record."""

    def __init__(self) -> None:
        self._named: dict[Hashable, int] = {}
        self._unnamed: dict[Hashable, int] = {}
        self._appends: int | None = None
        self._repeated: tuple[Hashable, int] = (None, -1)

    def first_of(
        self, n: int, direction: Direction, type_name: str, error: bool, event: Mapping[str, Any]
    ) -> int:
        """Return the number of the first record of record n's stream: n itself if the record begins
        one, or belongs to none."""
        if is_streaming(type_name):
            return self._streamed(n, (direction, type_name, error), event)
        self._unnamed.clear()
        if type_name in _ENDS_APPENDS:
            self._appends = None
        if type_name == Local.CONNECTED:
            self._named.clear()
        if direction != "local" or type_name == Local.MARK:
            self._repeated = (None, -1)
            return n
        key = (type_name, error, _words(event))
        if self._repeated[0] != key:
            self._repeated = (key, n)
        return self._repeated[1]

    def _streamed(self, n: int, kind: Hashable, event: Mapping[str, Any]) -> int:
        if kind == ("sent", _APPEND, False):
            if self._appends is None:
                self._appends = n
            return self._appends
        self._repeated = (None, -1)
        ids = tuple([_id(event.get(name)) for name in _IDS])
        if not any(ids[:4]):
            return self._unnamed.setdefault((kind, ids), n)
        key = (kind, ids)
        first = self._named.get(key)
        if first is None:
            if len(self._named) >= OPEN_STREAMS:
                del self._named[next(iter(self._named))]
            first = self._named[key] = n
        return first


def _id(value: object) -> str | int:
    return value if isinstance(value, str | int) else ""


def _words(event: Mapping[str, Any]) -> tuple[tuple[str, str | bool], ...]:
    """Return what two equal facts have in common: all of their fields but the numbers."""
    return tuple((name, value) for name, value in event.items() if isinstance(value, str | bool))
