"""Maps the ids of a recorded session to those of the live one.

Ids from the service are new in each session; ids from the client are the live client's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from voicelive_simulator.api.ids import Ids
from voicelive_simulator.replay.journal_line import Line

ID_FIELDS = frozenset(
    {
        "id", "event_id", "item_id", "previous_item_id", "response_id", "call_id", "session_id",
        "conversation_id", "turn_id", "approval_request_id",
    }
)  # fmt: skip
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_]*)[_-][A-Za-z0-9]+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')
_IN_A_TEXT = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]*[_-][A-Za-z0-9]+")


class IdMap:
    """The ids in one replayed session."""

    def __init__(self, service_ids: frozenset[str], ids: Ids) -> None:
        """`service_ids` are the ids that the recorded service made: see `find_service_ids`."""
        self._service_ids = service_ids
        self._ids = ids
        self._live: dict[str, str | None] = {}
        self._recorded: dict[str, str] = {}

    def live_id(self, recorded: str) -> str | None:
        """The live id for a recorded one; None for an id that the recorded client gave and the live
        one did not. Unknown ids stay unchanged."""
        if recorded not in self._live and recorded in self._service_ids:
            prefix = _NAME.fullmatch(recorded)
            self.map(recorded, self._ids.new(prefix[1] if prefix else "sess"))
        return self._live.get(recorded, recorded)

    def map(self, recorded: str, live: str | None) -> None:
        """Map `recorded` to `live`, the live client's id for the same object."""
        self._live[recorded] = live
        if live is not None:
            self._recorded[live] = recorded

    def add(self, recorded: str, prefix: str) -> None:
        """Map `recorded` to a new id of the service, because the live client gave none."""
        self.map(recorded, self._ids.new(prefix))

    def rewrite(self, text: str) -> str:
        """A recorded frame's text with the live ids; everything else keeps its spelling."""
        return _STRING.sub(self._rewrite_string, text)

    def _rewrite_string(self, found: re.Match[str]) -> str:
        inside = found[1]
        if found[2]:
            return found[0]  # a field name
        if inside in self._live or inside in self._service_ids:
            return json.dumps(self.live_id(inside))
        if "_" not in inside and "-" not in inside:
            return found[0]
        # A client's id may be any text, so it is escaped for JSON here too.
        return (
            '"'
            + _IN_A_TEXT.sub(
                lambda name: json.dumps(self.live_id(name[0]) or name[0])[1:-1], inside
            )
            + '"'
        )

    def to_recorded(self, value: Any) -> Any:
        """A live event with the recorded ids."""
        match value:
            case str():
                return self._recorded.get(value, value)
            case dict():
                return {key: self.to_recorded(each) for key, each in value.items()}
            case list():
                return [self.to_recorded(each) for each in value]
        return value

    def is_service_id(self, recorded: str) -> bool:
        return recorded in self._service_ids


def find_service_ids(frames: Iterable[Line]) -> frozenset[str]:
    """The ids in these frames that the service used first and that look like ids; the session's id
    always counts."""
    from_service: set[str] = set()
    from_client: set[str] = set()
    for line in frames:
        ids, other = (
            (from_service, from_client)
            if line.direction == "received"
            else (from_client, from_service)
        )
        for value in _ids(line.event):
            if value not in other and (_NAME.fullmatch(value) or line.direction == "sent"):
                ids.add(value)
        if (
            line.type == "session.created"
            and line.event
            and isinstance(line.event.get("session"), dict)
        ):
            session_id = line.event["session"].get("id")
            if isinstance(session_id, str) and session_id:
                from_service.add(session_id)
    return frozenset(from_service)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ID_FIELDS and isinstance(each, str) and each:
                yield each
            else:
                yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
