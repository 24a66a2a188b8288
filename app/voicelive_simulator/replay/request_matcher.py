"""Matches live client events to recorded ones: by type, by the id that they name, else in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from voicelive_simulator.api.schema import JSON
from voicelive_simulator.replay.divergence import Difference, differences
from voicelive_simulator.replay.id_map import ID_FIELDS, IdMap
from voicelive_simulator.replay.journal_line import Line

# Requests about one item each: a request about another item is a different request, whatever its
# position.
_ITEM_REQUESTS = (
    "conversation.item.truncate",
    "conversation.item.delete",
    "conversation.item.retrieve",
    "response.cancel",
)
_SUBJECT_FIELDS = ("item_id", "response_id", "call_id", "approval_request_id", "id")


class RequestMatcher:
    """The recorded client events; each is matched at most once."""

    def __init__(self, client_events: Sequence[Line], ids: IdMap) -> None:
        self._client_events = client_events
        self._ids = ids
        self._open: dict[str, list[int]] = {}
        for number, line in enumerate(client_events):
            self._open.setdefault(line.type, []).append(number)

    def next_open(self) -> Line | None:
        """The first recorded event that was not matched yet."""
        first = min((numbers[0] for numbers in self._open.values() if numbers), default=None)
        return None if first is None else self._client_events[first]

    def give_up(self, number: int) -> None:
        """Stop waiting for a recorded event."""
        self._open[self._client_events[number].type].remove(number)

    def match(self, kind: str, live: JSON) -> int | None:
        """The number of the recorded event that matches this one; None when the recording has none,
        or none left."""
        number = self._find(kind, self._ids.to_recorded(live))
        if number is not None:
            self.give_up(number)
            self._map_ids(self._client_events[number].event or {}, live)
        return number

    def compare(self, number: int, live: JSON) -> list[Difference]:
        """The differences from the recorded event, sorted by path."""
        found = differences(self._client_events[number].event or {}, self._ids.to_recorded(live))
        return sorted(found, key=lambda difference: difference.path)

    def _find(self, kind: str, live: JSON) -> int | None:
        candidates = self._open.get(kind, [])
        ids = _subject_ids(live)
        for number in candidates:
            if ids and _subject_ids(self._client_events[number].event or {}) & ids:
                return number
        if kind in _ITEM_REQUESTS:
            candidates = [
                number
                for number in candidates
                if not (ids and _subject_ids(self._client_events[number].event or {}))
            ]
        same_kind = [
            number
            for number in candidates
            if _item_type(self._client_events[number].event or {}) == _item_type(live)
        ]
        return next(iter(same_kind or candidates), None)

    def _map_ids(self, recorded: JSON, live: JSON) -> None:
        """Map the ids that the recorded client gave to those of the live one."""
        for path, name in _client_ids(recorded):
            live_id = _value_at(live, path)
            if isinstance(live_id, str) and live_id:
                if not self._ids.is_service_id(name):
                    self._ids.map(name, live_id)
            elif path[-1] == "event_id":
                self._ids.map(name, None)


def _subject_ids(event: JSON) -> set[tuple[str, str]]:
    """The ids of objects that this event is about."""
    item = event.get("item")
    parts: Iterable[JSON] = (event, item) if isinstance(item, dict) else (event,)
    return {
        (name, value)
        for part in parts
        for name in _SUBJECT_FIELDS
        if isinstance(value := part.get(name), str) and value
    }


def _item_type(event: JSON) -> object:
    item = event.get("item")
    return item.get("type") if isinstance(item, dict) else None


def _client_ids(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ID_FIELDS and isinstance(each, str) and each:
                yield (*path, key), each
            else:
                yield from _client_ids(each, (*path, key))


def _value_at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
