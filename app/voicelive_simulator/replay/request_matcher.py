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
_ABOUT_ONE = (
    "conversation.item.truncate",
    "conversation.item.delete",
    "conversation.item.retrieve",
    "response.cancel",
)
_NAMING = ("item_id", "response_id", "call_id", "approval_request_id", "id")


class RequestMatcher:
    """The recorded client events; each is matched at most once."""

    def __init__(self, asked: Sequence[Line], ids: IdMap) -> None:
        self._asked = asked
        self._ids = ids
        self._open: dict[str, list[int]] = {}
        for number, line in enumerate(asked):
            self._open.setdefault(line.type, []).append(number)

    def next_open(self) -> Line | None:
        """The first recorded event that was not matched yet."""
        first = min((numbers[0] for numbers in self._open.values() if numbers), default=None)
        return None if first is None else self._asked[first]

    def give_up(self, number: int) -> None:
        """Stop waiting for a recorded event."""
        self._open[self._asked[number].type].remove(number)

    def match(self, kind: str, live: JSON) -> int | None:
        """The number of the recorded event that matches this one; None when the recording has none,
        or none left."""
        number = self._find(kind, self._ids.read(live))
        if number is not None:
            self.give_up(number)
            self._map_ids(self._asked[number].event or {}, live)
        return number

    def compare(self, number: int, live: JSON) -> list[Difference]:
        """The differences from the recorded event, sorted by path."""
        found = differences(self._asked[number].event or {}, self._ids.read(live))
        return sorted(found, key=lambda difference: difference.path)

    def _find(self, kind: str, live: JSON) -> int | None:
        candidates = self._open.get(kind, [])
        wanted = _named(live)
        for number in candidates:
            if wanted and _named(self._asked[number].event or {}) & wanted:
                return number
        if kind in _ABOUT_ONE:
            candidates = [
                number
                for number in candidates
                if not (wanted and _named(self._asked[number].event or {}))
            ]
        same_kind = [
            number
            for number in candidates
            if _item_type(self._asked[number].event or {}) == _item_type(live)
        ]
        return next(iter(same_kind or candidates), None)

    def _map_ids(self, recorded: JSON, live: JSON) -> None:
        """Map the ids that the recorded client gave to those of the live one."""
        for path, name in _client_ids(recorded):
            given = _at(live, path)
            if isinstance(given, str) and given:
                if not self._ids.is_served(name):
                    self._ids.map(name, given)
            elif path[-1] == "event_id":
                self._ids.map(name, None)


def _named(event: JSON) -> set[tuple[str, str]]:
    """The ids of objects that this event is about."""
    item = event.get("item")
    parts: Iterable[JSON] = (event, item) if isinstance(item, dict) else (event,)
    return {
        (name, value)
        for part in parts
        for name in _NAMING
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


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
